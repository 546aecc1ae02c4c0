#include "extension/answers.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
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

// The plugin's name or leading words of it, '_' for '-': "proxy-two-visit" may speak as "proxy".
bool may_speak_as(std::string_view plugin, std::string_view first) {
  if (is_cores_word(first)) return false;
  std::string name(plugin);
  const auto whole = [&](std::string_view as_written) {
    return as_written.substr(0, first.size()) == first &&
           (as_written.size() == first.size() || plugin[first.size()] == '-');
  };
  if (!first.empty() && whole(name)) return true;
  std::replace(name.begin(), name.end(), '-', '_');
  return !first.empty() && whole(name);
}

DeclaredCode read_code(const json::object& object, std::string_view plugin) {
  only(object, {"code", "severity", "ja", "en"});
  DeclaredCode code;
  code.code = text(object, "code", longest_name);
  const auto dot = code.code.find('.');
  if (dot == std::string::npos || !may_speak_as(plugin, std::string_view(code.code).substr(0, dot))) {
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

policy::Finding read_finding(const json::object& object, std::string_view plugin,
                             const Description& description, const policy::PluginSection& section) {
  only(object, {"code", "rule", "params", "message"});
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
  finding.params = object_of(member(object, "params"), "params");
  finding.message = words(object_of(member(object, "message"), "message"));
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
    if (pair == nullptr || pair->size() != 2) throw Wrong(std::string(key) + ": not a pair of times");
    const policy::Interval interval{read_clock((*pair)[0]), read_clock((*pair)[1])};
    if (interval.from >= interval.to)
      throw Wrong(std::string(key) + ": an interval that ends before it begins");
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
                                                      const policy::PluginSection& section) {
  return read_document(document, "decide", [&](const json::object& object) {
    only(object, {"findings", "missing", "pins_required", "pin_resets"});
    policy::Contribution said;
    said.source = plugin;
    for (const auto& item : list(object, "findings", most_findings)) {
      said.findings.push_back(read_finding(object_of(item, "findings"), plugin, description, section));
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
