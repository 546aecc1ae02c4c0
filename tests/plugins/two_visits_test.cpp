// A proxy's two visits: what the plugin keeps, holds, tells and lists, from the first visit to the second.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(TwoVisits, from_the_application_to_the_second_visit) {
  Flow flow;
  flow.open(without_form());
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("本人あてに照会書兼回答書を郵送します"));
  EXPECT_THAT(flow.events, ElementsAre("first_visit"));
  EXPECT_EQ(flow.phase(), "to_mail");

  const auto made = flow.call("letter", "2026-02-13");
  EXPECT_FALSE(made.at("reprint").as_bool());
  EXPECT_EQ(made.at("letter"),
            json::parse(R"({"kind": "inquiry", "case": "260212-ABCDEFGH", "applied_on": "2026-02-12",
              "issued_on": "2026-02-13", "return_by": "2026-03-15", "city": {"name": "宇都宮市"},
              "office": {"name": "市役所1階 市民課"}, "contact": {"phone": "028-632-2265", "fax": "028-651-5163"},
              "certificates": [{"certificate": "signature", "action": "renew"},
                               {"certificate": "authentication", "action": "renew"}],
              "pins": ["resident_register", "authentication", "signature"]})"));
  const auto mailed = flow.call("mailed", "2026-02-16");
  EXPECT_EQ(mailed.at("phase"), "mailed");
  EXPECT_EQ(mailed.at("mailed_on"), "2026-02-16");
  EXPECT_EQ(mailed.at("days_left"), 27);
  EXPECT_EQ(mailed.at("form"),
            json::parse(R"({"type": "reply_form", "source": "city", "issued_on": "2026-02-13",
                                               "expires_on": "2026-03-15"})"));
  EXPECT_EQ(flow.call("returned", "2026-03-02").at("returned_on"), "2026-03-02");

  flow.update(again("2026-03-05 10:00", {{"issued_on", "2026-02-13"}, {"expires_on", "2026-03-15"}}));
  EXPECT_FALSE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("1回目:2026年2月12日"));
  EXPECT_EQ(flow.phase(), "second_visit");
  EXPECT_THAT(flow.events, ElementsAre("first_visit", "letter_made", "mailed", "returned", "second_visit"));
  EXPECT_THAT(flow.refused("mailed", "2026-03-05"), HasSubstr("is over"));
  flow.tell("case.completed");
  EXPECT_TRUE(flow.state.is_null()) << "an ended case is in no list";
  EXPECT_EQ(flow.phase(), "none");
  EXPECT_THAT(flow.refused("letter", "2026-03-05"), HasSubstr("no inquiry"));
}

TEST(TwoVisits, how_many_days_it_is_likely_to_take_is_told_and_never_guessed) {
  Flow unknown;
  const auto decision = unknown.city->decide(without_form().json());
  ASSERT_NE(decision.finding("proxy.inquiry_days"), nullptr);
  EXPECT_EQ(decision.finding("proxy.inquiry_days")->severity, policy::Severity::info);
  EXPECT_THAT(decision.finding("proxy.inquiry_days")->message.ja,
              HasSubstr("2回目の来庁までの目安:窓口でお尋ねください"));
  unknown.open(without_form());
  EXPECT_THAT(unknown.said, Not(HasSubstr("目安"))) << "that is between the city and its staff";
  EXPECT_FALSE(unknown.call("status", "2026-02-12").contains("likely_days"));

  Flow known(policy_text(
      {{"    pins_must_match: true", "    inquiry: {likely_days: 14}\n    pins_must_match: true"}}));
  EXPECT_THAT(known.city->decide(without_form().json()).finding("proxy.inquiry_days")->message.ja,
              HasSubstr("2回目の来庁までの目安:申請からおおむね14日"));
  EXPECT_EQ(known.city->decide(proxy().json()).finding("proxy.inquiry_days"), nullptr)
      << "one visit is enough";
  known.open(without_form());
  EXPECT_THAT(known.said, HasSubstr("about 14 days"));
  EXPECT_EQ(known.call("status", "2026-02-12").at("likely_on"), "2026-02-26");
  known.call("mailed", "2026-02-13", {{"return_by", "2026-03-15"}});
  EXPECT_EQ(known.call("status", "2026-02-13").at("likely_on"), "2026-02-27") << "from its posting";
  known.call("letter", "2026-03-18", {{"anew", true}, {"return_by", "2026-04-17"}});
  EXPECT_EQ(known.call("status", "2026-03-18").at("likely_on"), "2026-04-01") << "it starts anew";
}

