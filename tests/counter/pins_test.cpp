// cases.verify_pin and cases.reset_pin: what is sent to a card and what never is, and who holds the card
// meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::PinOutcome;
using renewal::State;
using simulated_card::CitizenKind;
using testing::Contains;
using testing::Not;

constexpr const char* wrong_pin = "9081";

Options of(CitizenKind kind) {
  Options options;
  options.citizen = kind;
  return options;
}

TEST(Hold, begins_with_the_first_pin_and_ends_with_the_case) {
  World world;
  const auto id = world.open()->id;
  EXPECT_FALSE(world.desk->held(reader_name)) << "opening only looks";
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  EXPECT_TRUE(world.desk->held(reader_name));
  EXPECT_EQ(code_of(world.run(world.desk->inspect(reader_name))), Code::reader_busy);
  EXPECT_EQ(code_of(world.run(world.desk->check_expiry(reader_name, {}))), Code::reader_busy);
  EXPECT_EQ(code_of(world.open()), Code::reader_busy) << "another case";
  const auto unread = world.open("")->id;
  EXPECT_EQ(code_of(world.run(world.desk->update({unread, {}, {}, reader_name, "clerk-7"}))),
            Code::reader_busy);
  world.verify_all(id);
  ASSERT_TRUE(world.issue(id));
  EXPECT_FALSE(world.desk->held(reader_name));
  EXPECT_TRUE(world.run(world.desk->inspect(reader_name)));
}

TEST(Hold, ends_when_nobody_has_used_it_for_a_while) {
  Options options;
  options.hold = std::chrono::milliseconds(40);
  World world(options);
  const auto id = world.ready();
  EXPECT_TRUE(world.desk->held(reader_name));
  world.until([&] { return !world.desk->held(reader_name); });
  EXPECT_NE(world.log.text.find("card.hold_ended"), std::string::npos);
  // The card has forgotten, and so has the desk: no key is made for which no request could be signed.
  const int changes = world.card->changes;
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::pin_required);
  EXPECT_TRUE(refused.error().details.contains("pin"));
  EXPECT_EQ(world.card->changes, changes);
}

TEST(Hold, does_not_end_while_a_call_uses_the_card) {
  Options options;
  options.hold = std::chrono::milliseconds(1);
  World world(options);
  const auto id = world.open()->id;
  // The last PIN and the issuing follow each other without a turn of the clock in between.
  auto both = [](World& w, std::string about) -> Later<renewal::Case> {
    for (const auto pin : {PinName::resident_register, PinName::signature, PinName::authentication}) {
      base::Result<PinReply> checked = co_await w.desk->verify_pin(w.pin_request(about, pin));
      if (!checked) co_return checked.error();
    }
    co_return co_await w.desk->issue(about, "clerk-7");
  };
  const auto done = world.run(both(world, id));
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST(Hold, belongs_to_one_case_however_two_begin) {
  World world;
  const auto one = world.open()->id;
  const auto two = world.open()->id;
  const auto first = world.start(world.desk->verify_pin(world.pin_request(one, PinName::authentication)));
  const auto second = world.start(world.desk->verify_pin(world.pin_request(two, PinName::authentication)));
  world.until([&] { return first->has_value() && second->has_value(); });
  EXPECT_TRUE(**first);
  EXPECT_EQ(code_of(**second), Code::reader_busy);
  EXPECT_EQ(world.pins_sent(), 1);
  EXPECT_TRUE(world.run(world.desk->cancel({one, "-", "clerk-7"})));
  EXPECT_TRUE(world.verify(two, PinName::authentication));
}

TEST(Hold, ends_with_the_card) {
  World world;
  const auto id = world.ready();
  world.pull();
  EXPECT_FALSE(world.desk->held(reader_name));
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication)), Code::card_absent);
  EXPECT_EQ(code_of(world.issue(id)), Code::card_absent);
  world.expect_renewed(world.finish(id));
}

