// A decision as JSON.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

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
      "params": {"opens_on": "2026-01-11", "first_counter_day": "2026-01-12"},
      "message": {"ja": "更新の受付は2026年1月11日からです。2026年1月11日以降に窓口へお越しください。この窓口が最初に開くのは2026年1月12日(月)です。",
                  "en": "Renewal is received from 11 January 2026; come back on or after 11 January 2026; this counter is first open on Monday 12 January 2026."}}],
    "policy": {"municipality": "example", "version": "1",
               "digest": "0000000000000000000000000000000000000000000000000000000000000000"}})")
                        .as_object());
}

TEST(DecisionJson, previews_and_openings_are_written_when_there_are_any) {
  auto decision = decide_with(base_case(), {{"vendor", {}, {"family_register"}, {}, {}}});
  decision.next_opening = time("2026-02-13 08:30");
  const auto object = to_json(decision);
  EXPECT_EQ(object.at("certificates").at("signature"),
            json::parse(R"({"action": "renew", "new_expires_on": "2031-04-10"})"));
  EXPECT_EQ(object.at("next_opening"), "2026-02-13T08:30:00+09:00");
  EXPECT_EQ(object.at("pins_required"),
            json::parse(R"(["resident_register", "authentication", "signature"])"));
  EXPECT_EQ(object.at("missing"), json::parse(R"(["family_register"])"));
  EXPECT_FALSE(object.contains("opens_on"));
}

TEST(DecisionJson, reads_back_as_it_was_written) {
  auto early = base_case();
  early.at = time("2026-01-09 10:00");
  auto forgotten = base_case();
  set_pins(forgotten, PinState::forgotten);
  for (const auto& facts : {base_case(), early, forgotten}) {
    auto decision = decide_with(facts, {second_visit()});
    decision.next_opening = time("2026-02-13 08:30");
    const auto read = parse_decision(to_json(decision));
    ASSERT_TRUE(read.has_value()) << describe(read.error());
    EXPECT_EQ(*read, decision);
  }
}

TEST(DecisionJson, complains_by_pointer) {
  auto object = to_json(decide(city(), base_case()));
  object["certificates"].as_object()["signature"].as_object()["action"] = "mend";
  EXPECT_EQ(parse_decision(object).error().details.at("pointer"), "/certificates/signature/action");
  EXPECT_EQ(parse_decision({}).error().details.at("pointer"), "/outcome");
  auto more = to_json(decide(city(), base_case()));
  more["colour"] = "red";
  EXPECT_EQ(parse_decision(more).error().details.at("pointer"), "/colour");
}

}  // namespace
}  // namespace madoguchi::policy
