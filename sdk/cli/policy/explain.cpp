#include <boost/json/serialize.hpp>
#include <chrono>

#include "policy/facts.hpp"
#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

// What every rule of core's read and said, and how long it took.
class Trace : public policy::Tracer {
 public:
  Trace(const policy::Policy& policy, const json::value& facts) : policy_(policy), facts_(facts) {}

  void asked(const policy::RuleAsked& rule) override {
    json::object read;
    for (const auto pointer : rule.facts) {
      boost::system::error_code error;
      if (const auto* value = facts_.find_pointer(pointer, error)) read[pointer] = *value;
    }
    const auto at = policy_.origin(rule.key);
    rules_.push_back(json::object{{"rule", rule.rule},
                                  {"key", rule.key},
                                  {"file", at.file},
                                  {"line", at.line},
                                  {"column", at.column},
                                  {"read", std::move(read)}});
    began_ = Clock::now();
  }

  void answered(const std::vector<std::string>& said) override {
    const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_);
    json::array codes;
    for (const auto& code : said) codes.emplace_back(code);
    auto& rule = rules_.back().get_object();
    rule["said"] = std::move(codes);
    rule["nanoseconds"] = took.count();
  }

  [[nodiscard]] const json::array& rules() const { return rules_; }

 private:
  const policy::Policy& policy_;
  const json::value& facts_;
  json::array rules_;
  Clock::time_point began_;
};

void print(const Setting& setting, const json::array& rules, const policy::Decision& decision) {
  for (const auto& value : rules) {
    const auto& rule = value.get_object();
    setting.out << std::string_view(rule.at("rule").get_string()) << "  "
                << std::string_view(rule.at("key").get_string()) << " ("
                << std::string_view(rule.at("file").get_string()) << ":" << rule.at("line").get_int64() << ":"
                << rule.at("column").get_int64() << ")\n    read " << json::serialize(rule.at("read"))
                << "\n    said " << json::serialize(rule.at("said")) << "\n";
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

}  // namespace

int explain(const Setting& setting, const std::string& path, const std::string& facts_text, Format format) {
  const auto opened = open_valid_policy(setting, path);
  const auto document = opened ? read_json(setting, facts_text) : std::nullopt;
  if (!document) return unreadable;
  if (!document->is_object()) {
    setting.err << "the facts must be an object\n";
    return unreadable;
  }
  const auto* at = document->get_object().if_contains("at");
  const auto time =
      at != nullptr && at->is_string() ? base::parse_time(std::string_view(at->get_string())) : std::nullopt;
  const auto policy = opened->book.value->on(base::date_in_japan(time.value_or(setting.now)));
  const auto facts = policy::parse_facts(document->get_object(), setting.now, *policy);
  if (!facts) {
    setting.err << facts.error().inner << "\n";
    return unreadable;
  }
  Rules rules(setting, *policy);
  say(setting.err, rules.complaints(), "error");
  if (!rules.complaints().empty()) return not_so;
  say(setting.err, rules.notices(), "notice");
  const json::value whole(to_json(*facts));
  Trace trace(*policy, whole);
  const auto decision = rules.decide(*facts, &trace);
  if (!decision) {
    setting.err << base::describe(decision.error()) << "\n";
    return not_so;
  }
  if (format == Format::json) {
    setting.out << json::serialize(json::object{{"trace", trace.rules()}, {"decision", to_json(*decision)}})
                << "\n";
  } else {
    print(setting, trace.rules(), *decision);
  }
  return good;
}

}  // namespace madoguchi::policy_tools
