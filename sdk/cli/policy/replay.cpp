#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "policy/facts.hpp"
#include "settings/policy_test.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;

// One document a line, or one with all cases in it.
std::optional<json::array> read_cases(const Setting& setting, const std::string& file) {
  const auto text = read_file(file);
  if (!text) {
    setting.err << text.error().inner << "\n";
    return std::nullopt;
  }
  json::array cases;
  std::string_view rest = *text;
  for (int line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    const auto row = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    json::value value;
    if (base::parse_json(row, value) || !value.is_object()) {
      setting.err << file << ":" << line << ": expected one JSON object\n";
      return std::nullopt;
    }
    const auto* several = value.get_object().if_contains("cases");
    if (several != nullptr && several->is_array()) {
      for (auto& one : several->get_array()) cases.push_back(one);
    } else {
      cases.push_back(std::move(value));
    }
  }
  return cases;
}

// What a change of policy may change for people; texts and digests always differ.
json::object essence(const json::object& decision) {
  json::object kept;
  for (const std::string_view key : {"outcome", "certificates", "pins_required", "pin_resets", "missing",
                                     "opens_on", "next_opening", "fee_yen"}) {
    const auto* value = decision.if_contains(key);
    kept[key] = value == nullptr ? json::value(nullptr) : *value;
  }
  return kept;
}

class Replay {
 public:
  Replay(const Setting& setting, const settings::PolicyBook& book) : book_(book), rules_(setting, book) {}

  std::vector<std::string> run(const json::object& one) {
    const auto* facts = one.if_contains("facts");
    const auto* decision = one.if_contains("decision");
    if (facts == nullptr || !facts->is_object() || decision == nullptr || !decision->is_object()) {
      return {"no facts and decision in it"};
    }
    const auto* at = facts->get_object().if_contains("at");
    const auto time = at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string()))
                                                       : std::nullopt;
    if (!time) return {"its facts do not say when"};
    const auto version = book_.on(base::date_in_japan(*time));
    if (!version) return {version.error().inner};
    const auto& policy = *version;
    const auto parsed =
        policy::parse_facts(facts->get_object(), *time, *policy, policy::UnknownNames::in_full);
    if (!parsed) return {"facts: " + parsed.error().inner};
    auto& rules = rules_.of(*policy);
    if (!rules.complaints().empty())
      return {"the policy is not valid: " + to_text(rules.complaints().front())};
    const auto day = base::date_in_japan(parsed->at);
    const auto now = rules.decide(*parsed, nullptr, rules_.outlook(day, *policy, *policy));
    if (!now) return {"no decision: " + base::describe(now.error())};
    return settings::differences(essence(decision->get_object()), to_json(*now));
  }

 private:
  const settings::PolicyBook& book_;
  VersionRules rules_;
};

}  // namespace

int replay(const Setting& setting, const std::string& path, const std::string& file, Format format) {
  const auto opened = open_valid_policy(setting, path);
  const auto cases = opened ? read_cases(setting, file) : std::nullopt;
  if (!cases) return unreadable;
  Replay replaying(setting, *opened->book.value);
  json::array changed;
  int number = 0;
  for (const auto& value : *cases) {
    ++number;
    if (!value.is_object()) continue;
    const auto& one = value.get_object();
    const auto lines = replaying.run(one);
    if (lines.empty()) continue;
    const auto* id = one.if_contains("id");
    const auto name =
        id != nullptr && id->is_string() ? std::string(id->get_string()) : std::to_string(number);
    json::array list;
    for (const auto& line : lines) list.emplace_back(line);
    changed.push_back(json::object{{"case", name}, {"differences", std::move(list)}});
    if (format == Format::json) continue;
    setting.out << name << ":\n";
    for (const auto& line : lines) setting.out << "  " << line << "\n";
  }
  const auto count = changed.size();
  if (format == Format::json) {
    setting.out << json::serialize(json::object{{"cases", cases->size()}, {"changed", std::move(changed)}})
                << "\n";
  } else {
    setting.out << cases->size() << " cases, " << count << " would be decided otherwise\n";
  }
  return count == 0 ? good : not_so;
}

}  // namespace madoguchi::policy_tools
