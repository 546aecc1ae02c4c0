// The official terminal's channel: the card is handed over, and what comes back has to prove itself.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "permission.hpp"
#include "renewal/codec.hpp"
#include "renewal/receipt.hpp"
#include "taken.hpp"
#include "terminal_counter.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using authority::terminal::Point;
using authority::terminal::Verdict;
using base::Code;
using mynumber::CertificateName;
using mynumber::PinName;
using renewal::PinOutcome;
using renewal::State;
using testing::Contains;
using testing::HasSubstr;

class Terminal : public testing::Test {
 protected:
  static constexpr auto authentication = TerminalCounter::authentication;
  static constexpr auto signature = TerminalCounter::signature;

  renewal::Case load(const std::string& id) { return taken(counter.world.desk->load(id)); }
  const authority::terminal::Proof& proof_of(const renewal::Case& visit, CertificateName which) {
    return visit.sagas.at(which == authentication ? 0 : 1).proof.value();
  }
  bool reader_is_held() { return counter.world.desk->held(reader_name); }
  base::Result<renewal::Case> cancel(const std::string& id, bool gone = false) {
    return counter.world.run(counter.world.desk->cancel({id, "the holder left", "clerk-7", gone}));
  }

  static std::string ja_of(const base::Fault& fault) {
    return std::string(fault.details.at("ja").as_string());
  }

  TerminalCounter counter;
};

TEST_F(Terminal, lets_go_of_the_reader_and_says_what_to_do) {
  const auto id = counter.ready();
  EXPECT_EQ(load(id).state, State::ready);
  EXPECT_EQ(counter.world.pins_sent(), 0) << "the official terminal has asked for them";
  const auto visit = taken(counter.issue(id));
  EXPECT_EQ(visit.state, State::issuing);
  EXPECT_FALSE(reader_is_held());
  EXPECT_EQ(counter.count(id, "issue.begun"), 1U);
  EXPECT_EQ(counter.count(id, "terminal.handed_over"), 2U);
  const auto shown = renewal::to_public(load(id));
  EXPECT_EQ(shown.at("channel"), "terminal");
  const auto steps = shown.at("terminal").at("steps").as_array();
  EXPECT_EQ(steps.front().at("step"), "take_card");
  EXPECT_EQ(steps.back().at("step"), "bring_back");
  EXPECT_EQ(counter.world.card->count(instruction::generate), 0);
  EXPECT_EQ(counter.world.card->count(instruction::update), 0);
}

TEST_F(Terminal, the_card_proves_what_was_done_there) {
  const auto id = counter.handed_over();
  const json::string serial(taken(mynumber::parse_certificate(counter.world.on_card(authentication))).serial);
  counter.work_there();
  const int sent = counter.world.pins_sent();
  const auto seen = taken(counter.issue(id));
  EXPECT_EQ(counter.world.pins_sent(), sent) << "nothing like a PIN goes to the card by itself";
  EXPECT_EQ(seen.state, State::issuing);
  EXPECT_EQ(proof_of(seen, authentication).findings.at(0).point, Point::unasked);
  EXPECT_EQ(proof_of(seen, signature).findings.at(0).point, Point::unread);
  EXPECT_TRUE(reader_is_held()) << "PINs that are entered now count";
  counter.verify_all(id);
  const auto done = taken(counter.issue(id));
  EXPECT_EQ(done.state, State::completed);
  EXPECT_FALSE(reader_is_held());
  for (const auto which : {authentication, signature}) {
    EXPECT_EQ(proof_of(done, which).verdict, Verdict::proved);
    EXPECT_EQ(done.sagas[which == authentication ? 0 : 1].new_certificate, counter.world.on_card(which));
  }
  EXPECT_EQ(counter.count(id, "terminal.proved"), 2U);
  EXPECT_EQ(counter.count(id, "case.completed"), 1U);
  const auto receipt = taken(renewal::receipt_of(load(id), counter.world.clock.now()));
  EXPECT_EQ(receipt.at("certificates").at(0).at("replaces").at("serial"), serial);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed) << "asked again";
}

