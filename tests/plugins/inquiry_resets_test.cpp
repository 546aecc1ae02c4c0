// A proxy's two visits for PINs to be set anew: what the holder was asked, and what follows from it.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;

TEST(TwoVisits, a_pin_reset_waits_for_the_answer_too) {
  Flow flow;
  const auto reset = proxy().with("/purpose", "pin_reset").with("/pins/authentication", "locked");
  flow.open(reset);
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.call("status", "2026-02-12").at("reasons"), json::array{"pin_reset_needs_inquiry"});
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}})
                  .with("/purpose", "pin_reset")
                  .with("/pins/authentication", "locked"));
  EXPECT_FALSE(flow.held);
}

// With a good form of the city's, as the clerk tells it.
Facts reset_again(std::string_view at, std::string_view expires_on = "2026-03-15") {
  return again(at, {{"expires_on", json::string(expires_on)}})
      .with("/purpose", "pin_reset")
      .with("/pins/authentication", "locked");
}

TEST(TwoVisits, no_pin_is_reset_for_a_proxy_whose_holder_was_never_asked) {
  Flow never;
  never.open(reset_again("2026-02-27 10:00"));
  EXPECT_TRUE(never.held);
  EXPECT_EQ(never.phase(), "to_mail") << "the application is received, and the holder is asked";
  EXPECT_EQ(never.call("status", "2026-02-27").at("reasons"), json::array{"pin_reset_needs_inquiry"});

  Flow unposted;
  unposted.open(proxy().with("/purpose", "pin_reset").with("/pins/authentication", "locked"));
  unposted.call("letter", "2026-02-13");
  unposted.update(reset_again("2026-02-27 10:00"));
  EXPECT_TRUE(unposted.held);
  EXPECT_THAT(unposted.said, HasSubstr("`mailed`"));
  unposted.call("mailed", "2026-02-27", {{"on", "2026-02-14"}});
  unposted.update(reset_again("2026-02-27 10:00", "2026-03-20"));
  EXPECT_TRUE(unposted.held) << "another letter's day";
  unposted.update(reset_again("2026-02-27 10:00"));
  EXPECT_FALSE(unposted.held);
}

TEST(TwoVisits, an_answer_about_a_renewal_lets_no_pin_be_reset) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(reset_again("2026-02-27 10:00"));
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("暗証番号の初期化についてのものではありません"));
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
  EXPECT_EQ(flow.call("status", "2026-02-27").at("purpose"), "pin_reset");
  flow.update(reset_again("2026-02-27 10:00"));
  EXPECT_TRUE(flow.held) << "not at the second try either";
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
  flow.call("mailed", "2026-02-28");
  flow.update(reset_again("2026-03-10 10:00"));
  EXPECT_TRUE(flow.held) << "the first letter's form";
  flow.update(reset_again("2026-03-10 10:00", "2026-03-30"));
  EXPECT_FALSE(flow.held);
}

TEST(TwoVisits, once_the_second_visit_of_a_renewal_is_received_a_reset_is_asked_about_all_the_same) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto renewal = again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}});
  flow.update(renewal);
  ASSERT_FALSE(flow.held);
  flow.update(reset_again("2026-02-27 10:00"));
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.update(renewal);
  EXPECT_FALSE(flow.held) << "told by mistake: the renewal goes on";
}

TEST(TwoVisits, a_letter_that_asks_something_else_now_is_made_anew_before_it_is_posted) {
  Flow flow;
  flow.open(without_form());
  flow.call("letter", "2026-02-12");
  flow.update(proxy().with("/purpose", "pin_reset").with("/pins/authentication", "locked"));
  const auto made = flow.call("letter", "2026-02-12");
  EXPECT_FALSE(made.at("reprint").as_bool());
  EXPECT_EQ(made.at("purpose"), "pin_reset");
  flow.call("mailed", "2026-02-13");
  flow.update(reset_again("2026-02-27 10:00", "2026-03-14"));
  EXPECT_FALSE(flow.held);
}

// A renewal for a proxy without a form whose holder does not know the PIN any more.
Facts renewal_with_a_lost_pin() {
  return without_form().with("/pins/authentication", "forgotten");
}
Facts renewal_again(std::string_view at, std::string_view expires_on = "2026-03-15") {
  return again(at, {{"expires_on", json::string(expires_on)}}).with("/pins/authentication", "forgotten");
}