TEST(TwoVisits, a_form_that_is_likely_to_have_ended_by_the_second_visit_is_warned_of) {
  const auto rules = [](int valid, int likely) {
    return policy_text({{"notice_ends_with_certificate: true", "city_valid_days: " + std::to_string(valid)},
                        {"    pins_must_match: true", "    inquiry: {likely_days: " + std::to_string(likely) +
                                                          "}\n    pins_must_match: true"}});
  };
  City city(rules(7, 10));
  EXPECT_THAT(City::notices(rules(7, 10)),
              Contains(HasSubstr("proxy-two-visit.inquiry.likely_days: the form that the city posts is valid "
                                 "for 7 days")));
  const auto decision = city.decide(without_form().json());
  const auto* warned = decision.finding("proxy.inquiry_term");
  ASSERT_NE(warned, nullptr);
  EXPECT_EQ(warned->params, json::parse(R"({"term": 7, "days": 10})"));
  EXPECT_THAT(warned->message.ja, HasSubstr("有効期限(発行から7日)"));
  City enough(rules(10, 10));
  EXPECT_THAT(City::notices(rules(10, 10)), Not(Contains(HasSubstr("likely_days"))));
  EXPECT_EQ(enough.decide(without_form().json()).finding("proxy.inquiry_term"), nullptr);
}

TEST(TwoVisits, nothing_is_said_of_a_second_visit_where_nothing_is_received) {
  City city;
  const auto told = [&](const Facts& facts) {
    return city.decide(facts.json()).finding("proxy.inquiry_days") != nullptr;
  };
  EXPECT_TRUE(told(without_form()));
  EXPECT_TRUE(told(without_form().with("/card", json::object{{"presented", false}}))) << "R-22";
  EXPECT_FALSE(told(without_form().with("/documents", json::array{}))) << "nobody knows who that is";
  EXPECT_FALSE(told(without_form().at("2025-12-10 10:00"))) << "before the window";
  EXPECT_FALSE(told(without_form().with("/holder/birth_date", "2015-04-10")))
      << "a representative has to come";
}

TEST(TwoVisits, the_city_has_to_say_until_when_its_form_is_good) {
  Flow flow(policy_text());
  flow.open(without_form());
  EXPECT_THAT(flow.refused("letter", "2026-02-13"), HasSubstr("no term"));
  EXPECT_THAT(flow.refused("mailed", "2026-02-13"), HasSubstr("no term"));
  EXPECT_THAT(flow.refused("letter", "2026-02-13", {{"return_by", "2026-02-13"}}),
              HasSubstr("after the day"));
  EXPECT_THAT(flow.refused("letter", "2026-02-13", {{"return_by", "2026-02-30"}}), HasSubstr("Not a date"));
  const auto letter =
      flow.call("letter", "2026-02-13", {{"return_by", "2026-03-20"}}).at("letter").as_object();
  EXPECT_EQ(letter.at("return_by"), "2026-03-20");

  Flow with_rule;
  with_rule.open(without_form());
  EXPECT_THAT(with_rule.refused("letter", "2026-02-13", {{"return_by", "2026-03-20"}}),
              HasSubstr("15 March 2026"));
  EXPECT_EQ(with_rule.call("mailed", "2026-02-16", {{"on", "2026-02-13"}}).at("letter").at("return_by"),
            "2026-03-15")
      << "printed elsewhere, posted on that day";
}

