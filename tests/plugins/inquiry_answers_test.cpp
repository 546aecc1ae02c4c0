// Who answers in the holder's place, and what the holder's answer is good for.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;
using testing::Not;

// A form whose PIN did not match: its envelope is open, and the holder is asked.
Flow opened_envelope() {
  Flow flow;
  flow.open(proxy().with("/pins/authentication", "unverified"));
  flow.pin("authentication", "mismatched");
  EXPECT_TRUE(flow.held);
  flow.call("mailed", "2026-02-12");
  return flow;
}

Facts guardian(std::string_view at) {
  return Facts()
      .at(at)
      .with("/holder/adult_ward", true)
      .with("/visitor/role", "legal_representative")
      .with("/visitor/relationship", "guardian")
      .with_document({{"type", "drivers_licence"}})
      .with_document({{"type", "guardianship_registration"}, {"issued_on", "2026-02-01"}});
}

TEST(InquiryAnswers, S19_who_represents_the_holder_by_law_needs_no_form_after_a_wrong_pin) {
  auto flow = opened_envelope();
  flow.update(guardian("2026-02-13 10:00"));
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");

  auto mistold = opened_envelope();
  mistold.update(guardian("2026-02-13 10:00"));
  mistold.update(without_form().at("2026-02-13 10:05"));
  EXPECT_TRUE(mistold.held) << "told by mistake: the inquiry goes on";
  EXPECT_EQ(mistold.phase(), "mailed");
}

TEST(InquiryAnswers, S18_a_relative_who_represents_nobody_waits_for_the_form_as_a_proxy_does) {
  auto flow = opened_envelope();
  const auto parent = proxy()
                          .at("2026-02-13 10:00")
                          .with("/visitor/role", "legal_representative")
                          .with("/visitor/relationship", "parent");
  flow.update(parent);
  EXPECT_TRUE(flow.held) << "the holder is an adult";
  EXPECT_THAT(flow.said, HasSubstr("filled in anew"));
  EXPECT_EQ(flow.phase(), "mailed");
}

json::object city_form(std::string_view expires_on) {
  return {
      {"type", "reply_form"}, {"source", "city"}, {"sealed", true}, {"expires_on", json::string(expires_on)}};
}

Facts wanting(const Facts& facts, std::initializer_list<std::string_view> names) {
  json::array wanted;
  for (const auto name : names) wanted.emplace_back(json::string(name));
  return facts.with("/wanted", std::move(wanted));
}

// Both visits of a reset, posted on 13 February with a term of thirty days.
Flow asked_about_a_reset() {
  Flow flow;
  const auto reset = without_form().with("/purpose", "pin_reset").with("/pins/authentication", "forgotten");
  flow.open(reset);
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-27 10:00", city_form("2026-03-15"))
                  .with("/purpose", "pin_reset")
                  .with("/pins/authentication", "forgotten"));
  EXPECT_FALSE(flow.held);
  return flow;
}

TEST(InquiryAnswers, about_a_reset_are_none_about_a_renewal) {
  auto flow = asked_about_a_reset();
  const auto renewal = again("2026-02-27 10:05", city_form("2026-03-15"));
  flow.update(renewal);
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("利用者証明用電子証明書の更新についてのものではありません"));
  EXPECT_THAT(flow.said, HasSubstr("改めて郵送します"));
  EXPECT_THAT(flow.said, Not(HasSubstr("本日手続きできます"))) << "it is good for no part of it";
  const auto status = flow.call("status", "2026-02-27");
  EXPECT_EQ(status.at("phase"), "to_mail");
  EXPECT_EQ(status.at("round"), 2);
  EXPECT_EQ(status.at("reasons"), json::array{"asked_about_less"});
  flow.update(renewal.at("2026-02-27 10:10"));
  EXPECT_TRUE(flow.held) << "not at the second try either";
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
  flow.call("mailed", "2026-02-28");
  flow.update(again("2026-03-10 10:00", city_form("2026-03-30")));
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(InquiryAnswers, about_a_reset_do_where_the_notices_form_has_asked_about_the_renewal) {
  auto flow = asked_about_a_reset();
  flow.update(proxy()
                  .at("2026-02-27 10:05")
                  .with("/visit", 2)
                  .with("/first_visit_on", "2026-02-12")
                  .with_document(city_form("2026-03-15")));
  EXPECT_FALSE(flow.held);
}

TEST(InquiryAnswers, about_one_certificate_are_none_about_the_other) {
  Flow flow;
  flow.open(wanting(without_form(), {"signature"}));
  flow.call("mailed", "2026-02-13");
  const auto second = again("2026-02-27 10:00", city_form("2026-03-15"));
  flow.update(second);
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said,
              HasSubstr("これまでの照会書は利用者証明用電子証明書の更新についてのものではありません"));
  EXPECT_THAT(flow.said, HasSubstr("照会した内容だけに受付を改めれば、本日手続きできます"));
  flow.update(wanting(second, {"signature"}));
  EXPECT_FALSE(flow.held) << "what the holder was asked about goes on";
  EXPECT_EQ(flow.phase(), "second_visit");
  EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 1) << "and no other letter is posted";
  flow.update(second);
  EXPECT_TRUE(flow.held) << "nor is it added once the visit is received";
  flow.update(wanting(second, {"signature"}));
  EXPECT_FALSE(flow.held);
}