TEST_F(Terminal, what_has_not_been_done_yet_is_waited_for) {
  const auto id = counter.handed_over();
  const auto seen = taken(counter.issue(id));
  EXPECT_EQ(seen.state, State::issuing);
  EXPECT_FALSE(seen.attention);
  EXPECT_EQ(proof_of(seen, authentication).verdict, Verdict::unchanged);
  EXPECT_FALSE(reader_is_held()) << "the terminal needs it";
  const auto shown = json::serialize(renewal::to_public(seen));
  EXPECT_THAT(shown, HasSubstr("手続き前のもの"));
  counter.work_there();
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

TEST_F(Terminal, one_of_two_is_a_state_of_its_own) {
  const auto id = counter.handed_over();
  counter.work_there({authentication});
  counter.verify_all(id);
  const auto half = taken(counter.issue(id));
  EXPECT_EQ(half.state, State::partly_completed);
  EXPECT_FALSE(half.attention);
  EXPECT_EQ(proof_of(half, signature).verdict, Verdict::unchanged);
  counter.work_there({signature});
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

TEST_F(Terminal, what_differs_needs_a_person_who_is_told_what) {
  const auto id = counter.handed_over();
  counter.work_there({authentication, signature}, -1);
  counter.verify_all(id);
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::authority_mismatch);
  const auto visit = load(id);
  EXPECT_EQ(visit.state, State::attention);
  const auto ends = taken(mynumber::parse_certificate(counter.world.on_card(authentication))).last_day;
  EXPECT_THAT(visit.attention->look_ja, HasSubstr(base::format_date(ends)));
  EXPECT_THAT(visit.attention->look_ja, HasSubstr(base::format_date(base::add_days(ends, 1))));
  EXPECT_THAT(visit.attention->look_en, HasSubstr("earlier than"));
  const auto slip = taken(renewal::incident_slip_of(visit, counter.world.clock.now()));
  EXPECT_EQ(slip.at("reason").at("code"), "authority.mismatch");
  EXPECT_EQ(counter.count(id, "terminal.differs"), 2U);

  const auto half = counter.issue(id, {{authentication}, "the terminal's own date"});
  EXPECT_EQ(code_of(half), Code::authority_mismatch) << "the other still differs";
  EXPECT_EQ(load(id).state, State::partly_completed);
  const auto done = taken(counter.issue(id, {{signature}, "the terminal's own date"}));
  EXPECT_EQ(done.state, State::completed);
  EXPECT_EQ(counter.count(id, "terminal.accepted"), 2U);
  EXPECT_THAT(counter.world.store.everything(), HasSubstr("the terminal's own date"));
}

TEST_F(Terminal, a_reader_that_is_kept_for_a_pin_is_not_said_to_be_free) {
  const auto id = taken(counter.world.open(reader_name, {{"wanted", json::array{"signature"}}})).id;
  for (const auto pin : {PinName::resident_register, PinName::signature})
    ASSERT_TRUE(counter.record(id, pin));
  const auto first_step = [&] {
    return std::string(renewal::to_public(load(id)).at("terminal").at("steps").at(0).at("en").as_string());
  };
  ASSERT_TRUE(counter.issue(id));
  EXPECT_THAT(first_step(), HasSubstr("is free for it now"));
  EXPECT_FALSE(reader_is_held());
  ASSERT_TRUE(counter.issue(id)) << "too early: nothing was done there";
  EXPECT_TRUE(reader_is_held());
  EXPECT_THAT(first_step(), HasSubstr("lift the card off"));
  counter.world.pull();
  EXPECT_FALSE(reader_is_held()) << "as it says";
}

TEST_F(Terminal, what_nobody_had_decided_is_named_and_taken_in_only_with_a_reason) {
  const auto id = taken(counter.world.open(reader_name, {{"wanted", json::array{"signature"}}})).id;
  for (const auto pin : {PinName::resident_register, PinName::signature})
    ASSERT_TRUE(counter.record(id, pin));
  ASSERT_EQ(taken(counter.issue(id)).sagas.size(), 1U);
  counter.work_there();
  counter.verify_all(id);
  ASSERT_EQ(code_of(counter.issue(id)), Code::authority_mismatch);
  const auto visit = load(id);
  ASSERT_EQ(visit.sagas.size(), 2U);
  const auto fresh = taken(mynumber::parse_certificate(counter.world.on_card(authentication)));
  EXPECT_EQ(proof_of(visit, authentication).findings.front(),
            (authority::terminal::Finding{Point::undecided, base::format_date(fresh.last_day), {}}));
  EXPECT_THAT(visit.attention->look_ja, HasSubstr("利用者証明用電子証明書は受付の対象ではありませんが"));
  EXPECT_EQ(code_of(cancel(id)), Code::conflict) << "the card has been changed";

  static_cast<void>(counter.issue(id, {{signature}, "asked for at the terminal"}));
  EXPECT_NE(load(id).state, State::completed) << "the other has still to be looked at by somebody";
  const auto done = taken(counter.issue(id, {{authentication}, "the holder wanted both"}));
  EXPECT_EQ(done.state, State::completed);
  const auto receipt = taken(renewal::receipt_of(load(id), counter.world.clock.now()));
  EXPECT_EQ(receipt.at("certificates").at(0).at("serial"), json::string(fresh.serial));
}

TEST_F(Terminal, what_nobody_had_decided_is_told_with_the_one_that_it_replaces) {
  counter.world.decide = [usual = counter.world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    auto& findings = decided->decision["findings"].emplace_array();
    for (const char* code : {"certificate.capped", "test.other"})
      findings.push_back(json::object{{"code", code}, {"severity", "advise"}, {"source", "core"}});
    return decided;
  };
  const auto before = taken(mynumber::parse_certificate(counter.world.on_card(authentication)));
  const auto id = taken(counter.world.open(reader_name, {{"wanted", json::array{"signature"}}})).id;
  for (const auto pin : {PinName::resident_register, PinName::signature})
    ASSERT_TRUE(counter.record(id, pin));
  ASSERT_TRUE(counter.issue(id));
  counter.work_there();
  counter.verify_all(id);
  const json::object old{{"serial", before.serial}, {"expires_on", base::format_date(before.last_day)}};
  ASSERT_EQ(code_of(counter.issue(id)), Code::authority_mismatch);
  EXPECT_EQ(renewal::to_public(load(id)).at("certificates").at("authentication").at("old"), old);
  EXPECT_THAT(codes_of(load(id).decision), Contains("certificate.capped")) << "nobody has taken it in";

  counter.verify_all(id);
  static_cast<void>(counter.issue(id, {{authentication, signature}, "the holder wanted both"}));
  const auto visit = load(id);
  ASSERT_EQ(visit.state, State::completed);
  const auto receipt = taken(renewal::receipt_of(visit, counter.world.clock.now()));
  EXPECT_EQ(receipt.at("certificates").at(0).at("replaces"), old);
  EXPECT_EQ(renewal::to_public(visit).at("certificates").at("authentication").at("old"), old);
  EXPECT_EQ(codes_of(visit.decision), std::vector<std::string>{"test.other"});
}

TEST_F(Terminal, what_nobody_had_decided_is_no_step_and_accepted_also_once_its_key_has_answered) {
  const auto id = taken(counter.world.open(reader_name, {{"wanted", json::array{"signature"}}})).id;
  for (const auto pin : {PinName::resident_register, PinName::signature})
    ASSERT_TRUE(counter.record(id, pin));
  ASSERT_TRUE(counter.issue(id));
  counter.work_there();
  ASSERT_EQ(code_of(counter.issue(id)), Code::authority_mismatch) << "no PIN was entered here";
  const auto steps = renewal::to_public(load(id)).at("terminal").at("steps").as_array();
  for (const auto& step : steps) {
    const auto* certificate = step.as_object().if_contains("certificate");
    EXPECT_TRUE(certificate == nullptr || *certificate == "signature") << "it is new already";
  }
  counter.verify_all(id);
  ASSERT_TRUE(counter.world.verify(id, PinName::authentication));
  ASSERT_TRUE(counter.issue(id, {{authentication}, "the holder wanted both"}));
  EXPECT_EQ(load(id).sagas.front().phase, renewal::Phase::done);
}

TEST_F(Terminal, what_was_done_wrong_can_be_done_again_there) {
  const auto id = counter.handed_over();
  counter.work_there({authentication, signature}, -1);
  counter.verify_all(id);
  EXPECT_EQ(code_of(counter.issue(id)), Code::authority_mismatch);
  EXPECT_FALSE(reader_is_held());
  counter.work_there();
  counter.verify_all(id);
  EXPECT_EQ(taken(counter.issue(id)).state, State::completed);
}

TEST_F(Terminal, a_clerk_may_accept_what_nobody_could_look_at) {
  const auto id = counter.handed_over();
  counter.work_there();
  const auto done = taken(counter.issue(id, {{authentication, signature}, "the holder has left"}));
  EXPECT_EQ(done.state, State::completed);
  const auto receipt = taken(renewal::receipt_of(done, counter.world.clock.now()));
  EXPECT_TRUE(receipt.at("certificates").at(0).as_object().contains("serial"));
  EXPECT_EQ(receipt.at("certificates").at(1).at("unread"), true) << "no date that nobody has seen";
}

TEST_F(Terminal, the_old_certificate_is_never_accepted_as_the_new_one) {
  const auto id = counter.handed_over();
  const auto refused = counter.issue(id, {{authentication}, "in a hurry"});
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("cannot"), "accept");
  EXPECT_EQ(refused.error().details.at("certificate"), "authentication");
  EXPECT_THAT(ja_of(refused.error()), HasSubstr("利用者証明用電子証明書は手続き前のまま"));
  EXPECT_EQ(load(id).state, State::issuing);
}

