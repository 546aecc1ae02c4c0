// What the inquiry letter asks the holder about, and which letter a form answers.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;
using testing::Not;

json::object letter_for(const Facts& facts) {
  Flow flow;
  flow.open(facts);
  EXPECT_TRUE(flow.held);
  return flow.call("letter", "2026-02-13").at("letter").as_object();
}

json::array asked(std::string_view action) {
  const auto said = json::string(action);
  return {{{"certificate", "signature"}, {"action", said}},
          {{"certificate", "authentication"}, {"action", said}}};
}

TEST(InquiryLetter, R22_of_a_first_visit_without_the_holders_card_names_what_is_wanted) {
  const auto facts =
      without_form().with("/card", json::object{{"presented", false}}).with("/certificates", json::object{});
  const auto letter = letter_for(facts);
  EXPECT_EQ(letter.at("certificates"), asked("undecided"));
  EXPECT_FALSE(letter.contains("pins")) << "those of the certificates, and the resident register's";
  const auto one = letter_for(facts.with("/wanted", json::array{"authentication"}));
  EXPECT_EQ(one.at("certificates"),
            json::parse(R"([{"certificate": "authentication", "action": "undecided"}])"));
}

TEST(InquiryLetter, before_a_pin_reset_names_the_pins_that_are_lost) {
  const auto reset = without_form().with("/purpose", "pin_reset");
  const auto untold = letter_for(reset);
  EXPECT_EQ(untold.at("certificates"), asked("reset_pin"));
  EXPECT_FALSE(untold.contains("pins"));
  const auto locked =
      letter_for(reset.with("/pins/authentication", "locked").with("/pins/resident_register", "forgotten"));
  EXPECT_EQ(locked.at("certificates"),
            json::parse(R"([{"certificate": "authentication", "action": "reset_pin"}])"));
  EXPECT_EQ(locked.at("pins"), (json::array{"resident_register", "authentication"}));
}

TEST(InquiryLetter, before_a_pin_reset_names_nothing_of_a_certificate_that_the_card_does_not_hold) {
  const auto reset = without_form()
                         .with("/purpose", "pin_reset")
                         .with("/certificates/signature", json::object{{"state", "absent"}});
  const auto only = json::parse(R"([{"certificate": "authentication", "action": "reset_pin"}])");
  EXPECT_EQ(letter_for(reset).at("certificates"), only) << "which of them is not told";
  const auto told =
      letter_for(reset.with("/pins/signature", "locked").with("/pins/authentication", "locked"));
  EXPECT_EQ(told.at("certificates"), only);
  EXPECT_EQ(told.at("pins"), json::array{"authentication"});
}

TEST(InquiryLetter, leaves_out_what_nothing_is_done_about_yet) {
  const auto letter = letter_for(without_form().with("/certificates/signature/expires_on", "2026-12-31"));
  EXPECT_EQ(letter.at("certificates"),
            json::parse(R"([{"certificate": "authentication", "action": "renew"}])"));
  EXPECT_EQ(letter.at("pins"), (json::array{"resident_register", "authentication"}));
}

TEST(InquiryLetter, asks_for_no_pin_of_a_card_without_any) {
  EXPECT_EQ(letter_for(without_form().with("/card/face_authentication", true)).at("pins"), json::array());
}

// Posted on 13 February, with a term of thirty days.
Flow posted() {
  Flow flow;
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  return flow;
}

TEST(InquiryForm, of_a_letter_whose_posting_was_forgotten_counts_after_a_lapse_as_it_does_before) {
  auto flow = posted();
  flow.call("lapsed", "2026-03-16");
  flow.call("letter", "2026-03-18", {{"anew", true}});
  const auto form = flow.call("status", "2026-04-01").at("form").as_object();
  EXPECT_EQ(form.at("expires_on"), "2026-04-17") << "the last letter's";
  flow.update(again("2026-04-01 10:00", form));
  EXPECT_FALSE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("郵送の記録はありません"));
  EXPECT_EQ(flow.phase(), "second_visit");
}

TEST(InquiryForm, of_a_letter_that_nobody_recorded_waits_for_the_record) {
  auto flow = posted();
  flow.update(again("2026-03-16 10:00", {{"expires_on", "2026-03-15"}}));
  ASSERT_EQ(flow.phase(), "to_mail");
  const auto before = flow.state;
  const auto unknown = again("2026-04-01 10:00", {{"expires_on", "2026-04-20"}});
  flow.update(unknown);
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("record it first"));
  EXPECT_EQ(flow.state, before);
  flow.call("mailed", "2026-04-01", {{"on", "2026-03-21"}});
  flow.update(unknown);
  EXPECT_FALSE(flow.held);
  EXPECT_THAT(flow.said, Not(HasSubstr("郵送の記録はありません")));
}

TEST(InquiryForm, of_an_earlier_letter_no_longer_counts_once_another_was_made) {
  auto flow = posted();
  flow.call("letter", "2026-02-20", {{"anew", true}});
  const auto first = again("2026-02-27 10:00", {{"issued_on", "2026-02-13"}, {"expires_on", "2026-03-15"}});
  flow.update(first);
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("以前の照会書(期限:2026年3月15日)"));
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-02-27");
  flow.update(first);
  EXPECT_TRUE(flow.held);
  EXPECT_EQ(flow.phase(), "mailed");
  const json::object second{
      {"type", "reply_form"}, {"source", "city"}, {"sealed", true}, {"expires_on", "2026-03-22"}};
  flow.update(first.with_document(second));
  EXPECT_FALSE(flow.held) << "the right one is there too";
  EXPECT_EQ(flow.phase(), "second_visit");
}

}  // namespace
}  // namespace madoguchi::plugins
