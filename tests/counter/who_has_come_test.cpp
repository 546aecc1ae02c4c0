// Who stands at the counter when a case that has begun goes on: what is still made is decided for them,
// opened by their PINs, and asks them for no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_at_the_key.hpp"
#include "reset_with_documents.hpp"
#include "terminal_counter.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::Phase;
using renewal::State;
using simulated_card::Layout;
using smartcard::Command;

const json::object form{{"documents", json::array{json::object{{"type", "reply_form"}}}}};

json::object as_role(const char* role) {
  return {{"visitor", json::object{{"role", role}}}};
}

class WhoHasCome : public testing::TestWithParam<Layout> {
 protected:
  static Options both() {
    Options options;
    options.layout = GetParam();
    return options;
  }
  // Whoever brings no papers is turned away.
  static void demand_papers(World& world) {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* papers = facts.if_contains("documents");
      if (papers == nullptr || papers->as_array().empty()) decided->decision["outcome"] = "not_today";
      return decided;
    };
  }
  static base::Result<renewal::Case> told(World& world, const std::string& id, json::object facts,
                                          bool visitor_changed = false,
                                          std::optional<std::string> reader = {}) {
    UpdateRequest request{id, {}, std::move(facts), std::move(reader), "clerk-7"};
    request.visitor_changed = visitor_changed;
    return world.run(world.desk->update(std::move(request)));
  }
  static base::Result<renewal::Case> another(World& world, const std::string& id, json::object facts = {}) {
    return told(world, id, std::move(facts), true);
  }
  // As if it had been renewed elsewhere: the reader alters each look at the card before the first key.
  static void end_by_a_false_verdict(World& world, const std::string& id) {
    world.card->alter = [&](const Command::Header& header, base::Bytes& answer) {
      const bool second_chunk = header.ins == instruction::read && header.p1 == 1 && header.p2 == 0;
      if (second_chunk && world.store.kinds(id).back() == "authority.answered" && answer.size() > 4)
        answer[1] ^= 1;
    };
    ASSERT_EQ(code_of(world.issue(id)), Code::conflict);
    world.card->alter = nullptr;
    ASSERT_EQ(world.desk->load(id)->sagas.at(0).failure->remedy, renewal::Remedy::renewed_elsewhere);
  }
  static void lock(World& world, const std::string& id, PinName pin) {
    for (int i = 0; i < 3; ++i)
      static_cast<void>(world.verify(id, pin, "9081", {.expected_tries_left = {}, .accept_last_try = true}));
  }
};
INSTANTIATE_TEST_SUITE_P(Layouts, WhoHasCome, testing::Values(Layout::spare, Layout::single),
                         [](const auto& layout) { return std::string(name(layout.param)) + "_slot"; });

TEST_P(WhoHasCome, a_verdict_that_was_none_makes_no_key_for_who_is_turned_away) {
  for (const auto citizen :
       {simulated_card::CitizenKind::expiring_soon, simulated_card::CitizenKind::face_authentication}) {
    auto options = only_authentication(GetParam());
    options.citizen = citizen;
    World world(options);
    demand_papers(world);
    const auto id = world.open(reader_name, form)->id;
    if (citizen == simulated_card::CitizenKind::expiring_soon) world.verify_all(id);
    end_by_a_false_verdict(world, id);
    ASSERT_TRUE(another(world, id));
    if (citizen == simulated_card::CitizenKind::expiring_soon) world.verify_all(id);
    const int before = world.card->changes;
    const auto refused = world.issue(id);
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_EQ(refused.error().details.at("call"), "cases.update");
    EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "however often it is asked";
    EXPECT_EQ(world.card->changes, before) << "no key is made";
    EXPECT_TRUE(renewal::may_cancel(world.desk->load(id).value())) << "nothing was lost";
    const auto visit = world.desk->load(id).value();
    EXPECT_EQ(visit.sagas.at(0).phase, Phase::planned) << "the card was not renewed elsewhere";
    EXPECT_FALSE(visit.attention);
    ASSERT_TRUE(told(world, id, form));
    world.expect_renewed(world.finish(id));
  }
}