TEST_F(Terminal, what_nobody_has_seen_yet_is_shown_before_it_is_accepted) {
  const auto id = counter.handed_over();
  counter.work_there({authentication, signature}, -1);
  counter.verify_all(id);
  const Acceptance both{{authentication, signature}, "the terminal's own date"};
  const auto refused = counter.issue(id, both);
  ASSERT_EQ(code_of(refused), Code::conflict);
  const auto ends = taken(mynumber::parse_certificate(counter.world.on_card(authentication))).last_day;
  EXPECT_THAT(ja_of(refused.error()), HasSubstr("承認の前に、カードの内容を確かめてください。"));
  EXPECT_THAT(ja_of(refused.error()), HasSubstr(base::format_date(ends)));
  EXPECT_THAT(ja_of(refused.error()), testing::Not(HasSubstr("使えません"))) << "it works";
  EXPECT_EQ(taken(counter.issue(id, both)).state, State::completed);
}

TEST_F(Terminal, what_could_not_be_used_is_not_said_to_be_so_where_it_was_not_read_again) {
  const auto id = counter.handed_over();
  constexpr std::chrono::hours two{2};
  counter.world.clock.advance(two);
  counter.work_there();
  counter.world.clock.advance(-two);
  counter.verify_all(id);
  ASSERT_EQ(code_of(counter.issue(id)), Code::authority_mismatch);
  ASSERT_EQ(proof_of(load(id), signature).findings.front().point, Point::not_begun);
  const Acceptance it{{signature}, "in a hurry"};
  const auto unread = counter.issue(id, it);
  ASSERT_EQ(code_of(unread), Code::conflict) << "another session, without its PIN";
  EXPECT_THAT(ja_of(unread.error()), HasSubstr("暗証番号が照合されていないため読み取っていません"));
  ASSERT_TRUE(counter.world.verify(id, PinName::signature));
  const auto read = counter.issue(id, it);
  ASSERT_EQ(code_of(read), Code::conflict);
  EXPECT_THAT(ja_of(read.error()), HasSubstr("この証明書は使えません"));
}

