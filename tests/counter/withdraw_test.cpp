// A hand-over to the official terminal holds for its day and its visitor: what the card shows to be as it was
// is decided anew.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "renewal/codec.hpp"
#include "taken.hpp"
#include "terminal_counter.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::Phase;
using renewal::PinOutcome;
using renewal::State;
using testing::HasSubstr;

constexpr std::chrono::hours a_day{24};

// A proxy without a form takes two visits.
class HandedOver : public testing::Test {
 protected:
  static constexpr auto authentication = TerminalCounter::authentication;
  static constexpr auto signature = TerminalCounter::signature;

  HandedOver() {
    counter.world.decide =
        [usual = counter.world.decide,
         ends = base::format_date(base::add_days(base::date_in_japan(counter.world.clock.now()), 1400))](
            const json::object& facts, base::Instant received) {
          auto decided = usual(facts, received);
          for (auto& [name, one] : decided->decision["certificates"].as_object())
            one.as_object()["new_expires_on"] = ends;
          const auto* visitor = facts.if_contains("visitor");
          if (visitor != nullptr && visitor->at("role") == "proxy" && !facts.contains("documents"))
            turn(decided->decision, "two_visits", "照会書が必要です。");
          return decided;
        };
    id = counter.handed_over();
  }
  static void turn(json::object& decision, const char* outcome, const char* why) {
    decision["outcome"] = outcome;
    decision["findings"] = json::array{json::object{{"code", "test.why"},
                                                    {"severity", "second_visit"},
                                                    {"source", "core"},
                                                    {"message", {{"ja", why}, {"en", why}}}}};
  }
  static json::object proxy() { return {{"visitor", json::object{{"role", "proxy"}}}}; }
  renewal::Case load() { return taken(counter.world.desk->load(id)); }
  base::Result<renewal::Case> update(json::object facts = {}, const char* reader = reader_name) {
    std::optional<std::string> named;
    if (*reader != 0) named = reader;
    return counter.world.run(counter.world.desk->update({id, {}, std::move(facts), named, "clerk-7"}));
  }
  base::Result<renewal::Case> told_without_the_card(json::object facts) {
    return update(std::move(facts), "");
  }
  void record_all() {
    for (const auto pin : {PinName::resident_register, PinName::authentication, PinName::signature})
      ASSERT_TRUE(counter.record(id, pin));
  }
  void do_the_first_there() {
    counter.work_there({authentication});
    ASSERT_TRUE(counter.world.verify(id, PinName::authentication));
    ASSERT_EQ(taken(counter.issue(id)).state, State::partly_completed);
  }
  static std::string ja_of(const base::Fault& fault) {
    return std::string(fault.details.at("ja").as_string());
  }

  TerminalCounter counter;
  std::string id;
};