TEST_P(WhoHasCome, a_verdict_that_was_none_asks_for_its_pin_after_an_update) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  end_by_a_false_verdict(world, id);
  const auto updated = told(world, id, {{"office", "main"}});
  ASSERT_TRUE(updated) << base::describe(updated.error());
  EXPECT_THAT(updated->decision.at("pins_required").as_array(), testing::Contains("authentication"));
  world.restart();
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.expect_renewed(world.finish(id));
}

TEST_P(WhoHasCome, a_verdict_that_was_none_lets_its_locked_pin_be_set_anew) {
  World world(only_authentication(GetParam()));
  reset_with_documents(world, PinName::authentication);
  const auto id = world.ready();
  end_by_a_false_verdict(world, id);
  lock(world, id, PinName::authentication);
  ASSERT_TRUE(told(world, id, {{"documents", json::array{json::object{{"type", "drivers_licence"}}}}}));
  const auto set = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_TRUE(set) << base::describe(set.error());
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST_P(WhoHasCome, tells_how_they_are_related_while_a_key_may_still_be_asked_for) {
  World world(only_authentication(GetParam()));
  reset_with_documents(world, PinName::authentication);
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!facts.at("visitor").as_object().contains("relationship")) decided->decision["outcome"] = "not_today";
    return decided;
  };
  auto father = as_role("legal_representative");
  father["visitor"].as_object()["relationship"] = "parent";
  const auto id = world.open(reader_name, father)->id;
  world.verify_all(id);
  world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
  EXPECT_FALSE(world.issue(id));
  ASSERT_TRUE(another(world, id));
  lock(world, id, PinName::authentication);
  auto mother = father;
  mother["documents"] = json::array{json::object{{"type", "drivers_licence"}}};
  const auto said = told(world, id, mother);
  ASSERT_TRUE(said) << base::describe(said.error());
  const auto set = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_TRUE(set) << base::describe(set.error());
  world.expect_renewed(world.finish(id));
}

TEST_P(WhoHasCome, is_asked_for_the_pins_of_a_key_that_is_asked_for_later) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
  EXPECT_FALSE(world.issue(id));
  const auto second = another(world, id);
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_EQ(second->decision.at("pins_required"), (json::array{"resident_register", "authentication"}));
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  world.expect_renewed(world.finish(id), 1);
}

// What is told without the reader is judged as soon as the card was looked at.
TEST_P(WhoHasCome, makes_no_key_in_doubt_by_what_was_decided_before) {
  World world(only_authentication(GetParam()));
  demand_papers(world);
  const auto id = world.open(reader_name, form)->id;
  world.verify_all(id);
  end_at_the_key(world, id, false);
  ASSERT_TRUE(told(world, id, {{"documents", json::array()}}));
  world.verify_all(id);
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  world.restart();
  world.verify_all(id);
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "however often it is asked";
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  ASSERT_TRUE(told(world, id, form));
  world.expect_renewed(world.finish(id));
}

TEST_P(WhoHasCome, takes_nothing_from_a_pin_that_alone_was_to_be_set_anew) {
  World world(only_authentication(GetParam()));
  world.decide = [](const json::object& facts, base::Instant) {
    json::array resets;
    if (const auto* pins = facts.if_contains("pins");
        pins != nullptr && pins->as_object().contains("authentication"))
      resets.emplace_back("authentication");
    return base::Result<Decided>(Decided{facts,
                                         {{"outcome", "complete_today"},
                                          {"certificates", json::object()},
                                          {"pins_required", json::array()},
                                          {"pin_resets", resets},
                                          {"findings", json::array()},
                                          {"policy", json::object{{"digest", "00"}}}}});
  };
  const auto id = world
                      .open(reader_name, {{"purpose", "pin_reset"},
                                          {"pins", json::object{{"authentication", "forgotten"}}}})
                      ->id;
  const auto set = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_TRUE(set) << base::describe(set.error());
  const auto second = another(world, id);
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_EQ(second->state, State::ready);
  EXPECT_FALSE(world.desk->held(reader_name)) << "open by the first one's";
  EXPECT_EQ(world.issue(id)->state, State::completed);
}

