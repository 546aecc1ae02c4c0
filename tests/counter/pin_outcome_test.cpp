// What comes of a PIN that was sent: never lost, never claimed, and never the end of a case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "reset_with_documents.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::PinOutcome;
using renewal::State;
using simulated_card::CitizenKind;

constexpr const char* wrong_pin = "9081";
constexpr mynumber::VerifyGuards even_the_last{.expected_tries_left = {}, .accept_last_try = true};

Options of(CitizenKind kind) {
  Options options;
  options.citizen = kind;
  return options;
}

void break_the_rules(World& world) {
  world.decide = [](const json::object&, base::Instant) {
    return base::make_fault(Code::plugin_failed, "as ordered");
  };
}

TEST(Outcome, is_durable_whatever_the_rules_do_afterwards) {
  World world;
  const auto usual = world.decide;
  const auto id = world.open()->id;
  break_the_rules(world);
  const auto wrong = world.verify(id, PinName::authentication, wrong_pin);
  ASSERT_EQ(code_of(wrong), Code::pin_wrong) << "the clerk learns what is left";
  EXPECT_EQ(wrong.error().details.at("tries_left"), 2);
  EXPECT_EQ(world.store.kinds(id).back(), "pin.mismatched");
  EXPECT_EQ(world.desk->load(id)->pins.at(PinName::authentication).outcome, PinOutcome::mismatched);

  const auto right = world.verify(id, PinName::authentication);
  ASSERT_EQ(code_of(right), Code::plugin_failed);
  EXPECT_EQ(right.error().details.at("tries_left"), 3);
  EXPECT_EQ(world.store.kinds(id).back(), "pin.matched");
  EXPECT_EQ(world.desk->load(id)->pins.at(PinName::authentication).outcome, PinOutcome::matched);
  EXPECT_EQ(world.desk->load(id)->state, State::open);

  // Nothing has to be entered again once the rules are back.
  for (const auto pin : {PinName::resident_register, PinName::signature}) {
    EXPECT_EQ(code_of(world.verify(id, pin)), Code::plugin_failed);
  }
  world.decide = usual;
  const auto decided = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
  ASSERT_TRUE(decided) << base::describe(decided.error());
  EXPECT_EQ(decided->state, State::ready);
}

TEST(Outcome, that_cannot_be_written_down_is_told_all_the_same) {
  World world;
  const auto id = world.open()->id;
  const int intent = world.store.commits + 1;
  world.store.refused_at = intent + 1;
  const auto wrong = world.verify(id, PinName::authentication, wrong_pin);
  ASSERT_EQ(code_of(wrong), Code::pin_wrong);
  EXPECT_EQ(wrong.error().details.at("tries_left"), 2);
  EXPECT_NE(world.log.text.find("pin.outcome_lost"), std::string::npos);
  EXPECT_EQ(world.store.kinds(id).back(), "pin.intent") << "which says that one was sent";

  world.store.refused_at = world.store.commits + 2;
  const auto right = world.verify(id, PinName::authentication);
  ASSERT_EQ(code_of(right), Code::storage_full) << "nothing is said to be done that is not durable";
  EXPECT_EQ(right.error().details.at("tries_left"), 3);
  EXPECT_TRUE(world.verify(id, PinName::authentication));
}

TEST(Outcome, of_an_intent_that_came_to_nothing_is_told_apart_from_an_unknown_one) {
  World world(of(CitizenKind::one_try_left));
  const auto id = world.open()->id;
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication)), Code::pin_last_try);
  EXPECT_EQ(world.store.kinds(id).back(), "pin.not_sent");
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_FALSE(world.desk->load(id)->pins.contains(PinName::authentication));
}

TEST(Reset, claims_only_what_the_card_has_said) {
  int commands = 0;
  int sent_at = 0;
  {
    World world(of(CitizenKind::blocked));
    world.let_reset(PinName::authentication);
    const auto id = world.open()->id;
    world.card->disturb = [&](int number) {
      commands = number;
      if (sent_at == 0 && world.card->count(instruction::reset) > 0) sent_at = number - 1;
      return Act::answer;
    };
    ASSERT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468"))));
  }
  ASSERT_GT(sent_at, 0);
  for (int at = 1; at <= commands; ++at) {
    for (const Act act : {Act::gone_before, Act::gone_after}) {
      SCOPED_TRACE(testing::Message() << "command " << at << " of " << sent_at);
      World world(of(CitizenKind::blocked));
      world.let_reset(PinName::authentication);
      const auto id = world.open()->id;
      world.card->disturb = [&](int number) { return number == at ? act : Act::answer; };
      const auto reset =
          world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
      EXPECT_EQ(code_of(reset), Code::card_removed);
      const auto last = world.store.kinds(id).back();
      if (at >= sent_at) {
        EXPECT_EQ(last, "pin.reset_unclear");
      } else {
        EXPECT_THAT(last, testing::AnyOf("pin.reset_failed", "case.opened"));
        EXPECT_EQ(world.tries_left(PinName::authentication), 0);
      }
      world.put_back();
      EXPECT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468"))));
    }
  }
}

