#include "extension/answers.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>

#include "declared.hpp"
#include "documents.hpp"
#include "policy/plugin_key.hpp"
#include "reserved.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using namespace documents;

constexpr std::size_t most_findings = 64;
constexpr std::size_t most_codes = 256;
constexpr std::size_t most_remarks = 200;

DeclaredCode read_code(const json::object& object, std::string_view plugin) {
  only(object, {"code", "severity", "ja", "en"});
  DeclaredCode code;
  code.code = text(object, "code", longest_name);
  const auto first = std::string_view(code.code).substr(0, code.code.find('.'));
  if (is_cores_word(first) || !policy::may_say(plugin, code.code)) {
    throw Wrong("the code \"" + code.code +
                "\" is not the plugin's to say: it must begin with its name and a dot");
  }
  const auto severity = policy::named<policy::Severity>(text(object, "severity"));
  if (!severity) throw Wrong("an unknown severity");
  code.severity = *severity;
  code.text = words(object);
  return code;
}

std::vector<Remark> read_remarks(const json::object& object, std::string_view key) {
  std::vector<Remark> remarks;
  for (const auto& item : list(object, key, most_remarks)) {
    const auto& remark = object_of(item, key);
    only(remark, {"pointer", "message"});
    remarks.push_back({text(remark, "pointer"), text(remark, "message")});
  }
  return remarks;
}

// How people read the parameters, as far as the plugin says so.
std::map<std::string, policy::Text, std::less<>> read_shown(const json::object& object) {
  std::map<std::string, policy::Text, std::less<>> shown;
  const auto* given = object.if_contains("shown");
  if (given == nullptr) return shown;
  for (const auto& one : object_of(*given, "shown")) {
    const auto& both = object_of(one.value(), "shown");
    only(both, {"ja", "en"});
    shown.emplace(one.key(), policy::Text{text(both, "ja"), text(both, "en")});
  }
  return shown;
}

// The city's text with its parameters; nothing when the finding does not have one of them.
std::optional<std::string> filled(std::string_view text, const policy::Finding& finding,
                                  const std::map<std::string, policy::Text, std::less<>>& shown,
                                  std::string policy::Text::*language) {
  std::string result;
  while (true) {
    const auto open = text.find('{');
    result.append(text.substr(0, open));
    if (open == std::string_view::npos) return result;
    const auto close = text.find('}', open);
    const auto name = text.substr(open + 1, close - open - 1);
    const auto* value = finding.params.if_contains(name);
    if (const auto words = shown.find(name); words != shown.end()) {
      result.append(words->second.*language);
    } else if (value != nullptr && value->is_string()) {
      result.append(std::string_view(value->get_string()));
    } else if (value != nullptr && value->is_int64()) {
      result.append(std::to_string(value->get_int64()));
    } else {
      return std::nullopt;
    }
    text.remove_prefix(close + 1);
  }
}

void say_in_the_citys_words(policy::Finding& finding, const json::object& object, const CityTexts& texts) {
  const auto own = texts.find(finding.code);
  const auto shown = read_shown(object);
  if (own == texts.end()) return;
  auto ja = filled(own->second.ja, finding, shown, &policy::Text::ja);
  auto en = filled(own->second.en, finding, shown, &policy::Text::en);
  if (ja && en) finding.message = {std::move(*ja), std::move(*en)};
}

policy::Finding read_finding(const json::object& object, std::string_view plugin,
                             const Description& description, const policy::PluginSection& section,
                             const CityTexts& texts) {
  only(object, {"code", "rule", "params", "message", "shown"});
  policy::Finding finding;
  finding.code = text(object, "code", longest_name);
  const auto* declared = description.code(finding.code);
  if (declared == nullptr)
    throw Wrong("the code " + quoted(finding.code) + ", which its description does not name");
  finding.severity = declared->severity;
  finding.source = plugin;
  const auto pointer = text(object, "rule");
  if (!pointer.empty() && pointer.front() != '/') throw Wrong("rule: not a JSON pointer");
  finding.rule = {policy::plugin_key(plugin, pointer), section.origin(pointer)};
  json::value params = object_of(member(object, "params"), "params");
  make_visible(params);
  finding.params = std::move(params.get_object());
  finding.message = words(object_of(member(object, "message"), "message"));
  say_in_the_citys_words(finding, object, texts);
  return finding;
}

bool is_document_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::vector<policy::Pin> read_pins(const json::object& object, std::string_view key) {
  std::vector<policy::Pin> pins;
  for (const auto& item : list(object, key, 3)) {
    const auto pin = policy::named<policy::Pin>(text_of(item, key));
    if (!pin) throw Wrong(std::string(key) + ": an unknown PIN");
    pins.push_back(*pin);
  }
  return pins;
}

