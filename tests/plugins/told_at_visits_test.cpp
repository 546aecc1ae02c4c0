// What the proxy is told at a visit that cannot complete it: only what will happen.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string with_days(int likely) {
  return policy_text({{"notice_ends_with_certificate: true", "city_valid_days: 30"},
                      {"    pins_must_match: true", "    inquiry: {likely_days: " + std::to_string(likely) +
                                                        "}\n    pins_must_match: true"}});
}

Facts without_papers() {
  return Facts().with("/visitor/role", "proxy");
}

Facts come_again(std::string_view at) {
  return without_form().at(at).with("/visit", 2).with("/first_visit_on", "2026-02-12");
}

std::string said(City& city, const Facts& facts, const char* code) {
  const auto decision = city.decide(facts.json());
  const auto* finding = decision.finding(code);
  return finding == nullptr ? "" : finding->message.ja + "|" + finding->message.en;
}

TEST(ToldAtVisits, a_form_left_at_home_is_to_be_brought_and_no_other_is_promised) {
  Flow flow(with_days(10));
  flow.open(without_form());
  EXPECT_THAT(flow.said, HasSubstr("1回目の来庁"));
  flow.call("mailed", "2026-02-13");
  EXPECT_THAT(flow.said, AllOf(HasSubstr("2026年2月13日"), HasSubstr("期限:2026年3月15日"),
                               HasSubstr("has to come again by then")));
  const auto waits = flow.said;
  const auto facts = come_again("2026-02-20 10:00");
  EXPECT_EQ(flow.city->decide(facts.json()).outcome, policy::Outcome::two_visits);
  EXPECT_THAT(said(*flow.city, facts, "proxy.reply_form_missing"),
              AllOf(HasSubstr("本日は手続きできません"), HasSubstr("期限までにもう一度お越しください"),
                    Not(HasSubstr("申請")), Not(HasSubstr("application"))));
  EXPECT_EQ(flow.city->decide(facts.json()).finding("proxy.inquiry_days"), nullptr);
  flow.update(facts);
  EXPECT_EQ(flow.phase(), "mailed");
  EXPECT_EQ(flow.said, waits) << "as it was";
  flow.call("returned", "2026-02-24");
  EXPECT_THAT(flow.said, AllOf(HasSubstr("回答書が届きました"), HasSubstr("15 March 2026")));
  flow.call("lapsed", "2026-03-16");
  EXPECT_THAT(flow.said, HasSubstr("another letter is needed"));
}

TEST(ToldAtVisits, who_is_not_received_is_told_of_no_application) {
  City city(with_days(10));
  for (const auto& facts :
       {without_papers(), without_form().at("2026-02-12 03:00"), without_form().at("2025-12-10 10:00"),
        without_form().with("/card/expires_on", "2026-02-01")}) {
    const auto decision = city.decide(facts.json());
    EXPECT_NE(decision.outcome, policy::Outcome::two_visits);
    EXPECT_THAT(said(city, facts, "proxy.reply_form_missing"),
                AllOf(HasSubstr("申請はまだ受け付けていません"), HasSubstr("is not received yet"),
                      Not(HasSubstr("本日は申請のみ"))));
    EXPECT_EQ(decision.finding("proxy.inquiry_days"), nullptr);
  }
}

TEST(ToldAtVisits, what_came_back_and_will_not_do_brings_another_letter_only_where_it_is_received) {
  City city(with_days(10));
  const auto unsealed = again("2026-02-16 10:00", {{"expires_on", "2026-03-15"}, {"sealed", false}});
  EXPECT_THAT(said(city, unsealed, "proxy.reply_form_not_sealed"),
              AllOf(HasSubstr("新しい照会書兼回答書を郵送します"), Not(HasSubstr("申請"))));
  EXPECT_THAT(said(city, unsealed, "proxy.inquiry_days"),
              AllOf(HasSubstr("次の来庁までの目安:2026年2月16日からおおむね10日"),
                    HasSubstr("about 10 days from 16 February 2026")));
  const auto closed = unsealed.at("2026-02-16 03:00");
  EXPECT_THAT(said(city, closed, "proxy.reply_form_not_sealed"), HasSubstr("a new form is needed"));
  EXPECT_EQ(said(city, closed, "proxy.inquiry_days"), "");
}