// A status word for the nth command with that instruction; the card sees the others only.
std::function<std::optional<base::Bytes>(const smartcard::Command::Header&)> refused_at(std::uint8_t ins,
                                                                                        int nth) {
  return [ins, nth, seen = 0](const auto& command) mutable -> std::optional<base::Bytes> {
    if (command.ins != ins || ++seen != nth) return std::nullopt;
    return base::Bytes{0x69, 0x85};
  };
}

TEST(Reset, that_one_of_two_places_refused_is_not_said_to_have_changed_nothing) {
  for (const int nth : {1, 2}) {
    World world(of(CitizenKind::blocked));
    world.let_reset(PinName::resident_register);
    const auto id = world.open()->id;
    world.card->instead = refused_at(instruction::reset, nth);
    EXPECT_FALSE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::resident_register, "2468"))));
    EXPECT_EQ(world.store.kinds(id).back(), nth == 1 ? "pin.reset_failed" : "pin.reset_unclear");
    world.card->instead = nullptr;
    EXPECT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::resident_register, "2468"))));
  }
}

TEST(Reset, whose_new_pin_is_not_taken_afterwards_is_not_said_to_have_changed_nothing) {
  World world(of(CitizenKind::blocked));
  world.let_reset(PinName::authentication);
  const auto id = world.open()->id;
  world.card->instead = [refuse = refused_at(instruction::verify, 1), &world](const auto& command) mutable {
    return world.card->count(instruction::reset) == 0 ? std::nullopt : refuse(command);
  };
  EXPECT_FALSE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468"))));
  EXPECT_EQ(world.store.kinds(id).back(), "pin.reset_unclear");
}

// A case whose certificate has been asked for when its holder mistypes the PIN until it is locked.
class LockedUnderWay : public testing::Test {
 protected:
  LockedUnderWay() : world(only_authentication()) {
    reset_with_documents(world, PinName::authentication);
    id = world.ready();
    // The card is away when it would sign the request.
    world.store.on_commit = [this](int) {
      if (world.store.kinds(id).back() == "key.made") world.pull();
    };
    EXPECT_EQ(code_of(world.issue(id)), Code::card_absent);
    world.store.on_commit = nullptr;
    world.put_back();
  }
  void lock() {
    for (int i = 0; i < 3; ++i)
      static_cast<void>(world.verify(id, PinName::authentication, wrong_pin, even_the_last));
    ASSERT_EQ(world.tries_left(PinName::authentication), 0);
  }
  base::Result<PinReply> reset() {
    return world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  }
  base::Result<renewal::Case> bring_documents() {
    const json::object facts{{"documents", json::array{json::object{{"type", "drivers_licence"}}}}};
    return world.run(world.desk->update({id, {}, facts, {}, "clerk-7"}));
  }

  World world;
  std::string id;
};

TEST_F(LockedUnderWay, is_reset_and_the_case_goes_on) {
  ASSERT_TRUE(bring_documents());
  EXPECT_EQ(code_of(reset()), Code::conflict) << "not while it can be entered";
  lock();
  const auto before = world.desk->load(id).value();
  const auto done = reset();
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(done->visit.state, before.state);
  EXPECT_EQ(done->visit.sagas.at(0).key, before.sagas.at(0).key);
  EXPECT_EQ(done->visit.decision, before.decision) << "what was decided stands";
  world.citizen.pins[simulated_card::PinKind::authentication] = "2468";
  world.expect_renewed(world.finish(id));
}

TEST_F(LockedUnderWay, takes_no_document_that_is_none) {
  const auto usual = world.decide;
  world.decide = [](const json::object&, base::Instant) {
    return base::make_fault(Code::invalid_params, {}, {{"pointer", "/documents/0/type"}});
  };
  EXPECT_EQ(code_of(bring_documents()), Code::invalid_params);
  world.decide = usual;
  EXPECT_FALSE(world.desk->load(id)->facts.contains("documents"));
}