// Also where the second visit had been received before, and the other letter was printed, but not posted.
TEST(InquiryAnswers, are_as_good_as_they_were_once_the_visit_is_put_right) {
  for (const bool printed : {false, true}) {
    SCOPED_TRACE(printed);
    Flow flow;
    flow.open(wanting(without_form(), {"signature"}));
    flow.call("mailed", "2026-02-13");
    const auto second = again("2026-02-27 10:00", city_form("2026-03-15"));
    flow.update(wanting(second, {"signature"}));
    const auto as_it_was = flow.call("status", "2026-02-27");
    ASSERT_EQ(as_it_was.at("phase"), "second_visit");
    for (int mistakes = 0; mistakes < 2; ++mistakes) {
      flow.update(second);
      EXPECT_TRUE(flow.held);
      EXPECT_EQ(flow.call("status", "2026-02-27").at("round"), 2);
      if (printed) flow.call("letter", "2026-02-27");
      flow.update(wanting(second, {"signature"}));
      EXPECT_FALSE(flow.held);
      EXPECT_THAT(flow.said, HasSubstr("2回目の来庁として手続きできます"));
      EXPECT_EQ(flow.call("status", "2026-02-27"), as_it_was);
    }
    flow.update(second);
    flow.call("mailed", "2026-02-27");
    flow.update(wanting(second, {"signature"}));
    EXPECT_TRUE(flow.held) << "the other letter is out";
  }
}

TEST(InquiryAnswers, about_a_reset_are_as_good_as_they_were_once_a_renewal_was_told_by_mistake) {
  auto flow = asked_about_a_reset();
  const auto as_it_was = flow.call("status", "2026-02-27");
  const auto form = city_form("2026-03-15");
  flow.update(again("2026-02-27 10:05", form));
  flow.call("letter", "2026-02-27");
  flow.update(again("2026-02-27 10:10", form)
                  .with("/purpose", "pin_reset")
                  .with("/pins/authentication", "forgotten"));
  EXPECT_FALSE(flow.held);
  EXPECT_EQ(flow.call("status", "2026-02-27"), as_it_was);
}

TEST(InquiryAnswers, about_one_pins_reset_are_none_about_anothers) {
  Flow flow;
  const auto reset = without_form().with("/purpose", "pin_reset").with("/pins/authentication", "forgotten");
  flow.open(reset);
  flow.call("mailed", "2026-02-13");
  const auto second = again("2026-02-27 10:00", city_form("2026-03-15")).with("/purpose", "pin_reset");
  flow.update(second.with("/pins/authentication", "forgotten").with("/pins/signature", "locked"));
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("署名用電子証明書の暗証番号の初期化についてのものではありません"));
  flow.update(second.with("/pins/authentication", "forgotten"));
  EXPECT_FALSE(flow.held);
}

TEST(InquiryAnswers, a_renewal_that_has_become_a_new_issuance_is_the_same_question) {
  Flow flow(with_term(90));
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-04-13 10:00", city_form("2026-05-14")));
  EXPECT_FALSE(flow.held) << "the certificates ended on 10 April";
}

TEST(InquiryLetter, that_is_not_posted_yet_is_made_anew_for_what_is_wanted_now) {
  Flow flow;
  flow.open(wanting(without_form(), {"signature"}));
  flow.call("letter", "2026-02-12");
  flow.update(without_form());
  const auto both = flow.call("letter", "2026-02-12");
  EXPECT_FALSE(both.at("reprint").as_bool()) << "two different forms are not one letter";
  EXPECT_EQ(both.at("letter").at("certificates").as_array().size(), 2);
  EXPECT_EQ(both.at("letter").at("pins").as_array().size(), 3);
  flow.update(without_form().with("/visitor/same_household", true));
  EXPECT_TRUE(flow.call("letter", "2026-02-13").at("reprint").as_bool()) << "it asks the same";
}

TEST(InquiryLetter, that_was_posted_is_printed_again_as_it_was) {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  const auto posted = flow.call("letter", "2026-02-13").at("letter");
  flow.update(wanting(without_form(), {"authentication"}));
  const auto again = flow.call("letter", "2026-02-14");
  EXPECT_TRUE(again.at("reprint").as_bool());
  EXPECT_EQ(again.at("letter"), posted);
  const auto anew = flow.call("letter", "2026-02-14", {{"anew", true}}).at("letter");
  EXPECT_EQ(anew.at("certificates"),
            json::parse(R"([{"certificate": "authentication", "action": "renew"}])"));
  EXPECT_EQ(anew.at("pins"), (json::array{"resident_register", "authentication"}));
}

}  // namespace
}  // namespace madoguchi::plugins