TEST_F(HandedOver, on_another_day_is_decided_anew_with_the_pins_of_that_day) {
  counter.world.clock.advance(a_day);
  counter.world.options.action = "issue_new";
  ASSERT_EQ(code_of(counter.issue(id)), Code::conflict) << "nobody has told the holder";
  EXPECT_EQ(load().state, State::ready) << "the card has shown that nothing was done";
  const auto anew = taken(update({}, ""));
  EXPECT_EQ(anew.state, State::open);
  EXPECT_TRUE(anew.sagas.empty());
  EXPECT_TRUE(anew.pins.empty());
  EXPECT_EQ(anew.decision.at("certificates").at("authentication").at("action"), "issue_new");
  EXPECT_EQ(counter.count(id, "terminal.withdrawn"), 2U);
  record_all();
  const auto again = taken(counter.issue(id));
  EXPECT_EQ(again.sagas.at(0).action, renewal::Action::issue_new);
  EXPECT_EQ(counter.count(id, "terminal.handed_over"), 4U);
  counter.work_there();
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

TEST_F(HandedOver, on_another_day_goes_there_again_only_after_the_pins_of_that_day) {
  counter.world.clock.advance(a_day);
  EXPECT_EQ(code_of(counter.issue(id)), Code::pin_required);
  EXPECT_EQ(counter.count(id, "terminal.withdrawn"), 2U) << "the card has shown that nothing was done";
  record_all();
  EXPECT_EQ(taken(counter.issue(id)).state, State::issuing);
  EXPECT_EQ(counter.count(id, "terminal.withdrawn"), 2U);
  EXPECT_EQ(counter.count(id, "terminal.handed_over"), 4U);
  EXPECT_FALSE(counter.world.desk->held(reader_name));
}

TEST_F(HandedOver, what_the_terminal_did_on_the_day_before_counts) {
  counter.work_there();
  counter.world.clock.advance(a_day);
  const auto told = update(proxy());
  ASSERT_EQ(code_of(told), Code::conflict);
  EXPECT_EQ(told.error().details.at("call"), "cases.issue");
  EXPECT_THAT(ja_of(told.error()), HasSubstr("書き換えが始まっている"));
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
  EXPECT_EQ(counter.count(id, "terminal.withdrawn"), 0U);
}

TEST_F(HandedOver, takes_another_visitor_once_the_card_shows_that_nothing_was_done) {
  const auto told = told_without_the_card(proxy());
  ASSERT_EQ(code_of(told), Code::conflict);
  EXPECT_EQ(told.error().details.at("call"), "cases.update");
  EXPECT_EQ(told.error().details.at("needs"), "reader");
  EXPECT_THAT(ja_of(told.error()), testing::Not(HasSubstr("書き換えが始まっている")));
  const auto waiting = taken(update(proxy()));
  EXPECT_EQ(waiting.state, State::waiting);
  EXPECT_TRUE(waiting.sagas.empty());
}

TEST_F(HandedOver, is_left_there_where_nothing_is_told_otherwise) {
  EXPECT_EQ(taken(update()).state, State::issuing);
  EXPECT_EQ(counter.count(id, "terminal.withdrawn"), 0U);
}

TEST_F(HandedOver, leaves_the_rest_of_another_day_to_whoever_comes_then) {
  do_the_first_there();
  counter.world.clock.advance(a_day);
  const auto unread = counter.issue(id);
  ASSERT_EQ(code_of(unread), Code::pin_required);
  EXPECT_EQ(unread.error().details.at("pin"), "signature");
  // The PIN shows that the terminal has not issued it.
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  const auto told = taken(update(proxy()));
  EXPECT_EQ(told.state, State::partly_completed);
  EXPECT_EQ(told.decision.at("outcome"), "two_visits");
  EXPECT_EQ(told.sagas.at(1).phase, Phase::planned);
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_THAT(ja_of(refused.error()), HasSubstr("照会書が必要です。"));
  EXPECT_EQ(load().sagas.at(1).phase, Phase::planned);

  const auto holder = taken(update({{"visitor", json::object{{"role", "holder"}}}}));
  EXPECT_EQ(holder.decision.at("outcome"), "complete_today");
  EXPECT_EQ(code_of(counter.issue(id)), Code::pin_required);
  ASSERT_TRUE(counter.world.verify(id, PinName::resident_register));
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  EXPECT_EQ(taken(counter.issue(id)).sagas.at(1).phase, Phase::handed_over);
  EXPECT_FALSE(counter.world.desk->held(reader_name));
  counter.work_there({signature});
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

// The authentication certificate, which it was taken to end with, is new by then.
TEST_F(HandedOver, a_rest_that_nobody_has_read_is_decided_by_the_day_that_it_was_taken_to_end_on) {
  json::object asked;
  counter.world.decide = [&asked, usual = counter.world.decide](const json::object& facts,
                                                                base::Instant received) {
    asked = facts;
    return usual(facts, received);
  };
  do_the_first_there();
  counter.world.clock.advance(a_day);
  ASSERT_EQ(code_of(counter.issue(id)), Code::pin_required);
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  ASSERT_TRUE(update());
  ASSERT_EQ(asked.at("wanted"), json::array{"signature"});
  EXPECT_EQ(asked.at("certificates").at("signature").at("expires_on"),
            json::value(base::format_date(counter.world.citizen.expires_on)));
  EXPECT_EQ(asked.at("certificates").at("signature").at("state"), "valid");
}

// Whoever comes is told first what it takes, and tries no PIN for nothing.
TEST_F(HandedOver, a_rest_that_nobody_could_read_is_decided_for_who_comes_and_looked_at_before_it_goes_on) {
  do_the_first_there();
  counter.world.pull();
  counter.world.put_back();
  counter.world.clock.advance(a_day);
  const auto told = taken(update(proxy()));
  EXPECT_EQ(told.decision.at("outcome"), "two_visits");
  EXPECT_EQ(told.sagas.at(1).phase, Phase::handed_over);
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_THAT(ja_of(refused.error()), HasSubstr("照会書が必要です。"));
  const auto with_form = taken(update({{"documents", json::array{json::object{{"type", "reply_form"}}}}}));
  EXPECT_EQ(with_form.decision.at("outcome"), "complete_today");
  const auto unread = counter.issue(id);
  ASSERT_EQ(code_of(unread), Code::pin_required);
  EXPECT_THAT(ja_of(unread.error()), HasSubstr("まだ確かめていません"));
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  EXPECT_EQ(code_of(counter.issue(id)), Code::pin_required) << "of that day";
  ASSERT_TRUE(counter.world.verify(id, PinName::resident_register));
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  EXPECT_EQ(taken(counter.issue(id)).sagas.at(1).phase, Phase::handed_over);
}

TEST_F(HandedOver, papers_that_are_shown_on_another_day_decide_about_a_rest_that_nobody_could_read) {
  do_the_first_there();
  counter.world.clock.advance(a_day);
  ASSERT_EQ(taken(update(proxy())).decision.at("outcome"), "two_visits");
  const auto told =
      taken(told_without_the_card({{"documents", json::array{json::object{{"type", "reply_form"}}}}}));
  EXPECT_EQ(told.decision.at("outcome"), "complete_today") << "what was just told is not missing";
}

TEST_F(HandedOver, a_rest_that_was_renewed_elsewhere_goes_nowhere) {
  do_the_first_there();
  counter.world.clock.advance(a_day);
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  ASSERT_EQ(taken(update()).sagas.at(1).phase, Phase::planned);
  counter.world.desk->release_all();
  counter.work_there({signature});
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("renewed_elsewhere"), true);
  EXPECT_EQ(refused.error().details.at("call"), "cases.cancel");
  EXPECT_EQ(taken(counter.world.run(counter.world.desk->cancel({id, "renewed", "clerk-7", false}))).state,
            State::cancelled);
}

// A PIN that does not match takes a proxy two visits; the holder has it set anew with an identity document.
class PinAtTheTerminal : public HandedOver {
 protected:
  PinAtTheTerminal() {
    counter.world.decide = [usual = counter.world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      auto& decision = decided->decision;
      const auto* pins = facts.if_contains("pins");
      const auto* pin = pins == nullptr ? nullptr : pins->as_object().if_contains("signature");
      const auto* visitor = facts.if_contains("visitor");
      const bool proxy = visitor != nullptr && visitor->at("role") == "proxy";
      if (proxy && pin != nullptr && (*pin == "mismatched" || *pin == "locked"))
        turn(decision, "two_visits", "暗証番号が一致しません。");
      if (!proxy && pin != nullptr && *pin == "mismatched") say(decision, "pin.retry_possible");
      if (proxy || pin == nullptr || (*pin != "locked" && *pin != "forgotten")) return decided;
      if (facts.contains("documents")) {
        decision["pin_resets"] = json::array{"signature"};
        say(decision, "pin.reset_required");
      } else {
        turn(decision, "not_today", "本人確認書類が必要です。");
        decision["missing"] = json::array{"photo_identity"};
      }
      return decided;
    };
  }
  static void say(json::object& decision, const char* code) {
    decision["findings"] = json::array{json::object{
        {"code", code}, {"severity", "info"}, {"source", "core"}, {"message", {{"ja", code}, {"en", code}}}}};
  }
  static const json::object& licence() {
    static const json::object told{{"documents", json::array{json::object{{"type", "drivers_licence"}}}}};
    return told;
  }
  void open_for_a_proxy_with_a_form() {
    ASSERT_TRUE(counter.world.run(counter.world.desk->cancel({id, "another citizen", "clerk-7", false})));
    const auto papers = json::array{json::object{{"type", "reply_form"}}};
    id = taken(counter.world.open(reader_name, {{"visitor", {{"role", "proxy"}}}, {"documents", papers}})).id;
  }
  static json::value steps_of(const renewal::Case& visit) {
    return renewal::to_public(visit).at("terminal").at("steps");
  }
  static std::set<std::string> codes_of(const renewal::Case& visit) {
    std::set<std::string> codes;
    for (const auto& finding : visit.decision.at("findings").as_array())
      codes.emplace(finding.at("code").as_string());
    return codes;
  }
};

TEST_F(PinAtTheTerminal, of_a_proxy_that_does_not_match_makes_the_visit_the_first_of_two) {
  open_for_a_proxy_with_a_form();
  record_all();
  ASSERT_EQ(taken(counter.issue(id)).state, State::issuing);
  const auto told = taken(counter.record(id, PinName::signature, PinOutcome::mismatched));
  EXPECT_EQ(told.state, State::issuing);
  EXPECT_EQ(told.decision.at("outcome"), "two_visits");
  EXPECT_THAT(codes_of(told), testing::Contains("terminal.bring_back"));
  EXPECT_TRUE(steps_of(told).as_array().empty()) << "nothing is to be written there";
  EXPECT_EQ(counter.count(id, "case.redecided"), 1U);
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("call"), "cases.update");
  const auto waiting = taken(update());
  EXPECT_EQ(waiting.state, State::waiting);
  EXPECT_TRUE(waiting.sagas.empty());
  EXPECT_EQ(codes_of(waiting), std::set<std::string>{"test.why"});
}