// Rules that cannot be asked for the moment keep nobody from the certificate of a key that is made.
TEST_P(WhoHasCome, gets_what_has_begun_while_the_rules_are_ill) {
  World world(both());
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
  EXPECT_FALSE(world.issue(id));
  world.decide = [](const json::object&, base::Instant) {
    return base::Result<Decided>(base::make_fault(Code::plugin_failed, "ill"));
  };
  static_cast<void>(world.issue(id));
  EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::done);
}

TEST_P(WhoHasCome, gets_no_other_key_while_the_rules_are_ill) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_FALSE(world.issue(id));
  const auto well = world.decide;
  world.decide = [](const json::object&, base::Instant) {
    return base::Result<Decided>(base::make_fault(Code::plugin_failed, "ill"));
  };
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::plugin_failed);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.decide = well;
  world.expect_renewed(world.issue(id).value(), 1);
}

TEST_P(WhoHasCome, enters_every_pin_that_another_key_takes) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_FALSE(world.issue(id));
  ASSERT_TRUE(another(world, id));
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::pin_required);
  EXPECT_EQ(stopped.error().details.at("pin"), "resident_register");
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.verify_all(id);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done, 1);
}

TEST_P(WhoHasCome, has_what_is_to_be_set_anew_set_before_another_key_is_made) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_FALSE(world.issue(id));
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* pins = facts.if_contains("pins");
    const auto* state = pins == nullptr ? nullptr : pins->as_object().if_contains("resident_register");
    if (state != nullptr && *state == "forgotten")
      decided->decision["pin_resets"] = json::array{"resident_register"};
    return decided;
  };
  ASSERT_TRUE(told(world, id, {{"pins", json::object{{"resident_register", "forgotten"}}}}));
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
}

TEST_P(WhoHasCome, in_another_role_is_received_after_a_look_at_a_key_in_doubt) {
  World world(both());
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (facts.at("visitor").at("role") == "proxy") decided->decision["outcome"] = "not_today";
    return decided;
  };
  const auto id = world.open(reader_name, as_role("holder"))->id;
  world.verify_all(id);
  end_at_the_key(world, id, false);
  const auto refused = told(world, id, as_role("proxy"));
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("refused"), json::array{"/facts/visitor"});
  EXPECT_EQ(refused.error().details.at("needs"), "reader");
  ASSERT_TRUE(told(world, id, as_role("proxy"), false, reader_name));
  world.verify_all(id);
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
}

TEST_P(WhoHasCome, enters_the_pins_also_where_nothing_has_begun) {
  World world(only_authentication(GetParam()));
  const auto id = world.open(reader_name, form)->id;
  world.verify_all(id);
  ASSERT_TRUE(world.desk->held(reader_name));
  const auto second = another(world, id, form);
  ASSERT_TRUE(second) << base::describe(second.error());
  EXPECT_TRUE(second->pins.empty());
  EXPECT_EQ(second->state, State::open);
  EXPECT_FALSE(world.desk->held(reader_name)) << "open by the PINs of the first";
  world.verify_all(id);
  world.expect_renewed(world.issue(id).value());
}

TEST_P(WhoHasCome, on_another_day_enters_no_pin_twice) {
  World world(both());
  const auto id = world.ready();
  world.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  const auto updated = told(world, id, {{"office", "main"}});
  ASSERT_TRUE(updated) << base::describe(updated.error());
  EXPECT_TRUE(updated->pins.contains(PinName::authentication));
  EXPECT_FALSE(updated->pins.contains(PinName::signature)) << "of another day";
  EXPECT_TRUE(world.desk->held(reader_name)) << "open by the PIN of today";
}

TEST_P(WhoHasCome, is_told_of_the_channel_where_nobody_can_look) {
  World world(only_authentication(GetParam()));
  const auto id = world.ready();
  end_at_the_key(world, id, false);
  const TerminalCounter now(world);
  const auto refused = told(world, id, {}, true, reader_name);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("cannot"), "channel");
}

}  // namespace
}  // namespace madoguchi::counter::test
