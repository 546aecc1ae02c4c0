// A decision as JSON, there and back.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

TEST(DecisionJson, has_the_contracts_names) {
  auto facts = base_case();
  facts.at = time("2026-01-09 10:00");
  const auto object = to_json(decide(city(), facts));
  EXPECT_EQ(object, json::parse(R"({
    "outcome": "not_today",
    "certificates": {"signature": {"action": "none"}, "authentication": {"action": "none"}},
    "pins_required": [], "pin_resets": [], "missing": [], "opens_on": "2026-01-11", "fee_yen": 0,
    "findings": [{"code": "window.too_early", "severity": "block", "source": "core",
      "rule": {"key": "window.months", "file": "policy.yaml", "line": 11, "column": 3},
      "params": {"opens_on": "2026-01-11"},
      "message": {"ja": "更新の受付は2026年1月11日からです。2026年1月11日以降に窓口へお越しください。",
                  "en": "Renewal is received from 11 January 2026; come back on or after 11 January 2026."}}],
    "policy": {"municipality": "example", "version": "1",
               "digest": "0000000000000000000000000000000000000000000000000000000000000000"}})")
                        .as_object());
}

TEST(DecisionJson, comes_back_as_it_was) {
  auto facts = visited_by(Role::proxy);
  facts.card.presented = false;
  facts.documents.clear();
  const std::vector more{Contribution{{}, {}, time("2026-02-13 08:30")}};
  for (const auto& decision :
       {decide(city(), base_case()), decide(city(), facts), decide(city(), facts, more), Decision{}}) {
    const auto text = json::serialize(to_json(decision));
    EXPECT_EQ(parse_decision(json::parse(text).as_object()).value(), decision) << text;
  }
}

TEST(DecisionJson, anything_else_is_not_taken_for_a_decision) {
  const auto good = to_json(decide(city(), base_case()));
  for (const auto& member : good) {
    auto bad = good;
    bad[member.key()] = nullptr;
    const auto read = parse_decision(bad);
    ASSERT_FALSE(read.has_value()) << member.key();
    EXPECT_EQ(read.error().code, base::Code::internal);
  }
  auto more = good;
  more["verdict"] = true;
  EXPECT_FALSE(parse_decision(more).has_value());
  EXPECT_FALSE(parse_decision({}).has_value());
}

}  // namespace
}  // namespace madoguchi::policy