// A front-end that does not say which visit it is says 1.
TEST(ToldAtVisits, no_letter_is_promised_while_one_is_out_whatever_visit_is_told) {
  Flow flow(with_days(10));
  flow.open(without_form());
  const auto told = [&](std::string_view at) {
    const auto decision = flow.decision_of(without_form().at(at).json());
    const auto* finding = decision.finding("proxy.reply_form_missing");
    EXPECT_EQ(decision.finding("proxy.inquiry_days") != nullptr,
              flow.phase() == "to_mail" && at != "2026-02-20 03:00");
    return finding == nullptr ? "" : finding->message.ja + "|" + finding->message.en;
  };
  EXPECT_THAT(told("2026-02-12 11:00"), HasSubstr("本日は申請のみ受け付けます")) << "on the same day";
  for (const auto* at : {"2026-02-20 10:00", "2026-02-20 03:00"}) {
    EXPECT_THAT(told(at), AllOf(HasSubstr("申請は受付済みで"), HasSubstr("will be posted"),
                                Not(HasSubstr("まだ受け付けていません"))));
  }
  flow.call("mailed", "2026-02-13");
  for (const auto* at : {"2026-02-20 10:00", "2026-02-20 03:00"}) {
    EXPECT_THAT(told(at), AllOf(HasSubstr("郵送済みです(2026年2月13日、期限:2026年3月15日)"),
                                HasSubstr("本人が記入・封入したものを持って、期限までに"),
                                HasSubstr("was posted to the holder on 13 February 2026"),
                                Not(HasSubstr("後日")), Not(HasSubstr("受け付けていません"))));
  }
  flow.update(without_form().at("2026-02-20 10:00"));
  EXPECT_EQ(flow.phase(), "mailed");
  EXPECT_THAT(told("2026-03-16 10:00"), HasSubstr("期限(2026年3月15日)が過ぎているため"));
  flow.call("returned", "2026-02-24");
  EXPECT_THAT(told("2026-02-25 10:00"),
              AllOf(HasSubstr("回答書は届いており(2026年2月24日)"), HasSubstr("2回目の来庁として"),
                    HasSubstr("is kept here"), Not(HasSubstr("郵送"))));
}

TEST(ToldAtVisits, what_is_promised_of_another_letter_is_what_is_kept) {
  const auto open_one = without_form().with_document(
      {{"type", "reply_form"}, {"source", "city"}, {"sealed", false}, {"expires_on", "2026-03-15"}});
  Flow flow(with_days(10));
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto facts = open_one.at("2026-02-20 10:00");
  const auto decision = flow.decision_of(facts.json());
  ASSERT_NE(decision.finding("proxy.reply_form_not_sealed"), nullptr);
  EXPECT_THAT(decision.finding("proxy.reply_form_not_sealed")->message.ja,
              HasSubstr("新しい照会書兼回答書を郵送します"));
  ASSERT_NE(decision.finding("proxy.inquiry_days"), nullptr);
  EXPECT_THAT(decision.finding("proxy.inquiry_days")->message.ja,
              HasSubstr("次の来庁までの目安:2026年2月20日からおおむね10日"));
  flow.update(facts);
  EXPECT_EQ(flow.phase(), "to_mail");
  EXPECT_EQ(flow.call("status", "2026-02-20").at("round"), 2);
}

TEST(ToldAtVisits, what_is_left_of_a_case_is_told_what_it_lacks_and_no_application) {
  City city(with_days(10));
  const auto lost = proxy().with("/pins/signature", "mismatched").with("/pins/resident_register", "locked");
  const auto decision = city.decide(lost.json(), {.application = false});
  const auto* finding = decision.finding("proxy.pin_mismatch");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->params.at("pins"), (json::array{"resident_register", "signature"}));
  EXPECT_EQ(finding->params.at("follows"), "no_application");
  EXPECT_THAT(finding->message.ja,
              AllOf(HasSubstr("住民基本台帳用の暗証番号、署名用電子証明書の暗証番号が照合できません"),
                    HasSubstr("残りの手続きは本日はできません"),
                    HasSubstr("正しい暗証番号を記入し、封入封かんした"), Not(HasSubstr("郵送"))));
  EXPECT_THAT(finding->message.en,
              AllOf(HasSubstr("PIN of the signature certificate"), Not(HasSubstr("posted"))));
  const auto without = city.decide(without_form().json(), {.application = false});
  ASSERT_NE(without.finding("proxy.reply_form_missing"), nullptr);
  EXPECT_THAT(without.finding("proxy.reply_form_missing")->message.ja,
              AllOf(HasSubstr("有効期限内の照会書兼回答書が必要です"), Not(HasSubstr("申請"))));
  for (const auto* all : {&decision, &without}) EXPECT_EQ(all->finding("proxy.inquiry_days"), nullptr);
}