TEST(CombinedLetter, asks_about_the_renewal_and_the_lost_pin_and_one_visit_does_both) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  EXPECT_EQ(flow.call("status", "2026-02-12").at("pin_resets"), json::array{"authentication"});
  const auto made = flow.call("letter", "2026-02-13");
  EXPECT_EQ(made.at("purpose"), "renewal");
  EXPECT_EQ(made.at("letter").at("pin_resets"), json::array{"authentication"});
  EXPECT_EQ(made.at("letter").at("pins"), (json::array{"resident_register", "authentication", "signature"}));
  flow.call("mailed", "2026-02-13");
  const auto second = renewal_again("2026-02-27 10:00");
  const auto decision = flow.decision_of(second.json());
  EXPECT_EQ(decision.outcome, policy::Outcome::complete_today);
  EXPECT_EQ(decision.pin_resets, std::vector{policy::Pin::authentication});
  flow.update(second);
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");
  const auto still = flow.decision_of(second.json());
  EXPECT_EQ(still.pin_resets, decision.pin_resets) << "received, and not set yet";
  flow.pin("authentication", "matched");
  EXPECT_EQ(flow.case_state(), "open") << "set anew, and the renewal goes on";
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(CombinedLetter, is_what_the_facts_alone_never_claim) {
  EXPECT_EQ(City().decide(renewal_again("2026-02-27 10:00").json()).outcome, policy::Outcome::two_visits);
  Flow unposted;
  unposted.open(renewal_with_a_lost_pin());
  unposted.call("letter", "2026-02-13");
  unposted.update(renewal_again("2026-02-27 10:00"));
  EXPECT_EQ(unposted.case_state(), "waiting");
  EXPECT_THAT(unposted.said, HasSubstr("`mailed`"));
  EXPECT_TRUE(unposted.decision_of(renewal_again("2026-02-27 10:00").json()).pin_resets.empty());
  unposted.call("mailed", "2026-02-27", {{"on", "2026-02-14"}});
  unposted.update(renewal_again("2026-02-27 10:00"));
  EXPECT_EQ(unposted.case_state(), "open");
}

TEST(CombinedLetter, grants_nothing_that_it_did_not_ask_nor_after_its_last_day) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-13");
  const auto more = renewal_again("2026-02-27 10:00").with("/pins/signature", "locked");
  EXPECT_EQ(flow.decision_of(more.json()).outcome, policy::Outcome::two_visits);
  const auto late = flow.decision_of(renewal_again("2026-03-16 10:00", "2026-03-20").json());
  EXPECT_TRUE(late.pin_resets.empty());
  EXPECT_EQ(late.outcome, policy::Outcome::two_visits);
  flow.update(more);
  EXPECT_EQ(flow.case_state(), "waiting");
  EXPECT_EQ(flow.call("status", "2026-02-27").at("pin_resets"), (json::array{"authentication", "signature"}));
}

TEST(CombinedLetter, about_a_renewal_alone_sets_no_pin_that_was_lost_since) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto second = renewal_again("2026-02-27 10:00");
  const auto decision = flow.decision_of(second.json());
  EXPECT_EQ(decision.outcome, policy::Outcome::two_visits);
  EXPECT_TRUE(decision.pin_resets.empty());
  flow.update(second);
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
  EXPECT_EQ(flow.call("letter", "2026-02-27").at("letter").at("pin_resets"), json::array{"authentication"});
}

TEST(CombinedLetter, lets_its_pin_be_reset_alone_too) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-13");
  flow.update(renewal_again("2026-02-27 10:00").with("/purpose", "pin_reset"));
  EXPECT_FALSE(flow.held);
  flow.update(renewal_again("2026-02-27 10:00")
                  .with("/purpose", "pin_reset")
                  .with("/pins/resident_register", "locked"));
  EXPECT_TRUE(flow.held) << "of that one nobody was asked";
}