TEST(Verify, tells_a_card_that_is_not_the_cases_and_sends_it_nothing) {
  World world;
  const auto id = world.open()->id;
  World other(of(CitizenKind::leap_day));
  ASSERT_NE(world.citizen.card_number, other.citizen.card_number);
  world.readers.insert(reader_name, other.card);
  world.desk->card_gone(reader_name);
  for (const auto pin : {PinName::signature, PinName::authentication, PinName::resident_register}) {
    EXPECT_EQ(code_of(world.verify(id, pin)), Code::card_different);
  }
  EXPECT_EQ(other.pins_sent(), 0);
  EXPECT_FALSE(world.desk->held(reader_name));
  // The right one comes back and everything goes on, also after a swap in the middle of the case.
  world.readers.insert(reader_name, world.card);
  world.verify_all(id);
  world.readers.insert(reader_name, other.card);
  EXPECT_EQ(code_of(world.issue(id)), Code::card_removed) << "the session is dead";
  EXPECT_EQ(code_of(world.issue(id)), Code::card_different);
  EXPECT_EQ(other.card->changes, 0);
  const auto moved = world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
  EXPECT_EQ(code_of(moved), Code::card_different);
  world.readers.insert(reader_name, world.card);
  world.expect_renewed(world.finish(id));
}

TEST(Verify, tries_no_pin_of_a_proxys_that_is_to_be_set_anew) {
  World world;
  world.let_reset(PinName::authentication);
  const auto id = world.open(reader_name, {{"visitor", json::object{{"role", "proxy"}}}})->id;
  const auto tried = world.verify(id, PinName::authentication, wrong_pin);
  ASSERT_EQ(code_of(tried), Code::conflict);
  EXPECT_EQ(tried.error().details.at("call"), "cases.reset_pin");
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468"))));
}

TEST(Verify, tries_none_of_a_representatives_either_whom_the_rules_take_as_a_proxy) {
  for (const bool as_proxy : {true, false}) {
    World world;
    world.let_reset(PinName::authentication);
    world.decide = [usual = world.decide, as_proxy](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const json::object said{{"code", "legal_representative.not_applicable"}};
      if (as_proxy) decided->decision["findings"] = json::array{said};
      return decided;
    };
    const json::object facts{{"visitor", json::object{{"role", "legal_representative"}}}};
    const auto id = world.open(reader_name, facts)->id;
    const auto tried = world.verify(id, PinName::authentication, wrong_pin);
    EXPECT_EQ(code_of(tried), as_proxy ? Code::conflict : Code::pin_wrong);
    EXPECT_EQ(world.pins_sent(), as_proxy ? 0 : 1);
  }
}

TEST(Verify, in_another_order_costs_the_rights_that_the_card_drops_and_says_so) {
  World world;
  const auto id = world.open()->id;
  ASSERT_TRUE(world.verify(id, PinName::signature));
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  const auto last = world.verify(id, PinName::resident_register);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->visit.state, State::ready) << "all of them have been right";
  // Selecting the resident register's application has dropped the rights of the JPKI application.
  const int changes = world.card->changes;
  const auto forgotten = world.issue(id);
  ASSERT_EQ(code_of(forgotten), Code::pin_required);
  EXPECT_EQ(forgotten.error().details.at("call"), "cases.verify_pin");
  EXPECT_EQ(world.card->changes, changes);
  ASSERT_TRUE(world.verify(id, PinName::signature));
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  const auto done = world.issue(id);
  ASSERT_TRUE(done);
  world.expect_renewed(*done);
}

TEST(Verify, reads_the_tries_right_before_the_pin_is_sent) {
  World world;
  const auto id = world.open()->id;
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  const auto& sent = world.card->executed;
  const auto& with_data = world.card->with_data;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i].ins != instruction::verify || !with_data[i]) continue;
    ASSERT_GT(i, 0u);
    EXPECT_EQ(sent[i - 1].ins, instruction::verify);
    EXPECT_EQ(sent[i - 1].p2, sent[i].p2);
    EXPECT_FALSE(with_data[i - 1]) << "an empty VERIFY asks and costs nothing";
  }
}

