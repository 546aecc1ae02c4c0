// What is left to the clerk needs the clerk's reason, which is kept.
#include "permission.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;

json::object decision_with(std::initializer_list<std::pair<const char*, const char*>> findings) {
  json::array found;
  for (const auto& [code, severity] : findings)
    found.push_back(json::object{{"code", code}, {"severity", severity}});
  return {{"outcome", "complete_today"}, {"findings", std::move(found)}};
}

TEST(Permission, is_not_given_by_what_blocks_or_sends_elsewhere) {
  EXPECT_TRUE(not_forbidden({}));
  EXPECT_TRUE(not_forbidden(decision_with({{"a", "info"}, {"b", "override"}, {"c", "require"}})));
  for (const auto* severity : {"block", "redirect"}) {
    const auto decision = decision_with({{"a", "info"}, {"b", severity}});
    const auto refused = not_forbidden(decision);
    ASSERT_EQ(code_of(refused), Code::policy_blocked) << severity;
    EXPECT_EQ(refused.error().details.at("decision"), decision);
  }
}

TEST(Permission, needs_a_reason_where_it_is_left_to_the_clerk) {
  const auto late = decision_with({{"late", "override"}});
  const auto refused = reasoned(late, {}, "");
  ASSERT_EQ(code_of(refused), Code::policy_blocked);
  const auto details = refused.error().details;
  EXPECT_EQ(details.at("needs"), "override_reason");
  EXPECT_EQ(details.at("decision"), late);
  EXPECT_FALSE(details.at("ja").as_string().empty());
  EXPECT_FALSE(details.at("en").as_string().empty());
  EXPECT_TRUE(reasoned(late, {}, "came in time"));
  for (const auto* blank : {" ", "\t\n", "\u3000 "}) EXPECT_FALSE(reasoned(late, {}, blank));
  EXPECT_TRUE(reasoned(late, {}, "〠")) << "of the same bytes as a wide blank, in part";
  EXPECT_TRUE(reasoned(decision_with({{"late", "advise"}}), {}, ""));
}

TEST(Permission, asks_for_no_reason_twice) {
  const auto late = decision_with({{"late", "override"}});
  EXPECT_TRUE(reasoned(late, late, ""));
  EXPECT_FALSE(reasoned(decision_with({{"late", "override"}, {"other", "override"}}), late, ""));
  EXPECT_FALSE(reasoned(late, decision_with({{"late", "advise"}}), ""));
}

// Decides as usual, after the last reception once `late` is set.
class Override : public testing::Test {
 protected:
  Override() {
    world.decide = [this, usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      if (late) decided->decision["findings"] = late_findings();
      return decided;
    };
  }
  // Whatever else a day decides: neither outcome, certificates, PINs nor fee change.
  void decide_the_same_every_day() {
    world.decide = [this, decided = world.decide({}, {})](const json::object& facts, base::Instant) {
      auto anew = *decided;
      anew.facts = facts;
      if (late) anew.decision["findings"] = late_findings();
      return base::Result<Decided>(anew);
    };
  }
  static json::value late_findings() {
    return decision_with({{"office.after_last_reception", "override"}}).at("findings");
  }
  json::object note_of(const std::string& id, std::string_view kind) {
    json::object note;
    for (const auto& record : *world.store.journal(id)) {
      if (record.kind == kind) note = json::parse(record.body).as_object();
    }
    return note;
  }
  base::Result<renewal::Case> update(const std::string& id, std::string reason = {}) {
    UpdateRequest request{id, {}, json::object{{"visit", 1}}, {}, "clerk-7"};
    request.override_reason = std::move(reason);
    return world.run(world.desk->update(std::move(request)));
  }

  World world;
  bool late = true;
};

TEST_F(Override, no_case_is_opened_without_a_reason_and_the_reason_is_kept) {
  const auto refused = world.open();
  ASSERT_EQ(code_of(refused), Code::policy_blocked);
  EXPECT_TRUE(refused.error().details.contains("decision"));
  EXPECT_TRUE(world.store.list({})->records.empty());
  const auto opened = world.run(world.desk->open({{}, reader_name, "clerk-7", "was in the queue at five"}));
  ASSERT_TRUE(opened) << base::describe(opened.error());
  EXPECT_EQ(opened->decision.at("outcome"), "complete_today");
  EXPECT_EQ(note_of(opened->id, "case.opened").at("override_reason"), "was in the queue at five");
  EXPECT_TRUE(update(opened->id)) << "it has been given";
}

TEST_F(Override, a_case_that_becomes_late_needs_the_reason_then) {
  late = false;
  const auto opened = world.open();
  ASSERT_TRUE(opened);
  late = true;
  const auto revision = opened->revision;
  EXPECT_EQ(code_of(update(opened->id)), Code::policy_blocked);
  EXPECT_EQ(world.desk->load(opened->id)->revision, revision);
  ASSERT_TRUE(update(opened->id, "the machine was down"));
  EXPECT_EQ(note_of(opened->id, "case.updated").at("override_reason"), "the machine was down");
}

TEST_F(Override, what_another_day_leaves_to_the_clerk_is_not_done_without_a_reason) {
  late = false;
  world.options.wanted = {mynumber::CertificateName::authentication};
  decide_the_same_every_day();
  const auto id = world.ready();
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable) << "begun on paper";
  world.line->down = false;
  world.clock.advance(std::chrono::hours(24));
  late = true;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::policy_blocked);
  EXPECT_EQ(stopped.error().details.at("needs"), "override_reason");
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_EQ(stopped.error().details.at("case").get_string(), id);
  ASSERT_TRUE(update(id, "the authority was away"));
  world.verify_all(id);
  world.expect_renewed(world.finish(id));
}

TEST_F(Override, a_card_that_is_half_done_is_finished_on_another_day) {
  late = false;
  world.options.two_authorities = true;
  decide_the_same_every_day();
  const auto id = world.ready();
  world.signature_line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.signature_line->down = false;
  ASSERT_EQ(world.desk->load(id)->state, renewal::State::partly_completed);
  world.clock.advance(std::chrono::hours(24));
  late = true;
  EXPECT_EQ(world.finish(id).state, renewal::State::completed);
}

TEST_F(Override, what_a_pin_leaves_to_the_clerk_is_not_done_without_a_reason) {
  late = false;
  const auto id = world.open()->id;
  late = true;
  const auto plan = renewal::plan_of(world.desk->load(id)->decision);
  for (const auto pin : plan->pins_required) {
    const auto checked = world.verify(id, pin);
    ASSERT_EQ(code_of(checked), Code::policy_blocked);
    EXPECT_EQ(checked.error().details.at("call"), "cases.update");
    EXPECT_TRUE(checked.error().details.contains("tries_left")) << "what the card has said is told";
    EXPECT_EQ(world.desk->load(id)->pins.at(pin).outcome, renewal::PinOutcome::matched);
  }
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "not ready";
  EXPECT_EQ(code_of(update(id)), Code::policy_blocked);
  const auto reasoned = update(id, "the register says so");
  ASSERT_TRUE(reasoned) << base::describe(reasoned.error());
  EXPECT_EQ(reasoned->state, renewal::State::ready) << "no PIN has to be entered again";
}

}  // namespace
}  // namespace madoguchi::counter::test