TEST(CombinedLetter, of_a_told_pin_whose_card_has_stayed_with_the_holder_asks_about_it_too) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin()
                .with("/card", json::object{{"presented", false}})
                .with("/certificates", json::object{}));
  const auto letter = flow.call("letter", "2026-02-13").at("letter").as_object();
  EXPECT_EQ(letter.at("pin_resets"), json::array{"authentication"});
  EXPECT_EQ(letter.at("certificates").at(0).at("action"), "undecided");
}

TEST(CombinedLetter, is_made_anew_where_another_pin_is_told_before_it_is_posted) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("letter", "2026-02-12");
  flow.update(renewal_with_a_lost_pin().with("/pins/resident_register", "locked"));
  const auto made = flow.call("letter", "2026-02-12");
  EXPECT_FALSE(made.at("reprint").as_bool());
  EXPECT_EQ(made.at("letter").at("pin_resets"), (json::array{"resident_register", "authentication"}));
}

TEST(CombinedLetter, is_not_for_a_city_that_initialises_for_the_holder_only) {
  Flow flow(policy_text({{"pin_reset_needs_inquiry: true", "pin_reset_by_holder_only: true"},
                         {"notice_ends_with_certificate: true", "city_valid_days: 30"}}));
  flow.open(renewal_with_a_lost_pin());
  const auto letter = flow.call("letter", "2026-02-13").at("letter").as_object();
  EXPECT_FALSE(letter.contains("pin_resets"));
  flow.call("mailed", "2026-02-13");
  EXPECT_TRUE(flow.decision_of(renewal_again("2026-02-27 10:00").json()).pin_resets.empty());
}

// At the second visit, but what was told of the PIN has gone with another visitor.
Facts untold_again(std::string_view at) {
  return renewal_again(at).with("/pins", json::object{});
}

TEST(CombinedLetter, whose_lost_pin_is_untold_has_it_told_before_it_is_tried) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-13");
  flow.update(Facts().at("2026-02-26 10:00").with("/pins", json::object{}).with("/documents", json::array()));
  ASSERT_EQ(flow.phase(), "second_visit") << "the holder";
  const auto untold = untold_again("2026-02-27 10:00");
  flow.update(untold);
  EXPECT_EQ(flow.outcome(), "not_today") << "a try would be burnt";
  EXPECT_EQ(flow.phase(), "mailed") << "and no other letter is posted for it";
  const auto decision = flow.decision_of(untold.json());
  EXPECT_TRUE(codes(decision).contains("proxy.pin_reset_answered"));
  EXPECT_TRUE(decision.pin_resets.empty());
  flow.update(renewal_again("2026-02-27 10:00"));
  EXPECT_EQ(flow.outcome(), "complete_today");
  EXPECT_EQ(flow.phase(), "second_visit");
  EXPECT_EQ(flow.decision_of(renewal_again("2026-02-27 10:00").json()).pin_resets,
            std::vector{policy::Pin::authentication});
  flow.update(untold);
  EXPECT_EQ(flow.outcome(), "not_today") << "a visitor told by mistake that day";
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(CombinedLetter, has_nothing_told_of_a_pin_that_was_set_anew_since) {
  const auto untold = untold_again("2026-03-02 10:00");
  const auto told = [&](Flow& flow) {
    return codes(flow.decision_of(untold.json())).contains("proxy.pin_reset_answered");
  };
  for (const bool holder_between : {false, true}) {
    Flow flow;
    flow.open(renewal_with_a_lost_pin());
    flow.call("mailed", "2026-02-13");
    EXPECT_TRUE(told(flow));
    flow.update(renewal_again("2026-02-27 10:00"));
    if (holder_between) flow.update(Facts().at("2026-02-27 10:00").with("/documents", json::array()));
    flow.pin("authentication", "matched");
    EXPECT_FALSE(told(flow)) << holder_between;
    flow.update(untold);
    EXPECT_EQ(flow.outcome(), "complete_today");
    EXPECT_FALSE(told(flow));
  }
}

TEST(CombinedLetter, asked_about_once_more_has_its_pin_told_again) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-13");
  flow.update(renewal_again("2026-02-27 10:00"));
  flow.pin("authentication", "matched");
  flow.pin("resident_register", "mismatched");
  flow.update(renewal_again("2026-02-27 10:00").with("/pins/resident_register", "mismatched"));
  ASSERT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-02-28");
  const auto second = again("2026-03-05 10:00", {{"expires_on", "2026-03-30"}}).with("/pins", json::object{});
  EXPECT_TRUE(codes(flow.decision_of(second.json())).contains("proxy.pin_reset_answered"));
}

