// What the inquiry letter asks the holder about.
#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

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

TEST(InquiryLetter, leaves_out_what_nothing_is_done_about_yet) {
  const auto letter = letter_for(without_form().with("/certificates/signature/expires_on", "2026-12-31"));
  EXPECT_EQ(letter.at("certificates"),
            json::parse(R"([{"certificate": "authentication", "action": "renew"}])"));
  EXPECT_EQ(letter.at("pins"), (json::array{"resident_register", "authentication"}));
}

TEST(InquiryLetter, asks_for_no_pin_of_a_card_without_any) {
  EXPECT_EQ(letter_for(without_form().with("/card/face_authentication", true)).at("pins"), json::array());
}

}  // namespace
}  // namespace madoguchi::plugins