int read_clock(const json::value& value) {
  const auto text = text_of(value, "a time", 5);
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  const int minutes = text.size() == 5 && text[2] == ':'
                          ? (digit(0) * 10 + digit(1)) * 60 + std::min(digit(3) * 10 + digit(4), 10'000)
                          : 10'000;
  const bool whole = text.size() == 5 && digit(3) * 10 + digit(4) < 60;
  if (!whole || minutes > 24 * 60) throw Wrong("a time that is not HH:MM, 00:00 to 24:00");
  return minutes;
}

std::vector<policy::Interval> read_intervals(const json::object& object, std::string_view key) {
  std::vector<policy::Interval> intervals;
  for (const auto& item : list(object, key, 24)) {
    const auto* pair = item.if_array();
    const bool told = pair != nullptr && pair->size() == 3 && key == "opened";
    if (pair == nullptr || (pair->size() != 2 && !told))
      throw Wrong(std::string(key) + ": not a pair of times");
    policy::Interval interval{read_clock((*pair)[0]), read_clock((*pair)[1])};
    if (interval.from >= interval.to)
      throw Wrong(std::string(key) + ": an interval that ends before it begins");
    if (told) interval.last_at = read_clock((*pair)[2]);
    if (interval.last_at && (*interval.last_at < interval.from || *interval.last_at > interval.to))
      throw Wrong(std::string(key) + ": a last reception outside of its interval");
    intervals.push_back(interval);
  }
  return intervals;
}

}  // namespace

const DeclaredCode* Description::code(std::string_view name) const {
  const auto found =
      std::find_if(codes.begin(), codes.end(), [&](const DeclaredCode& c) { return c.code == name; });
  return found == codes.end() ? nullptr : &*found;
}

const DeclaredMethod* Description::method(std::string_view verb) const {
  const auto found =
      std::find_if(methods.begin(), methods.end(), [&](const DeclaredMethod& m) { return m.verb == verb; });
  return found == methods.end() ? nullptr : &*found;
}

base::Result<Description> parse_description(std::string_view document, std::string_view plugin) {
  return read_document(document, "describe", [&](const json::object& object) {
    only(object, {"section", "codes", "methods"});
    Description description;
    description.section_schema = object_of(member(object, "section"), "section");
    for (const auto& item : list(object, "codes", most_codes)) {
      auto code = read_code(object_of(item, "codes"), plugin);
      if (description.code(code.code) != nullptr) throw Wrong("the code \"" + code.code + "\" twice");
      description.codes.push_back(std::move(code));
    }
    description.methods = read_methods(object);
    return description;
  });
}

base::Result<CheckAnswer> parse_check(std::string_view document) {
  return read_document(document, "check", [&](const json::object& object) {
    only(object, {"complaints", "notices"});
    return CheckAnswer{read_remarks(object, "complaints"), read_remarks(object, "notices")};
  });
}

std::string check_answer(const CheckAnswer& answer) {
  const auto list = [](const std::vector<Remark>& remarks) {
    json::array all;
    for (const auto& remark : remarks)
      all.push_back(json::object{{"pointer", remark.pointer}, {"message", remark.message}});
    return all;
  };
  return json::serialize(
      json::object{{"complaints", list(answer.complaints)}, {"notices", list(answer.notices)}});
}

base::Result<policy::Contribution> parse_contribution(std::string_view document, std::string_view plugin,
                                                      const Description& description,
                                                      const policy::PluginSection& section,
                                                      const CityTexts& texts) {
  return read_document(document, "decide", [&](const json::object& object) {
    only(object, {"findings", "missing", "pins_required", "pin_resets"});
    policy::Contribution said;
    said.source = plugin;
    for (const auto& item : list(object, "findings", most_findings)) {
      said.findings.push_back(read_finding(object_of(item, "findings"), plugin, description, section, texts));
    }
    for (const auto& item : list(object, "missing", most_findings)) {
      said.missing.push_back(text_of(item, "missing", longest_name));
      if (!is_document_name(said.missing.back()))
        throw Wrong("missing: a name with more than a-z, 0-9 and '_'");
    }
    said.pins_required = read_pins(object, "pins_required");
    said.pin_resets = read_pins(object, "pin_resets");
    return said;
  });
}

base::Result<std::vector<policy::ScheduleChange>> parse_schedule(std::string_view document,
                                                                 std::string_view plugin,
                                                                 const Asked& asked) {
  constexpr std::size_t most_days = 1'000;
  return read_document(document, "schedule", [&](const json::object& object) {
    only(object, {"days"});
    std::vector<policy::ScheduleChange> changes;
    std::set<base::Date> seen;
    for (const auto& item : list(object, "days", most_days)) {
      const auto& day = object_of(item, "days");
      only(day, {"day", "opened", "closed"});
      const auto date = base::parse_date(text(day, "day"));
      if (!date || *date < asked.from || asked.to < *date) throw Wrong("a day that was not asked about");
      if (!seen.insert(*date).second) throw Wrong("a day twice");
      changes.push_back({.office = std::string(asked.office),
                         .day = *date,
                         .opened = read_intervals(day, "opened"),
                         .closed = read_intervals(day, "closed"),
                         .source = std::string(plugin)});
    }
    return changes;
  });
}

}  // namespace madoguchi::extension