TEST_F(Terminal, another_card_is_not_looked_at) {
  const auto id = counter.handed_over();
  Options other = TerminalCounter::single();
  other.citizen = simulated_card::CitizenKind::expired;
  World elsewhere(other);
  counter.world.pull();
  EXPECT_EQ(code_of(counter.issue(id)), Code::card_absent);
  counter.world.readers.insert(reader_name, elsewhere.card);
  EXPECT_EQ(code_of(counter.issue(id)), Code::card_different);
  EXPECT_EQ(load(id).state, State::issuing);
  EXPECT_EQ(counter.count(id, "terminal.unfinished"), 0U);
}

TEST_F(Terminal, nobody_makes_a_second_certificate_for_a_card_that_was_renewed_elsewhere) {
  const auto id = counter.ready();
  counter.work_there();
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("renewed_elsewhere"), true);
  EXPECT_TRUE(load(id).sagas.empty());
  EXPECT_EQ(counter.count(id, "card.renewed_elsewhere"), 1U);
  EXPECT_EQ(counter.count(id, "issue.begun"), 0U);
  EXPECT_EQ(cancel(id)->state, State::cancelled);
}

TEST_F(Terminal, an_update_says_that_the_card_was_renewed_elsewhere) {
  const auto id = counter.ready();
  counter.work_there();
  counter.world.pull();
  counter.world.put_back();
  const auto told = counter.world.run(counter.world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(counter.count(id, "card.renewed_elsewhere"), 1U);
  const auto& finding = told->decision.at("findings").at(0);
  EXPECT_EQ(finding.at("code"), "certificate.renewed_elsewhere");
  EXPECT_EQ(finding.at("params").at("certificate"), "authentication");
  EXPECT_THAT(std::string(finding.at("message").at("ja").as_string()),
              testing::HasSubstr("ほかの受付や端末で更新されています"));
  ASSERT_TRUE(counter.world.run(counter.world.desk->update({id, {}, {}, reader_name, "clerk-7"})));
  const auto again = load(id).decision.at("findings").as_array();
  EXPECT_EQ(std::count_if(
                again.begin(), again.end(),
                [](const json::value& each) { return each.at("code") == "certificate.renewed_elsewhere"; }),
            1)
      << "it is still true";
  counter.world.pull();
  counter.world.put_back();
  counter.world.clock.advance(std::chrono::hours(24));
  const auto later = counter.world.run(counter.world.desk->update({id, {}, {}, reader_name, "clerk-7"}));
  ASSERT_TRUE(later) << base::describe(later.error());
  EXPECT_EQ(later->decision.at("findings").at(0).at("code"), "certificate.renewed_elsewhere");
  EXPECT_EQ(counter.count(id, "card.renewed_elsewhere"), 1U) << "once";
}

TEST_F(Terminal, is_cancelled_only_with_a_card_that_is_as_it_was) {
  const auto id = counter.handed_over();
  counter.world.pull();
  EXPECT_EQ(code_of(cancel(id)), Code::card_absent) << "nobody knows what was done with it";
  counter.world.put_back();
  EXPECT_EQ(cancel(id)->state, State::cancelled);
  EXPECT_EQ(counter.count(id, "terminal.unfinished"), 2U) << "what was seen is kept with it";
  EXPECT_FALSE(reader_is_held());

  const auto other = counter.handed_over();
  counter.work_there({authentication});
  const auto refused = cancel(other);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("call"), "cases.issue");
  EXPECT_EQ(load(other).state, State::issuing);
  EXPECT_EQ(cancel(other, true)->state, State::cancelled) << "the card is gone";
}