TEST(Verify, sends_nothing_when_the_tries_are_not_those_expected) {
  World world;
  const auto id = world.open()->id;
  const auto refused =
      world.verify(id, PinName::authentication, {}, {.expected_tries_left = 2, .accept_last_try = false});
  ASSERT_EQ(code_of(refused), Code::pin_tries_changed);
  EXPECT_EQ(refused.error().details.at("tries_left"), 3);
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_EQ(world.desk->load(id)->pins.contains(PinName::authentication), false);
  EXPECT_TRUE(
      world.verify(id, PinName::authentication, {}, {.expected_tries_left = 3, .accept_last_try = false}));
}

TEST(Verify, spends_the_last_try_only_with_consent) {
  World world(of(CitizenKind::one_try_left));
  const auto id = world.open()->id;
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication)), Code::pin_last_try);
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_EQ(world.tries_left(PinName::authentication), 1);
  const auto right =
      world.verify(id, PinName::authentication, {}, {.expected_tries_left = 1, .accept_last_try = true});
  ASSERT_TRUE(right);
  EXPECT_EQ(right->tries_left, 3);
  const auto wrong =
      world.verify(id, PinName::signature, "WRONG123", {.expected_tries_left = {}, .accept_last_try = true});
  EXPECT_EQ(code_of(wrong), Code::pin_locked);
  EXPECT_EQ(world.desk->load(id)->pins.at(PinName::signature).outcome, PinOutcome::locked);
  EXPECT_THAT(world.store.kinds(id), Contains("pin.locked"));
}

TEST(Verify, a_wrong_pin_is_sent_once_and_told_with_what_is_left) {
  World world;
  const auto id = world.open()->id;
  const auto wrong = world.verify(id, PinName::authentication, wrong_pin);
  ASSERT_EQ(code_of(wrong), Code::pin_wrong);
  EXPECT_EQ(wrong.error().details.at("tries_left"), 2);
  EXPECT_EQ(world.pins_sent(), 1);
  EXPECT_EQ(world.tries_left(PinName::authentication), 2);
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.pins.at(PinName::authentication).outcome, PinOutcome::mismatched);
  EXPECT_EQ(visit.facts.at("pins").at("authentication"), "mismatched") << "decided anew";
  EXPECT_EQ(visit.state, State::open);
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  EXPECT_EQ(world.desk->load(id)->pins.at(PinName::authentication).outcome, PinOutcome::matched);
}

TEST(Verify, a_malformed_pin_never_gets_near_the_card) {
  World world;
  const auto id = world.open()->id;
  const auto executed = world.card->executed.size();
  for (const auto* value : {"", "123", "12345", "abcd", "１２３４"}) {
    EXPECT_EQ(code_of(world.verify(id, PinName::authentication, value)), Code::pin_malformed) << value;
  }
  for (const auto* value : {"SHORT", "ONLYLETTERS", "123456", "TOOLONGTOBEAPASSWORD1"}) {
    EXPECT_EQ(code_of(world.verify(id, PinName::signature, value)), Code::pin_malformed) << value;
  }
  EXPECT_EQ(world.card->executed.size(), executed);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("pin.intent")));
}

TEST(Verify, nothing_is_sent_before_the_intent_is_durable) {
  World world;
  const auto id = world.open()->id;
  world.store.refused_at = world.store.commits + 1;
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication)), Code::storage_full);
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_TRUE(world.verify(id, PinName::authentication));
}

TEST(Verify, a_card_pulled_at_any_command_is_never_sent_the_pin_twice) {
  int commands = 0;
  {
    World world;
    const auto id = world.open()->id;
    world.card->disturb = [&](int number) {
      commands = number;
      return Act::answer;
    };
    ASSERT_TRUE(world.verify(id, PinName::authentication));
  }
  for (int at = 1; at <= commands; ++at) {
    for (const Act act : {Act::gone_before, Act::gone_after}) {
      SCOPED_TRACE(testing::Message() << "command " << at);
      World world;
      const auto id = world.open()->id;
      world.card->disturb = [&](int number) { return number == at ? act : Act::answer; };
      EXPECT_EQ(code_of(world.verify(id, PinName::authentication, wrong_pin)), Code::card_removed);
      EXPECT_LE(world.pins_sent(), 1);
      const bool counted = world.tries_left(PinName::authentication) == 2;
      EXPECT_EQ(counted, world.pins_sent() == 1);
      const auto kinds = world.store.kinds(id);
      if (std::find(kinds.begin(), kinds.end(), "pin.intent") != kinds.end()) {
        EXPECT_EQ(kinds.back(), "pin.unclear") << "whether the card has counted is not known";
        EXPECT_EQ(world.desk->load(id)->pins.at(PinName::authentication).outcome, PinOutcome::unverified);
      } else {
        EXPECT_FALSE(counted);
      }
      world.put_back();
      EXPECT_TRUE(world.verify(id, PinName::authentication));
    }
  }
}