TEST(TwoVisits, a_letter_is_made_once_printed_often_and_posted_once) {
  Flow flow;
  flow.open(without_form());
  const auto first = flow.call("letter", "2026-02-13");
  const auto second = flow.call("letter", "2026-02-20");
  EXPECT_TRUE(second.at("reprint").as_bool());
  EXPECT_EQ(second.at("letter"), first.at("letter"));
  EXPECT_THAT(flow.refused("mailed", "2026-02-20", {{"on", "2026-02-21"}}), HasSubstr("future"));
  EXPECT_THAT(flow.refused("mailed", "2026-02-20", {{"on", "2026-02-12"}}), HasSubstr("before the letter"));
  EXPECT_THAT(flow.refused("returned", "2026-02-20"), HasSubstr("No posting"));
  EXPECT_THAT(flow.refused("lapsed", "2026-02-20"), HasSubstr("not been posted"));
  flow.call("mailed", "2026-02-20");
  EXPECT_THAT(flow.refused("mailed", "2026-02-21"), HasSubstr("20 February 2026"));
  EXPECT_THAT(flow.refused("mailed", "2026-02-25", {{"again", true}, {"on", "2026-02-19"}}),
              HasSubstr("posted first"));
  const auto again = flow.call("mailed", "2026-02-25", {{"again", true}});
  EXPECT_EQ(again.at("letter"), json::parse(R"({"issued_on": "2026-02-13", "return_by": "2026-03-15"})"));
  EXPECT_EQ(again.at("mailed_on"), "2026-02-25");
  EXPECT_EQ(again.at("round"), 1);
  EXPECT_EQ(flow.call("letter", "2026-02-26").at("letter"), first.at("letter"));

  const auto anew = flow.call("letter", "2026-03-01", {{"anew", true}});
  EXPECT_EQ(anew.at("letter").at("return_by"), "2026-03-31");
  EXPECT_EQ(anew.at("round"), 2);
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-03-02");
  flow.call("returned", "2026-03-10");
  EXPECT_THAT(flow.refused("returned", "2026-03-11"), HasSubstr("10 March 2026"));
  EXPECT_THAT(flow.refused("mailed", "2026-03-11", {{"again", true}}), HasSubstr("already here"));
  EXPECT_THAT(flow.refused("letter", "2026-03-11"), HasSubstr("already here"));
}

TEST(TwoVisits, a_lapse_is_found_by_date_and_ends_with_another_letter) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  EXPECT_THAT(flow.refused("lapsed", "2026-03-15"), HasSubstr("not passed"));
  EXPECT_EQ(flow.call("status", "2026-03-16").at("overdue"), true);
  EXPECT_THAT(flow.refused("returned", "2026-03-16"), HasSubstr("has passed"));
  EXPECT_EQ(flow.call("lapsed", "2026-03-16").at("lapsed_on"), "2026-03-16");
  const auto told = flow.events.size();
  EXPECT_EQ(flow.call("lapsed", "2026-03-17").at("lapsed_on"), "2026-03-16") << "once is enough";
  EXPECT_EQ(flow.events.size(), told);
  EXPECT_THAT(flow.refused("mailed", "2026-03-17"), HasSubstr("make another"));
  EXPECT_THAT(flow.refused("letter", "2026-03-17"), HasSubstr("make another"));
  EXPECT_EQ(flow.call("returned", "2026-03-17", {{"on", "2026-03-13"}}).at("phase"), "returned")
      << "it had come in time";
  flow.call("letter", "2026-03-20", {{"anew", true}});
  EXPECT_EQ(flow.call("mailed", "2026-03-20").at("letter").at("return_by"), "2026-04-19");
}

TEST(TwoVisits, a_case_that_is_touched_after_the_term_lapses_by_itself) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(without_form().at("2026-03-16 10:00"));
  EXPECT_EQ(flow.phase(), "lapsed");
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.events.back(), "lapsed");
  Flow nobody;
  nobody.open(without_form());
  nobody.call("mailed", "2026-02-13");
  nobody.update(without_form().at("2026-03-16 10:00").with("/documents", json::array{}));
  EXPECT_EQ(nobody.phase(), "lapsed") << "no paper is on the counter";
}

TEST(TwoVisits, where_no_form_is_shown_nobody_has_come_again) {
  Flow flow;
  flow.open(proxy().with("/pins/authentication", "locked"));
  flow.call("mailed", "2026-02-13");
  flow.update(proxy()
                  .at("2026-02-20 10:00")
                  .with("/pins/authentication", "locked")
                  .with("/documents", json::array{json::object{{"type", "drivers_licence"}}}));
  EXPECT_EQ(flow.phase(), "mailed") << "the letter is not asked for once more";
}