TEST_F(Terminal, a_recorded_pin_decides_as_a_checked_one_does) {
  const auto id = taken(counter.world.open()).id;
  counter.world.decide = [usual = counter.world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* pins = facts.if_contains("pins");
    const bool wrong = pins != nullptr && json::serialize(*pins).find("mismatched") != std::string::npos;
    if (wrong) decided->decision["outcome"] = "two_visits";
    return decided;
  };
  const auto matched = taken(counter.record(id, PinName::resident_register));
  EXPECT_EQ(matched.state, State::open);
  const auto turned = taken(counter.record(id, PinName::authentication, PinOutcome::mismatched));
  EXPECT_EQ(turned.state, State::waiting);
  EXPECT_EQ(counter.count(id, "case.redecided"), 1U);
  EXPECT_EQ(counter.count(id, "pin.recorded"), 2U);
  EXPECT_EQ(code_of(counter.record(id, PinName::signature)), Code::conflict) << "no PIN is asked for now";
}

TEST_F(Terminal, no_pin_is_recorded_that_the_card_does_not_have) {
  auto options = TerminalCounter::single();
  options.citizen = simulated_card::CitizenKind::no_signature;
  TerminalCounter other(options);
  const auto id = taken(other.world.open(reader_name, {{"wanted", json::array{"authentication"}}})).id;
  const auto recorded = other.record(id, PinName::signature);
  ASSERT_EQ(code_of(recorded), Code::conflict);
  EXPECT_EQ(recorded.error().details.at("absent"), "signature");
  EXPECT_TRUE(other.record(id, PinName::authentication));
}

