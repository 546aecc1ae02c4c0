#include "policy/explain.hpp"

namespace madoguchi::policy {

namespace json = boost::json;

Trace::Trace(const Policy& policy, const Facts& facts, Clock clock)
    : policy_(policy), facts_(to_json(facts)), clock_(std::move(clock)) {}

void Trace::asked(const RuleAsked& rule) {
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
  if (clock_) began_ = clock_();
}

void Trace::answered(const std::vector<std::string>& said) {
  auto& rule = rules_.back().get_object();
  if (clock_) rule["nanoseconds"] = (clock_() - began_).count();
  json::array codes;
  for (const auto& code : said) codes.emplace_back(code);
  rule["said"] = std::move(codes);
}

json::object explained(const Trace& trace, const Decision& decision) {
  return {{"trace", trace.rules()}, {"decision", to_json(decision)}};
}

}  // namespace madoguchi::policy