TEST(Verify, leaves_no_pin_anywhere) {
  World world;
  const auto id = world.ready();
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication, wrong_pin)), Code::pin_wrong);
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  ASSERT_TRUE(world.issue(id));
  const auto everything = world.store.everything() + world.log.text;
  for (const auto pin : {PinName::signature, PinName::resident_register, PinName::authentication}) {
    const auto value = world.citizen.pins.at(*simulated_card::pin_kind_named(mynumber::name(pin)));
    // Four digits may be found in any number; with the quotes of a JSON text they are a value.
    const auto needle = value.size() > 4 ? value : "\"" + value + "\"";
    EXPECT_EQ(everything.find(needle), std::string::npos) << mynumber::name(pin);
  }
  EXPECT_EQ(everything.find(std::string("\"") + wrong_pin + "\""), std::string::npos);
}

TEST(Verify, the_signature_certificate_is_read_once_its_pin_opens_it) {
  World world;
  const auto id = world.open()->id;
  EXPECT_FALSE(world.desk->load(id)->facts.at("certificates").as_object().contains("signature"));
  ASSERT_TRUE(world.verify(id, PinName::signature));
  EXPECT_EQ(world.desk->load(id)->facts.at("certificates").at("signature").at("expires_on").as_string(),
            base::format_date(world.citizen.expires_on));
}

TEST(Reset, sets_a_new_pin_when_the_decision_asks_for_it_and_only_then) {
  World world(of(CitizenKind::blocked));
  const auto plain = world.open()->id;
  EXPECT_EQ(
      code_of(world.run(world.desk->reset_pin(world.pin_request(plain, PinName::authentication, "2468")))),
      Code::conflict);
  world.let_reset(PinName::authentication);
  const auto id = world.open()->id;
  EXPECT_EQ(code_of(world.run(world.desk->reset_pin(world.pin_request(id, PinName::signature, "NEWWORD1")))),
            Code::conflict);
  EXPECT_EQ(
      code_of(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "24680")))),
      Code::pin_malformed);
  const auto reset = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_TRUE(reset) << base::describe(reset.error());
  EXPECT_EQ(reset->tries_left, 3);
  EXPECT_EQ(reset->visit.pins.at(PinName::authentication).outcome, PinOutcome::reset);
  EXPECT_TRUE(world.verify(id, PinName::authentication, "2468"));
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication, wrong_pin)), Code::pin_wrong);
}