TEST(CombinedLetter, leaves_a_pin_to_be_verified_where_it_was_not_asked_about_or_another_form_has_it) {
  const auto said = [](Flow& flow, const Facts& facts) {
    return codes(flow.decision_of(facts.json())).contains("proxy.pin_reset_answered");
  };
  Flow plain;
  plain.open(without_form());
  plain.call("mailed", "2026-02-13");
  EXPECT_FALSE(said(plain, untold_again("2026-02-27 10:00")));
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  EXPECT_FALSE(said(flow, untold_again("2026-02-27 10:00"))) << "nothing is posted";
  flow.call("mailed", "2026-02-13");
  const auto untold = untold_again("2026-02-27 10:00");
  EXPECT_TRUE(said(flow, untold));
  EXPECT_FALSE(said(flow, untold_again("2026-03-16 10:00"))) << "its term is over";
  EXPECT_FALSE(said(flow, untold.with("/purpose", "pin_reset")));
  EXPECT_FALSE(said(flow, untold.with("/pins/authentication", "matched")));
  EXPECT_FALSE(said(
      flow,
      untold.with_document(
          {{"type", "reply_form"}, {"source", "notice"}, {"sealed", true}, {"expires_on", "2026-04-10"}})))
      << "the notice's has the PIN of the card";
}

TEST(CombinedLetter,
     follows_a_plain_one_where_the_pin_is_told_after_its_posting_with_words_of_no_second_visit) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-12");
  flow.update(renewal_with_a_lost_pin());
  EXPECT_EQ(flow.phase(), "to_mail");
  EXPECT_EQ(flow.call("status", "2026-02-12").at("round"), 2);
  EXPECT_THAT(flow.said, HasSubstr("照合できない暗証番号があることが分かりました。本人あてに"));
  EXPECT_THAT(flow.said, testing::Not(HasSubstr("2回目の来庁")));
  flow.call("mailed", "2026-02-13");
  flow.update(renewal_again("2026-02-27 10:00").with("/pins/signature", "locked"));
  EXPECT_THAT(flow.said, HasSubstr("2回目の来庁では手続きを完了できませんでした"));
}