TEST(TwoVisits, DC27_a_posted_form_that_has_ended_is_asked_for_once_more) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto late = again("2026-03-16 10:00", {{"issued_on", "2026-02-13"}, {"expires_on", "2026-03-15"}});
  flow.update(late);
  EXPECT_EQ(flow.phase(), "to_mail");
  EXPECT_EQ(flow.call("status", "2026-03-16").at("round"), 2);
  EXPECT_THAT(flow.said, HasSubstr("改めて郵送します"));
  EXPECT_EQ(flow.events.back(), "inquiry_again");
  flow.call("mailed", "2026-03-17");
  flow.update(late.at("2026-03-20 10:00"));
  EXPECT_EQ(flow.call("status", "2026-03-20").at("round"), 2)
      << "the same form in the facts is no other visit";
  // Whatever day is told for the form, it is the one that the case's own letter ended with.
  Flow told_otherwise;
  told_otherwise.open(without_form());
  told_otherwise.call("mailed", "2026-02-13");
  told_otherwise.update(again("2026-03-16 10:00", {{"expires_on", "2026-05-31"}}));
  EXPECT_TRUE(told_otherwise.held);
  EXPECT_THAT(told_otherwise.said, HasSubstr("2026年3月15日"));
  EXPECT_EQ(told_otherwise.phase(), "to_mail");
}

TEST(TwoVisits, DC29_a_pin_that_does_not_match_makes_the_one_visit_two) {
  Flow flow;
  auto facts = proxy();
  for (const auto* pin : {"/pins/signature", "/pins/authentication", "/pins/resident_register"})
    facts = facts.with(pin, "unverified");
  flow.open(facts);
  EXPECT_FALSE(flow.held);
  EXPECT_THAT(flow.events, IsEmpty());
  flow.pin("resident_register", "matched");
  flow.pin("authentication", "mismatched");
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.events, ElementsAre("first_visit"));
  EXPECT_EQ(flow.call("status", "2026-02-12").at("pins"), json::array{"authentication"});

  // A slip of the clerk's own hand can be put right while the proxy is there,
  flow.update(facts);
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.events.back(), "not_needed");
  EXPECT_TRUE(flow.state.is_null());
  flow.pin("authentication", "mismatched");
  ASSERT_TRUE(flow.held);
  // but another day needs another form: this envelope has been opened.
  flow.update(facts.at("2026-02-13 10:00"));
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("filled in anew"));
  EXPECT_EQ(flow.case_state(), "waiting");
  flow.call("mailed", "2026-02-13");
  const auto second = again("2026-02-27 10:00", {{"issued_on", "2026-02-13"}, {"expires_on", "2026-03-15"}});
  flow.update(second);
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");
  // And so once more.
  flow.pin("signature", "mismatched");
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
  flow.update(second.at("2026-02-28 10:00"));
  EXPECT_TRUE(flow.held) << "the same envelope";
  EXPECT_EQ(flow.call("status", "2026-02-28").at("phase"), "to_mail");
}

TEST(TwoVisits, the_term_that_was_posted_outlives_a_change_of_the_rules) {
  Flow flow(with_term(60));
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.change_policy(with_term(14));
  EXPECT_EQ(flow.call("status", "2026-03-19").at("letter").at("return_by"), "2026-04-14");
  EXPECT_THAT(flow.refused("lapsed", "2026-03-19"), HasSubstr("not passed"));
  const auto form = flow.call("status", "2026-03-19").at("form").as_object();
  flow.update(again("2026-03-19 10:00", form));
  EXPECT_FALSE(flow.held) << "as it was promised";
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(TwoVisits, a_form_that_turns_up_at_once_or_the_holder_in_person_ends_the_inquiry) {
  Flow found;
  found.open(without_form());
  found.update(proxy());
  EXPECT_FALSE(found.held);
  EXPECT_TRUE(found.state.is_null());
  Flow holder;
  holder.open(without_form());
  holder.call("mailed", "2026-02-13");
  holder.update(Facts().at("2026-02-20 10:00"));
  EXPECT_FALSE(holder.held);
  EXPECT_THAT(holder.said, AllOf(HasSubstr("代理人ではない方"), Not(HasSubstr("2回目"))));
  EXPECT_EQ(holder.phase(), "second_visit");
}

TEST(TwoVisits, the_holder_told_by_mistake_costs_no_letter) {
  Flow flow;
  flow.open(without_form());
  const auto made = flow.call("letter", "2026-02-12").at("letter");
  flow.update(Facts());
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "none");
  EXPECT_THAT(flow.refused("letter", "2026-02-12"), HasSubstr("no inquiry"));
  flow.update(without_form());
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("これまでの照会を続けます"));
  EXPECT_EQ(flow.phase(), "to_mail");
  const auto again = flow.call("letter", "2026-02-13");
  EXPECT_TRUE(again.at("reprint").as_bool());
  EXPECT_EQ(again.at("letter"), made);
  EXPECT_EQ(again.at("round"), 1);
  EXPECT_THAT(flow.events, ElementsAre("first_visit", "letter_made", "not_needed", "goes_on", "letter_made"));
}

