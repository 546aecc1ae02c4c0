// The trace of a decision: every rule once, in order, and no other decision for it.
#include "policy/explain.hpp"

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

const boost::json::object& rule_named(const Trace& trace, std::string_view name) {
  for (const auto& rule : trace.rules()) {
    if (rule.at("rule").as_string() == name) return rule.as_object();
  }
  throw std::out_of_range(std::string(name));
}

TEST(Explain, every_rule_tells_what_it_read_where_it_stands_and_what_it_said) {
  auto policy = city();
  auto facts = base_case();
  facts.at = time("2026-01-09 10:00");
  std::chrono::nanoseconds now{0};
  Trace trace(policy, facts, [&] { return now += std::chrono::nanoseconds(7); });
  const auto decision = decide(policy, facts, {}, &trace);
  EXPECT_EQ(decision, decide(policy, facts)) << "a trace changes nothing";
  const auto& window = rule_named(trace, "window");
  EXPECT_EQ(window.at("key"), "window");
  EXPECT_EQ(window.at("file"), "policy.yaml");
  EXPECT_EQ(window.at("line"), 10);
  EXPECT_EQ(window.at("read").at("/at"), "2026-01-09T10:00:00+09:00");
  EXPECT_EQ(window.at("said"), (boost::json::array{"window.too_early"}));
  EXPECT_EQ(window.at("nanoseconds"), 7);
  EXPECT_EQ(rule_named(trace, "residence").at("said"), boost::json::array());
  std::vector<std::string> order;
  for (const auto& rule : trace.rules()) order.emplace_back(rule.at("rule").as_string());
  EXPECT_EQ(order.front(), "channel");
  EXPECT_EQ(std::set(order.begin(), order.end()).size(), order.size()) << "none twice";
}

TEST(Explain, without_a_clock_no_times_are_told) {
  const auto policy = city();
  const auto facts = base_case();
  Trace trace(policy, facts);
  const auto document = explained(trace, decide(policy, facts, {}, &trace));
  EXPECT_FALSE(document.at("trace").at(0).as_object().contains("nanoseconds"));
  EXPECT_EQ(document.at("decision").at("outcome"), "complete_today");
}

// Every fact that a rule names is one that facts have, spelt as facts spell it.
TEST(Explain, what_rules_say_that_they_read_is_there) {
  struct Pointers : Tracer {
    boost::json::value facts;
    std::set<std::string> all;
    void asked(const RuleAsked& rule) override {
      for (const auto pointer : rule.facts) {
        boost::system::error_code error;
        EXPECT_NE(facts.find_pointer(pointer, error), nullptr) << rule.rule << " " << pointer;
      }
      EXPECT_FALSE(rule.facts.empty()) << rule.rule;
    }
    void answered(const std::vector<std::string>&) override {}
  } pointers;
  const auto facts = base_case();
  pointers.facts = to_json(facts);
  decide(city(), facts, {}, &pointers);
}

}  // namespace
}  // namespace madoguchi::policy