TEST_F(PinAtTheTerminal, that_was_recorded_wrongly_goes_on_once_it_has_matched) {
  open_for_a_proxy_with_a_form();
  record_all();
  ASSERT_TRUE(counter.issue(id));
  ASSERT_TRUE(counter.record(id, PinName::signature, PinOutcome::mismatched));
  const auto told = taken(counter.record(id, PinName::signature));
  EXPECT_EQ(told.decision.at("outcome"), "complete_today");
  EXPECT_TRUE(codes_of(told).empty());
  EXPECT_FALSE(steps_of(told).as_array().empty());
}

TEST_F(PinAtTheTerminal, of_the_holder_that_is_locked_takes_an_identity_document) {
  const auto locked = taken(counter.record(id, PinName::signature, PinOutcome::locked));
  EXPECT_EQ(locked.decision.at("missing"), json::array{"photo_identity"});
  EXPECT_THAT(codes_of(locked), testing::Contains("terminal.bring_back"));
  const auto early = counter.record(id, PinName::signature, PinOutcome::reset);
  ASSERT_EQ(code_of(early), Code::conflict);
  EXPECT_THAT(ja_of(early.error()), HasSubstr("必要な書類がそろっていません"));
  const auto told = taken(told_without_the_card(licence()));
  EXPECT_EQ(told.decision.at("outcome"), "complete_today");
  EXPECT_EQ(told.decision.at("pin_resets"), json::array{"signature"});
  EXPECT_EQ(codes_of(told), std::set<std::string>{"pin.reset_required"});
  EXPECT_THAT(json::serialize(steps_of(told)), HasSubstr("set_pin"));
  const auto reset = taken(counter.record(id, PinName::signature, PinOutcome::reset));
  EXPECT_EQ(reset.decision.at("pin_resets"), json::array());
  EXPECT_TRUE(codes_of(reset).empty()) << "it is done";
  counter.work_there();
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

TEST_F(PinAtTheTerminal, of_the_holder_that_does_not_match_may_be_tried_again) {
  const auto wrong = taken(counter.record(id, PinName::signature, PinOutcome::mismatched));
  EXPECT_EQ(codes_of(wrong), std::set<std::string>{"pin.retry_possible"});
  EXPECT_FALSE(steps_of(wrong).as_array().empty());
  EXPECT_EQ(counter.count(id, "case.redecided"), 0U) << "nothing else is decided otherwise";
  EXPECT_TRUE(codes_of(taken(counter.record(id, PinName::signature))).empty());
}

TEST_F(PinAtTheTerminal, that_was_told_as_forgotten_is_set_anew_there_and_recorded_then) {
  ASSERT_TRUE(counter.world.run(counter.world.desk->cancel({id, "another citizen", "clerk-7", false})));
  auto facts = licence();
  facts["pins"] = json::object{{"signature", "forgotten"}};
  id = taken(counter.world.open(reader_name, facts)).id;
  for (const auto pin : {PinName::resident_register, PinName::authentication})
    ASSERT_TRUE(counter.record(id, pin));
  EXPECT_EQ(load().state, State::ready);
  const auto there = taken(counter.issue(id));
  EXPECT_EQ(there.state, State::issuing);
  EXPECT_THAT(json::serialize(steps_of(there)), HasSubstr("set_pin"));
  const auto reset = taken(counter.record(id, PinName::signature, PinOutcome::reset));
  EXPECT_THAT(json::serialize(steps_of(reset)), testing::Not(HasSubstr("set_pin")));
  EXPECT_TRUE(codes_of(reset).empty());
  counter.work_there();
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

}  // namespace
}  // namespace madoguchi::counter::test