TEST(TwoVisits, the_holder_told_by_mistake_costs_no_letter_that_is_out_either) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(Facts().at("2026-02-20 10:00"));
  EXPECT_EQ(flow.phase(), "second_visit");
  flow.update(without_form().at("2026-02-20 10:05"));
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "mailed");
  const auto status = flow.call("status", "2026-02-20");
  EXPECT_EQ(status.at("round"), 1);
  EXPECT_FALSE(status.contains("second_visit_on"));
  flow.update(Facts().at("2026-02-20 10:10"));
  flow.update(without_form().at("2026-02-24 10:00"));
  const auto later = flow.call("status", "2026-02-24");
  EXPECT_EQ(later.at("phase"), "mailed") << "the letter that is out still runs";
  EXPECT_EQ(later.at("round"), 1) << "no proxy has come for a second visit";
  EXPECT_THAT(flow.said, HasSubstr("本人の来庁では手続きが完了していないため"));
  flow.update(Facts().at("2026-03-16 10:00"));
  flow.update(without_form().at("2026-03-17 10:00"));
  EXPECT_EQ(flow.phase(), "lapsed");
  EXPECT_TRUE(flow.held);
}

TEST(TwoVisits, an_opened_envelope_will_not_do_after_the_holder_was_told_either) {
  for (const bool posted : {true, false}) {
    for (const auto* back : {"2026-02-13 10:10", "2026-02-16 10:00"}) {
      Flow flow;
      flow.open(proxy());
      flow.pin("resident_register", "mismatched");
      ASSERT_TRUE(flow.held);
      if (posted) flow.call("mailed", "2026-02-12");
      flow.update(Facts().at("2026-02-13 10:00"));
      EXPECT_FALSE(flow.held) << "the holder needs no form";
      flow.update(proxy().at(back));
      EXPECT_TRUE(flow.held);
      EXPECT_THAT(flow.said, HasSubstr("filled in anew"));
      EXPECT_EQ(flow.phase(), posted ? "mailed" : "to_mail");
    }
  }
}

TEST(TwoVisits, the_form_that_was_posted_counts_after_the_holder_was_told) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(Facts().at("2026-02-20 10:00"));
  flow.update(again("2026-02-24 10:00", {{"issued_on", "2026-02-13"}, {"expires_on", "2026-03-15"}}));
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(TwoVisits, what_the_holder_ended_is_given_up_without_a_word_when_the_case_is) {
  Flow flow;
  flow.open(without_form());
  flow.update(Facts());
  flow.tell("case.cancelled");
  EXPECT_TRUE(flow.state.is_null());
  EXPECT_THAT(flow.events, Not(Contains("withdrawn")));
}

TEST(TwoVisits, nothing_was_posted_before_the_application_that_it_is_about) {
  Flow flow;
  flow.open(without_form());
  EXPECT_THAT(flow.refused("mailed", "2026-02-12", {{"on", "2026-02-11"}}), HasSubstr("12 February 2026"));
  EXPECT_THAT(flow.refused("letter", "2026-02-11"), HasSubstr("before the application"))
      << "by a wrong clock";
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-02-12");
  flow.update(again("2026-03-05 10:00", {{"expires_on", "2026-03-14"}, {"sealed", false}}));
  EXPECT_EQ(flow.phase(), "to_mail");
  EXPECT_THAT(flow.refused("mailed", "2026-03-05", {{"on", "2026-02-12"}}), HasSubstr("5 March 2026"))
      << "that was the letter before";
  const auto posted = flow.call("mailed", "2026-03-06", {{"on", "2026-03-05"}});
  EXPECT_EQ(posted.at("round"), 2);
  EXPECT_FALSE(posted.at("overdue").as_bool());
  EXPECT_EQ(posted.at("letter").at("issued_on"), "2026-03-05");
}