TEST(Reset, is_recorded_before_and_after) {
  World world(of(CitizenKind::blocked));
  world.let_reset(PinName::authentication);
  const auto id = world.open()->id;
  world.store.refused_at = world.store.commits + 1;
  const int changes = world.card->changes;
  EXPECT_EQ(code_of(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")))),
            Code::storage_full);
  EXPECT_EQ(world.card->changes, changes);
  ASSERT_TRUE(world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468"))));
  EXPECT_THAT(world.store.kinds(id), testing::ElementsAre("case.opened", "pin.reset_intent", "pin.reset"));
}

// The rules for a visit for PINs alone: those that were lost are to be set anew, and nothing is issued.
World& for_pins(World& world, std::vector<PinName> lost) {
  world.decide = [usual = world.decide, lost = std::move(lost)](const json::object& facts,
                                                                base::Instant received) {
    auto decided = usual(facts, received);
    json::array resets;
    const auto* pins = facts.if_contains("pins");
    for (const auto pin : lost) {
      const auto* told = pins == nullptr ? nullptr : pins->get_object().if_contains(mynumber::name(pin));
      if (told == nullptr || *told != "matched") resets.emplace_back(mynumber::name(pin));
    }
    decided->decision["certificates"] = json::object();
    decided->decision["pins_required"] = json::array();
    decided->decision["pin_resets"] = std::move(resets);
    return decided;
  };
  return world;
}

TEST(Reset, alone_is_ready_once_each_pin_is_set_anew_and_issuing_then_completes_it) {
  World world(of(CitizenKind::blocked));
  for_pins(world, {PinName::authentication, PinName::signature});
  const auto opened = world.open(reader_name, {{"purpose", "pin_reset"}});
  ASSERT_TRUE(opened);
  const auto id = opened->id;
  EXPECT_EQ(opened->state, State::open);
  const auto one = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_TRUE(one) << base::describe(one.error());
  EXPECT_EQ(one->visit.state, State::open);
  EXPECT_EQ(one->visit.decision.at("pin_resets"), json::array{"signature"}) << "what is left to be done";
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  const auto again = world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
  ASSERT_EQ(code_of(again), Code::conflict);
  EXPECT_EQ(again.error().details.at("already"), "reset");
  const auto two = world.run(world.desk->reset_pin(world.pin_request(id, PinName::signature, "NEWWORD1")));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->visit.state, State::ready);
  EXPECT_EQ(two->visit.decision.at("pin_resets"), json::array());
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(done->state, State::completed);
  EXPECT_EQ(world.store.kinds(id).back(), "case.completed");
  EXPECT_EQ(world.published.back().type, "case.completed");
  EXPECT_FALSE(world.desk->held(reader_name));
  EXPECT_EQ(world.issue(id)->state, State::completed) << "called again";
  EXPECT_EQ(world.line->posts, 0);
}

TEST(Reset, alone_that_nothing_was_set_anew_in_is_not_complete) {
  World world;
  for_pins(world, {});
  const auto opened = world.open(reader_name, {{"purpose", "pin_reset"}});
  EXPECT_EQ(opened->state, State::open);
  EXPECT_EQ(code_of(world.issue(opened->id)), Code::conflict);
}

TEST(Expiry, case_is_complete_without_anything_to_issue) {
  World world;
  for_pins(world, {});
  const auto opened = world.open(reader_name, {{"purpose", "expiry_check"}});
  EXPECT_EQ(opened->state, State::ready);
  const auto done = world.issue(opened->id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(done->state, State::completed);
  EXPECT_EQ(world.pins_sent(), 0);
}

// With one slot a case that waits for PINs needs a person, since its card has no working key.
TEST(Verify, of_all_that_a_card_has_forgotten_leaves_nobody_to_be_called) {
  Options options;
  options.layout = simulated_card::Layout::single;
  World world(options);
  const auto id = world.ready();
  world.card->instead = [](const smartcard::Command::Header& header) -> std::optional<base::Bytes> {
    if (header.ins != instruction::sign) return std::nullopt;
    return base::Bytes{0x6F, 0x00};
  };
  EXPECT_FALSE(world.issue(id));
  world.card->instead = nullptr;
  world.pull();
  world.put_back();
  const auto forgotten = world.issue(id);
  ASSERT_EQ(code_of(forgotten), Code::pin_required);
  EXPECT_EQ(forgotten.error().details.at("call"), "cases.verify_pin");
  EXPECT_EQ(world.desk->load(id)->state, State::attention);
  ASSERT_EQ(world.desk->load(id)->attention->code, Code::pin_required);
  ASSERT_TRUE(world.verify(id, PinName::signature));
  EXPECT_EQ(world.desk->load(id)->state, State::attention) << "one is still asked for";
  const auto last = world.verify(id, PinName::authentication);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->visit.state, State::issuing);
  EXPECT_FALSE(last->visit.attention);
  world.expect_renewed(world.finish(id));
}

TEST(Reader, that_is_not_there_or_empty_is_named) {
  World world;
  EXPECT_EQ(code_of(world.open("no such reader")), Code::reader_gone);
  EXPECT_EQ(code_of(world.open(other_reader_name)), Code::card_absent);
  EXPECT_EQ(code_of(world.run(world.desk->inspect("no such reader"))), Code::reader_gone);
}

}  // namespace
}  // namespace madoguchi::counter::test
