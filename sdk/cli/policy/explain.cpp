#include <boost/json/serialize.hpp>
#include <chrono>

#include "policy/explain.hpp"
#include "settings/policy_test.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;
std::chrono::nanoseconds even_time() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

// A plugin is given everything; printed once more a rule, that would bury what matters.
std::string read_by(const json::object& read) {
  return read.contains("") ? "all facts" : json::serialize(read);
}

void print(const Setting& setting, const json::array& rules, const policy::Decision& decision) {
  for (const auto& value : rules) {
    const auto& rule = value.get_object();
    const policy::Rule place{
        std::string(rule.at("key").get_string()),
        {std::string(rule.at("file").get_string()), static_cast<int>(rule.at("line").get_int64()),
         static_cast<int>(rule.at("column").get_int64())}};
    setting.out << std::string_view(rule.at("rule").get_string()) << "  " << place_of(place) << "\n    read "
                << read_by(rule.at("read").get_object()) << "\n    said " << json::serialize(rule.at("said"))
                << ", in " << rule.at("nanoseconds").get_int64() / 1000 << " µs\n";
  }
  setting.out << "\noutcome: " << to_text(decision.outcome) << "\n";
  for (const auto& finding : decision.findings) {
    setting.out << "[" << to_text(finding.severity) << "] " << finding.code << " (" << finding.source << ", "
                << place_of(finding.rule) << ")\n    " << text_of(setting, finding.message) << "\n";
  }
  auto whole = to_json(decision);
  whole.erase("findings");
  setting.out << json::serialize(whole) << "\n";
}

// Nothing after saying why.
std::optional<json::object> read_facts(const Setting& setting, const std::string& file_or_text) {
  if (file_or_text.ends_with(".yaml") || file_or_text.ends_with(".yml")) {
    const auto text = read_file(file_or_text);
    if (!text) {
      setting.err << text.error().inner << "\n";
      return std::nullopt;
    }
    auto loaded = settings::load_facts(*text, file_or_text);
    say(setting.err, loaded.complaints, "error");
    return std::move(loaded.value);
  }
  auto document = read_json(setting, file_or_text);
  if (!document) return std::nullopt;
  if (document->is_object()) return std::move(document->get_object());
  setting.err << "the facts must be an object\n";
  return std::nullopt;
}

}  // namespace

int explain(const Setting& setting, const std::string& path, const std::string& facts_text, Format format) {
  const auto opened = open_valid_policy(setting, path);
  const auto document = opened ? read_facts(setting, facts_text) : std::nullopt;
  if (!document) return unreadable;
  const auto* at = document->if_contains("at");
  const auto time =
      at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string())) : std::nullopt;
  const auto version = opened->book.value->on(base::date_in_japan(time.value_or(setting.now)));
  if (!version) {
    setting.err << version.error().inner << "\n";
    return not_so;
  }
  const auto& policy = *version;
  const auto facts = policy::parse_facts(*document, setting.now, *policy, policy::UnknownNames::in_full);
  if (!facts) {
    setting.err << facts.error().inner << "\n";
    return unreadable;
  }
  VersionRules versions(setting, *opened->book.value);
  auto& rules = versions.of(*policy);
  say(setting.err, rules.complaints(), "error");
  if (!rules.complaints().empty()) return not_so;
  say(setting.err, rules.notices(), "notice");
  policy::Trace trace(*policy, *facts, even_time);
  const auto decision =
      rules.decide(*facts, &trace, versions.outlook(base::date_in_japan(facts->at), *policy, *policy));
  if (!decision) {
    setting.err << base::describe(decision.error()) << "\n";
    return not_so;
  }
  if (format == Format::json) {
    setting.out << json::serialize(policy::explained(trace, *decision)) << "\n";
  } else {
    print(setting, trace.rules(), *decision);
  }
  return good;
}

}  // namespace madoguchi::policy_tools