TEST_F(LockedUnderWay, needs_whom_and_what_the_rules_ask_for) {
  lock();
  const auto refused = reset();
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("missing"), (json::array{"identity_document"}));
  EXPECT_EQ(world.tries_left(PinName::authentication), 0);
  const auto other = world.run(world.desk->update({id, {}, json::object{{"visit", 2}}, {}, "clerk-7"}));
  EXPECT_EQ(code_of(other), Code::conflict) << "other facts are settled";
  ASSERT_TRUE(bring_documents());
  ASSERT_TRUE(reset());
}

// Who shows no paper is not known to be the holder, however long ago somebody has shown one.
TEST_F(LockedUnderWay, is_reset_by_papers_of_the_same_day_only) {
  ASSERT_TRUE(bring_documents());
  lock();
  world.clock.advance(std::chrono::hours(24));
  for (int day = 2; day <= 3; ++day) {
    SCOPED_TRACE(testing::Message() << "day " << day);
    const auto refused = reset();
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_EQ(refused.error().details.at("missing"), (json::array{"identity_document"}));
    ASSERT_TRUE(bring_documents());
    world.restart();
    ASSERT_TRUE(reset());
    lock();
    EXPECT_TRUE(reset()) << "they still lie there";
    lock();
    world.clock.advance(std::chrono::hours(24));
  }
}

// The other certificate is done; what is left of the case is no other case's.
TEST(LockedHalfWay, on_another_day_is_reset_and_the_rest_is_done) {
  Options options;
  options.two_authorities = true;
  World world(options);
  // As decided on the first day: its last days stay.
  world.decide = [decided = world.decide({}, {})](const json::object& facts, base::Instant) {
    auto anew = *decided;
    anew.facts = facts;
    const auto* wanted = facts.if_contains("wanted");
    if (wanted != nullptr && *wanted == json::array{"signature"})
      anew.decision["certificates"].as_object().erase("authentication");
    return base::Result<Decided>(anew);
  };
  reset_with_documents(world, PinName::signature);
  const auto id = world.ready();
  const json::object papers{{"documents", json::array{json::object{{"type", "drivers_licence"}}}}};
  ASSERT_TRUE(world.run(world.desk->update({id, {}, papers, {}, "clerk-7"})));
  world.signature_line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.signature_line->down = false;
  ASSERT_EQ(world.desk->load(id)->state, State::partly_completed);
  for (int i = 0; i < 5; ++i)
    static_cast<void>(world.verify(id, PinName::signature, "WRONG123", even_the_last));
  ASSERT_EQ(world.desk->load(id)->pins.at(PinName::signature).outcome, PinOutcome::locked);
  world.restart();
  world.clock.advance(std::chrono::hours(24));

  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict) << base::describe(stopped.error());
  EXPECT_EQ(stopped.error().details.at("decision").at("missing"), json::array{"identity_document"});
  const auto reset = [&] {
    return world.run(world.desk->reset_pin(world.pin_request(id, PinName::signature, "ANEW456")));
  };
  EXPECT_EQ(code_of(reset()), Code::conflict) << "papers of today are missing";
  ASSERT_TRUE(world.run(world.desk->update({id, {}, papers, {}, "clerk-7"})));
  EXPECT_EQ(world.desk->load(id)->decision.at("pin_resets"), json::array{"signature"});
  const auto done = reset();
  ASSERT_TRUE(done) << base::describe(done.error());
  world.citizen.pins[simulated_card::PinKind::signature] = "ANEW456";
  EXPECT_EQ(world.finish(id).state, State::completed);
}

TEST(Outcome, of_a_pin_that_was_told_to_be_forgotten_since_is_not_ready_before_it_is_set_anew) {
  World world(only_authentication());
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* pins = facts.if_contains("pins");
    const auto* one = pins == nullptr ? nullptr : pins->as_object().if_contains("authentication");
    if (one != nullptr && *one == "forgotten")
      decided->decision["pin_resets"] = json::array{"authentication"};
    return decided;
  };
  const auto told = [&](const std::string& id) {
    return world.run(world.desk->update(
        {id, {}, json::object{{"pins", json::object{{"authentication", "forgotten"}}}}, {}, "clerk-7"}));
  };
  const auto id = world.ready();
  EXPECT_EQ(told(id)->state, State::open);
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  ASSERT_TRUE(world.verify(id, PinName::authentication)) << "it comes back to mind";
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  EXPECT_EQ(told(id)->state, State::open);
  ASSERT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "4711"))));
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  const auto done = world.issue(id);
  EXPECT_TRUE(done) << base::describe(done.error());
}

}  // namespace
}  // namespace madoguchi::counter::test