TEST(ToldAtVisits, a_later_round_is_likely_from_its_own_day) {
  Flow flow(with_days(10));
  flow.open(without_form());
  EXPECT_THAT(flow.said, HasSubstr("申請からおおむね10日"));
  flow.call("mailed", "2026-02-12");
  flow.update(again("2026-02-16 10:00", {{"expires_on", "2026-03-14"}, {"sealed", false}}));
  EXPECT_THAT(flow.said, HasSubstr("2026年2月16日からおおむね10日"));
  EXPECT_EQ(flow.call("status", "2026-02-16").at("likely_on"), "2026-02-26");
}

TEST(ToldAtVisits, a_seal_overlooked_and_put_right_on_the_same_day_costs_no_letter) {
  const json::object form{{"expires_on", "2026-03-14"}};
  json::object open = form;
  open["sealed"] = false;
  const auto sealed_without_licence =
      without_papers()
          .at("2026-02-16 10:05")
          .with("/visit", 2)
          .with("/first_visit_on", "2026-02-12")
          .with_document(
              {{"type", "reply_form"}, {"source", "city"}, {"sealed", true}, {"expires_on", "2026-03-14"}});
  for (const bool printed : {false, true}) {
    Flow flow(with_days(10));
    flow.open(without_form());
    flow.call("mailed", "2026-02-12");
    flow.update(again("2026-02-16 10:00", open));
    EXPECT_EQ(flow.phase(), "to_mail");
    if (printed) flow.call("letter", "2026-02-16");
    flow.update(sealed_without_licence);
    EXPECT_TRUE(flow.held);
    EXPECT_THAT(flow.said,
                AllOf(HasSubstr("新しい照会書兼回答書は郵送しません"), HasSubstr("期限:2026年3月14日")));
    EXPECT_EQ(flow.phase(), "mailed");
    EXPECT_EQ(flow.call("status", "2026-02-16").at("round"), 1);
    flow.update(again("2026-02-16 11:00", form));
    EXPECT_FALSE(flow.held);
    EXPECT_EQ(flow.phase(), "second_visit");
  }
  Flow late(with_days(10));
  late.open(without_form());
  late.call("mailed", "2026-02-12");
  late.update(again("2026-02-16 10:00", open));
  late.call("mailed", "2026-02-16");
  late.update(sealed_without_licence);
  EXPECT_EQ(late.call("status", "2026-02-16").at("round"), 2) << "the new letter is out";
}

TEST(ToldAtVisits, S10_a_certificate_that_ends_before_the_next_visit_is_said_to) {
  City city(with_days(10));
  const auto late = without_form().at("2026-04-07 10:00");
  EXPECT_THAT(said(city, late, "proxy.certificate_ends_first"),
              AllOf(HasSubstr("2026年4月10日"), HasSubstr("2026年4月17日ごろ"), HasSubstr("新規発行"),
                    HasSubstr("services that use it stop")));
  EXPECT_EQ(said(city, without_form(), "proxy.certificate_ends_first"), "") << "time enough";
  EXPECT_EQ(said(city, without_form().at("2026-04-13 10:00"), "proxy.certificate_ends_first"), "")
      << "it has ended already";
}

TEST(ToldAtVisits, the_mandate_covers_what_the_last_day_of_the_certificate_makes_of_it) {
  const auto action = [](std::string_view visit, std::string_view letter) {
    Flow flow;
    flow.open(without_form().at(visit));
    return flow.call("letter", letter).at("letter").at("certificates").at(0).at("action");
  };
  EXPECT_EQ(action("2026-03-10 10:00", "2026-03-11"), "renew") << "back by 10 April, its last day";
  EXPECT_EQ(action("2026-03-10 10:00", "2026-03-12"), "undecided");
  EXPECT_EQ(action("2026-04-13 10:00", "2026-04-13"), "issue_new");
}

TEST(TwoVisits, whoever_is_sent_elsewhere_is_not_asked_beside_it_to_come_again) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto ending =
      again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}}).with("/card/expires_on", "2026-04-10");
  flow.update(ending);
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("判定にある案内を先に"));
  EXPECT_THAT(flow.said, Not(HasSubstr("もう一度お越し")));
  flow.said.clear();
  flow.update(ending);
  EXPECT_EQ(flow.said, "") << "said once";
  flow.update(without_form().at("2026-02-27 10:00"));
  EXPECT_THAT(flow.said, HasSubstr("期限までにもう一度お越し")) << "put right";
  flow.update(again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}}));
  EXPECT_FALSE(flow.held);
}

TEST(TwoVisits, an_office_that_opens_only_after_the_term_is_no_place_to_come_again_to) {
  Flow flow(with_term(10));
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-22 10:00", {{"expires_on", "2026-02-23"}}));
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("期限までに開きません")) << flow.said;
}

}  // namespace
}  // namespace madoguchi::plugins