TEST(CombinedLetter, of_the_day_of_another_grants_only_what_both_have_asked) {
  const auto second = renewal_again("2026-02-27 10:00", "2026-03-14");
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-12");
  flow.update(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-12");
  EXPECT_EQ(flow.call("status", "2026-02-12").at("pin_resets"), json::array{"authentication"});
  EXPECT_TRUE(flow.decision_of(second.json()).pin_resets.empty()) << "it may be the first one's form";
  flow.update(second.with("/pins/authentication", "unverified"));
  EXPECT_EQ(flow.outcome(), "complete_today") << "both have asked about the renewal";
  EXPECT_EQ(flow.phase(), "second_visit");

  Flow apart;
  apart.open(without_form());
  apart.call("letter", "2026-02-12");
  apart.call("mailed", "2026-02-12");
  apart.update(renewal_with_a_lost_pin());
  EXPECT_THAT(apart.refused("letter", "2026-02-12", {{"return_by", "2026-03-14"}}),
              HasSubstr("to be told apart from it"));
  EXPECT_EQ(apart.call("letter", "2026-02-12", {{"return_by", "2026-03-13"}}).at("letter").at("return_by"),
            "2026-03-13")
      << "a day before the first one's";
  apart.call("mailed", "2026-02-12");
  const auto own = renewal_again("2026-02-27 10:00", "2026-03-13");
  EXPECT_EQ(apart.decision_of(own.json()).pin_resets, std::vector{policy::Pin::authentication});
  EXPECT_TRUE(apart.decision_of(second.json()).pin_resets.empty()) << "the first one's";

  Flow twice;
  twice.open(renewal_with_a_lost_pin());
  twice.call("mailed", "2026-02-12");
  twice.call("mailed", "2026-02-12", {{"again", true}});
  EXPECT_EQ(twice.decision_of(second.json()).pin_resets, std::vector{policy::Pin::authentication})
      << "the same letter";
}

TEST(CombinedLetter, that_was_printed_elsewhere_with_the_days_of_another_is_told_when_it_is_posted) {
  Flow flow;
  flow.open(without_form());
  EXPECT_FALSE(flow.call("mailed", "2026-02-12").contains("not_told_apart")) << "the only one";
  flow.update(renewal_with_a_lost_pin());
  EXPECT_FALSE(flow.call("status", "2026-02-12").contains("not_told_apart")) << "it is not printed yet";
  const auto mailed = flow.call("mailed", "2026-02-12");
  ASSERT_TRUE(mailed.contains("not_told_apart"));
  const auto& said = mailed.at("not_told_apart");
  EXPECT_THAT(std::string(said.at("en").as_string()), HasSubstr("only what all of them asked about"));
  EXPECT_EQ(flow.said, std::string(said.at("ja").as_string()) + "|" + std::string(said.at("en").as_string()))
      << "a line of the timeline";
  EXPECT_EQ(flow.call("status", "2026-02-20").at("not_told_apart"), said);
  const auto again = flow.call("mailed", "2026-02-13", {{"again", true}});
  EXPECT_EQ(again.at("not_told_apart"), said);
  EXPECT_THAT(flow.said, HasSubstr("posted again")) << "it stands in the timeline already";

  flow.call("letter", "2026-02-13", {{"anew", true}});
  EXPECT_FALSE(flow.call("mailed", "2026-02-13").contains("not_told_apart"));
  EXPECT_EQ(flow.decision_of(renewal_again("2026-02-27 10:00", "2026-03-15").json()).pin_resets,
            std::vector{policy::Pin::authentication});
}

TEST(CombinedLetter, is_given_another_last_day_than_one_of_its_day_where_the_city_has_no_term) {
  const json::object until{{"return_by", "2026-03-13"}};
  Flow flow(policy_text({}));
  flow.open(without_form());
  flow.call("letter", "2026-02-12", until);
  flow.call("letter", "2026-02-12", {{"return_by", "2026-03-13"}, {"anew", true}});
  flow.call("mailed", "2026-02-12");
  flow.update(renewal_with_a_lost_pin());
  EXPECT_THAT(flow.refused("letter", "2026-02-12", until), HasSubstr("give another last day"));
  EXPECT_TRUE(flow.call("mailed", "2026-02-12", until).contains("not_told_apart")) << "it has left the house";
  EXPECT_THAT(flow.refused("letter", "2026-02-12", {{"return_by", "2026-03-13"}, {"anew", true}}),
              HasSubstr("give another last day"));
  flow.call("letter", "2026-02-12", {{"return_by", "2026-03-16"}, {"anew", true}});
  EXPECT_FALSE(flow.call("mailed", "2026-02-12").contains("not_told_apart"));
}

TEST(TwoVisits, a_reset_rests_on_no_form_that_may_be_of_a_letter_about_the_renewal) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-12");
  flow.update(proxy().with("/purpose", "pin_reset").with("/pins/authentication", "locked"));
  flow.call("mailed", "2026-02-12");
  ASSERT_EQ(flow.call("status", "2026-02-12").at("purpose"), "pin_reset");
  flow.update(reset_again("2026-02-27 10:00", "2026-03-14"));
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-02-28");
  flow.update(reset_again("2026-03-10 10:00", "2026-03-30"));
  EXPECT_FALSE(flow.held);
}

TEST(CombinedLetter, that_was_taken_for_a_slip_counts_again_on_the_same_day) {
  Flow flow;
  flow.open(renewal_with_a_lost_pin());
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}, {"sealed", false}})
                  .with("/pins/authentication", "forgotten"));
  ASSERT_EQ(flow.phase(), "to_mail");
  flow.update(renewal_again("2026-02-27 10:00"));
  EXPECT_EQ(flow.case_state(), "open");
  EXPECT_EQ(flow.decision_of(renewal_again("2026-02-27 10:00").json()).pin_resets,
            std::vector{policy::Pin::authentication});
}

}  // namespace
}  // namespace madoguchi::plugins