TEST(TwoVisits, what_is_no_reception_changes_nothing) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto before = flow.state;
  flow.update(again("2026-03-01 03:00", {{"expires_on", "2026-03-15"}}));
  EXPECT_EQ(flow.state, before) << "the office was closed";
  EXPECT_TRUE(flow.held);
  flow.tell("issue.begun");
  flow.tell("some.other");
  EXPECT_EQ(flow.state, before);
  Flow holder;
  holder.open(Facts());
  EXPECT_TRUE(holder.state.is_null()) << "nothing is kept of a case that is no proxy's";
}

TEST(TwoVisits, what_was_renewed_elsewhere_leaves_the_lists) {
  auto renewed = without_form();
  for (const auto* each : {"/certificates/signature/expires_on", "/certificates/authentication/expires_on"})
    renewed = renewed.with(each, "2031-04-10");
  for (const bool posted : {true, false}) {
    Flow flow;
    flow.open(without_form());
    if (posted) flow.call("mailed", "2026-02-13");
    flow.update(renewed);
    EXPECT_TRUE(flow.held) << "it may have been told wrongly";
    const auto told = [&] { return flow.decision_of(renewed.json()); };
    EXPECT_FALSE(codes(told()).contains("proxy.inquiry_not_needed")) << "it may be another card";
    EXPECT_FALSE(codes(told()).contains("proxy.reply_form_missing")) << "nobody is to come again with it";
    if (posted) {
      EXPECT_THAT(flow.said, HasSubstr("回答書があっても手続きできません"));
    }
    flow.renewed_elsewhere(renewed);
    EXPECT_FALSE(flow.held);
    EXPECT_THAT(flow.said, HasSubstr("この受付は取り消してください"));
    EXPECT_EQ(flow.phase(), "none");
    EXPECT_EQ(flow.events.back(), "not_needed");
    EXPECT_TRUE(codes(told()).contains("proxy.inquiry_not_needed"));
  }
  EXPECT_FALSE(codes(City().decide(renewed.json())).contains("proxy.inquiry_not_needed")) << "of no inquiry";
}

TEST(TwoVisits, another_card_laid_down_by_mistake_costs_no_inquiry) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto second = again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}});
  auto others = second;
  for (const auto* each : {"/certificates/signature/expires_on", "/certificates/authentication/expires_on"})
    others = others.with(each, "2031-04-10");
  flow.update(others);
  for (const auto& code : codes(flow.decision_of(others.json())))
    EXPECT_FALSE(code.starts_with("proxy.")) << code;
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "mailed");
  flow.update(second);
  EXPECT_EQ(flow.outcome(), "complete_today");
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(TwoVisits, one_certificate_renewed_elsewhere_leaves_the_other_to_be_asked_about) {
  Flow flow;
  flow.open(without_form());
  flow.renewed_elsewhere(without_form().with("/certificates/authentication/expires_on", "2031-04-10"));
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "to_mail");
}

TEST(TwoVisits, a_cancelled_case_gives_the_inquiry_up) {
  Flow flow;
  flow.open(without_form());
  flow.tell("case.cancelled");
  EXPECT_TRUE(flow.state.is_null());
  EXPECT_EQ(flow.events.back(), "withdrawn");
  Flow other;
  other.open(Facts());
  other.tell("case.cancelled");
  EXPECT_THAT(other.events, IsEmpty());
}

TEST(TwoVisits, nothing_of_a_person_is_kept) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto kept = json::serialize(flow.state);
  EXPECT_THAT(kept, Not(HasSubstr("1980-04-10"))) << "the holder's birthday";
  EXPECT_THAT(kept, Not(HasSubstr("drivers_licence")));
}

}  // namespace
}  // namespace madoguchi::plugins