TEST_F(Terminal, a_pin_is_recorded_as_set_anew_only_where_that_was_decided) {
  const auto id = taken(counter.world.open()).id;
  EXPECT_EQ(code_of(counter.record(id, PinName::authentication, PinOutcome::reset)), Code::conflict);
  EXPECT_EQ(taken(counter.record(id, PinName::authentication, PinOutcome::forgotten))
                .facts.at("pins")
                .at("authentication"),
            "forgotten");
  counter.world.let_reset(PinName::authentication);
  const auto other = taken(counter.world.open()).id;
  const auto here = counter.world.run(
      counter.world.desk->reset_pin(counter.world.pin_request(other, PinName::authentication, "4321")));
  ASSERT_EQ(code_of(here), Code::conflict) << "it is set anew there";
  EXPECT_EQ(here.error().details.at("call"), "cases.record_pin");
  const auto reset = taken(counter.record(other, PinName::authentication, PinOutcome::reset));
  EXPECT_EQ(reset.pins.at(PinName::authentication).outcome, PinOutcome::reset);
}

TEST_F(Terminal, a_case_that_is_about_a_pin_alone_names_the_call_that_takes_its_outcome) {
  counter.world.let_reset(PinName::authentication);
  counter.world.decide = [usual = counter.world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    for (auto& [name, one] : decided->decision["certificates"].as_object())
      one = json::object{{"action", "none"}};
    decided->decision["pins_required"] = json::array();
    return decided;
  };
  const auto id = taken(counter.world.open()).id;
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("call"), "cases.record_pin");
  ASSERT_TRUE(counter.record(id, PinName::authentication, PinOutcome::reset));
}

TEST_F(Terminal, belongs_to_a_counter_that_issues_there) {
  const auto id = counter.handed_over();
  counter.restart(renewal::Channel::cmp);
  const auto refused = counter.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("cannot"), "channel");
  EXPECT_EQ(code_of(counter.record(id, PinName::authentication)), Code::conflict);
  World without;
  const auto usual = without.ready();
  EXPECT_EQ(code_of(without.run(without.desk->issue(usual, "clerk-7", {}, {{authentication}, "why not"}))),
            Code::conflict);
}

// The daemon may end at any commit, before or after it: nothing is lost, nothing begins twice.
TEST_F(Terminal, goes_on_from_every_commit) {
  for (const bool durable : {false, true}) {
    for (int at = 1; at <= 2; ++at) {
      SCOPED_TRACE(testing::Message() << (durable ? "after" : "instead of") << " commit " << at);
      TerminalCounter fresh;
      auto& world = fresh.world;
      const auto id = fresh.ready();
      if (!durable) world.store.refused_at = world.store.commits + at;
      const auto first = fresh.issue(id);
      if (at == 1) {
        EXPECT_EQ(first.has_value(), durable);
        fresh.restart();
        EXPECT_EQ(taken(fresh.world.desk->load(id)).state, durable ? State::issuing : State::ready);
        EXPECT_EQ(taken(fresh.issue(id)).state, State::issuing);
      }
      fresh.work_there();
      if (at == 2) {
        const auto second = fresh.issue(id);
        EXPECT_EQ(second.has_value(), durable);
        fresh.restart();
      }
      world.store.refused_at = 0;
      fresh.verify_all(id);
      EXPECT_EQ(taken(fresh.issue(id)).state, State::completed);
      EXPECT_EQ(fresh.count(id, "issue.begun"), 1U);
      EXPECT_EQ(fresh.count(id, "terminal.handed_over"), 2U);
      EXPECT_EQ(fresh.count(id, "terminal.proved"), 2U);
      EXPECT_EQ(world.issued(authentication).size(), 1U);
    }
  }
}

}  // namespace
}  // namespace madoguchi::counter::test
