// What a plugin says: findings in words, what is missing, PINs; and openings of an office.
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "madoguchi/calendar.hpp"
#include "madoguchi/json.hpp"
#include "madoguchi/visit.hpp"

namespace madoguchi::plugin {

// contract/decision.md says what each does to the outcome.
enum class Severity : std::uint8_t { block, redirect, require, second_visit, override_, advise, info };
inline constexpr std::array<std::string_view, 7> severity_names{
    "block", "redirect", "require", "second_visit", "override", "advise", "info"};

// One of the codes that a plugin may say. Its first part is the plugin's name, or leading words of it, with
// '_' for '-'. Texts say what to do next and name their parameters in braces.
struct Code {
  std::string_view code;
  Severity severity = Severity::info;
  std::string_view ja;
  std::string_view en;
};

// A parameter as programs read it (null: it is only part of the text), and as people do.
struct Param {
  std::string name;
  json::value value;
  std::string ja;
  std::string en;
};

inline Param param(std::string_view name, Date date) {
  return {std::string(name), json::string(format_date(date)), date_in_japanese(date), date_in_english(date)};
}
inline Param param(std::string_view name, std::int64_t number) {
  return {std::string(name), number, std::to_string(number), std::to_string(number)};
}

class Answer {
 public:
  explicit Answer(std::span<const Code> codes) : codes_(codes) {}

  // `rule` is the RFC 6901 pointer, in the plugin's section, of the value that made the rule speak. A code
  // that is not in the plugin's table, or a text's parameter that is not given, is a mistake of the plugin's:
  // std::logic_error.
  void say(std::string_view code, std::string_view rule, const std::vector<Param>& params = {}) {
    const auto& row = row_of(code);
    json::object values;
    json::object shown;
    for (const auto& p : params) {
      if (!p.value.is_null()) values[p.name] = p.value;
      shown[p.name] = json::object{{"ja", p.ja}, {"en", p.en}};
    }
    findings_.push_back(json::object{{"code", row.code},
                                     {"rule", rule},
                                     {"params", std::move(values)},
                                     {"shown", std::move(shown)},
                                     {"message", json::object{{"ja", filled(row.ja, params, &Param::ja)},
                                                              {"en", filled(row.en, params, &Param::en)}}}});
  }

  // What the visitor must still bring: the name of a document or of a kind of documents.
  void miss(std::string_view document) { missing_.insert(std::string(document)); }
  void require_pin(Pin pin) { pins_required_.insert(pin); }
  void reset_pin(Pin pin) { pin_resets_.insert(pin); }

  [[nodiscard]] json::object to_json() const {
    json::array missing;
    for (const auto& name : missing_) missing.emplace_back(name);
    return {{"findings", findings_},
            {"missing", std::move(missing)},
            {"pins_required", names_of(pins_required_)},
            {"pin_resets", names_of(pin_resets_)}};
  }

 private:
  [[nodiscard]] const Code& row_of(std::string_view code) const {
    for (const auto& row : codes_) {
      if (row.code == code) return row;
    }
    throw std::logic_error("a finding with a code that is not in the plugin's table: " + std::string(code));
  }

  static std::string filled(std::string_view text, const std::vector<Param>& params,
                            std::string Param::*language) {
    std::string result;
    while (true) {
      const auto open = text.find('{');
      result.append(text.substr(0, open));
      if (open == std::string_view::npos) return result;
      const auto close = text.find('}', open);
      const auto name = text.substr(open + 1, close - open - 1);
      const auto found =
          std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == name; });
      if (found == params.end()) {
        throw std::logic_error("a text's parameter that is not given: " + std::string(name));
      }
      result.append((*found).*language);
      text.remove_prefix(close + 1);
    }
  }

  static json::array names_of(const std::set<Pin>& pins) {
    json::array names;
    for (const auto pin : pins)
      names.emplace_back(json::string_view(pin_names[static_cast<std::size_t>(pin)]));
    return names;
  }

  std::span<const Code> codes_;
  json::array findings_;
  std::set<std::string> missing_;
  std::set<Pin> pins_required_;
  std::set<Pin> pin_resets_;
};

// A piece of one day: from `from` up to, but not including, `to`.
struct Interval {
  ClockTime from{};
  ClockTime to{};
  // Of what is opened: until when somebody is received, in place of what the office says; `to` is the end.
  std::optional<ClockTime> last_at{};
  bool operator==(const Interval&) const = default;
};
inline constexpr Interval whole_day{ClockTime(0), ClockTime(24 * 60)};

// What the hook `schedule` is asked: one office, both days included.
struct Period {
  std::string office;
  Date from{};
  Date to{};
  std::vector<Date> holidays{};  // national ones in that time, sorted
  std::vector<Date> year_end{};  // on which the office is closed over New Year, sorted
};

// What it answers about one day. Of all plugins' changes, what any opens is added to the weekly hours, then
// what any closes is taken away.
struct Change {
  Date day{};
  std::vector<Interval> opened;
  std::vector<Interval> closed;
};

}  // namespace madoguchi::plugin
