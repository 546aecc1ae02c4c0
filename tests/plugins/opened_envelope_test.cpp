// S16: an envelope that was opened in vain once issuing had begun, when nothing is applied for, will not do
// on another day.
#include <gmock/gmock.h>

#include "flow.hpp"

namespace madoguchi::plugins {
namespace {

using testing::HasSubstr;

Facts with_the_notices_form(std::string_view at, bool sealed = true) {
  return without_form().at(at).with_document(
      {{"type", "reply_form"}, {"source", "notice"}, {"sealed", sealed}, {"expires_on", "2026-04-10"}});
}

class OpenedEnvelope : public testing::Test {
 protected:
  void hand_over() {
    flow.open(with_the_notices_form("2026-02-12 10:00"));
    ASSERT_EQ(flow.outcome(), "complete_today");
    flow.begun = true;
  }

  Flow flow;
};

TEST_F(OpenedEnvelope, makes_two_visits_on_another_day) {
  hand_over();
  flow.recorded("signature", "mismatched", "2026-02-12");
  EXPECT_EQ(flow.phase(), "none") << "nothing is applied for while the terminal has the card";
  EXPECT_FALSE(flow.held);
  flow.withdrawn(without_form().at("2026-02-13 10:00").with("/documents", json::array()));
  EXPECT_EQ(flow.phase(), "none") << "the proxy is not identified";
  flow.update(with_the_notices_form("2026-02-13 10:00"));
  EXPECT_EQ(flow.outcome(), "two_visits");
  EXPECT_TRUE(flow.held);
  EXPECT_THAT(flow.said, HasSubstr("申請を受け付けました"));
  const auto status = flow.call("status", "2026-02-13");
  EXPECT_EQ(status.at("phase"), "to_mail");
  EXPECT_EQ(status.at("first_visit_on"), "2026-02-13");
  EXPECT_EQ(status.at("reasons"), json::array{"pin_mismatch"});
  EXPECT_EQ(status.at("pins"), json::array{"signature"});
  flow.update(with_the_notices_form("2026-02-13 11:00"));
  EXPECT_EQ(flow.outcome(), "two_visits") << "however often it is shown";
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}}));
  EXPECT_EQ(flow.outcome(), "complete_today");
  EXPECT_FALSE(flow.held);
}

TEST_F(OpenedEnvelope, is_no_other_that_the_holder_has_sealed_since) {
  hand_over();
  flow.recorded("signature", "mismatched", "2026-02-12");
  flow.withdrawn(without_form()
                     .at("2026-02-13 10:00")
                     .with_document({{"type", "reply_form"},
                                     {"source", "notice"},
                                     {"sealed", true},
                                     {"issued_on", "2026-02-12"},
                                     {"expires_on", "2026-04-10"}}));
  EXPECT_EQ(flow.outcome(), "complete_today");
  EXPECT_FALSE(flow.held);
}

TEST_F(OpenedEnvelope, is_the_days_own_where_a_slip_is_put_right) {
  hand_over();
  flow.recorded("signature", "mismatched", "2026-02-12");
  flow.recorded("authentication", "locked", "2026-02-12");
  flow.recorded("authentication", "matched", "2026-02-12");
  flow.recorded("signature", "matched", "2026-02-12");
  EXPECT_TRUE(flow.state.is_null());
  flow.withdrawn(with_the_notices_form("2026-02-13 10:00"));
  EXPECT_EQ(flow.outcome(), "complete_today");
}

TEST_F(OpenedEnvelope, brings_an_application_at_once_where_the_card_is_back_that_day) {
  hand_over();
  flow.recorded("signature", "mismatched", "2026-02-12");
  flow.withdrawn(with_the_notices_form("2026-02-12 12:00").with("/pins/signature", "mismatched"));
  EXPECT_EQ(flow.outcome(), "two_visits");
  EXPECT_EQ(flow.phase(), "to_mail");
  flow.update(with_the_notices_form("2026-02-12 12:30"));
  EXPECT_EQ(flow.outcome(), "complete_today") << "a slip";
  EXPECT_EQ(flow.phase(), "none");
}

TEST_F(OpenedEnvelope, of_the_second_visit_brings_another_letter) {
  flow.open(without_form());
  flow.call("mailed", "2026-02-13");
  flow.update(again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}}));
  ASSERT_EQ(flow.phase(), "second_visit");
  flow.begun = true;
  flow.recorded("signature", "mismatched", "2026-02-27");
  EXPECT_EQ(flow.phase(), "second_visit");
  flow.withdrawn(again("2026-03-02 10:00", {{"expires_on", "2026-03-15"}}));
  EXPECT_EQ(flow.outcome(), "two_visits");
  EXPECT_EQ(flow.phase(), "to_mail");
  EXPECT_EQ(flow.events.back(), "inquiry_again");
}

TEST_F(OpenedEnvelope, is_not_opened_in_vain_for_a_pin_that_the_letter_said_is_set_anew) {
  for (const auto* outcome : {"forgotten", "locked"}) {
    Flow terminal;
    terminal.open(without_form().with("/pins/authentication", outcome));
    terminal.call("mailed", "2026-02-13");
    const auto second = again("2026-02-27 10:00", {{"expires_on", "2026-03-15"}})
                            .with("/pins/authentication", outcome)
                            .with("/pins/signature", "unverified");
    terminal.update(second);
    ASSERT_EQ(terminal.outcome(), "complete_today");
    terminal.begun = true;
    terminal.recorded("authentication", outcome, "2026-02-27");
    terminal.withdrawn(second.at("2026-03-02 10:00"));
    EXPECT_EQ(terminal.outcome(), "complete_today") << outcome;
    EXPECT_EQ(terminal.phase(), "second_visit");
    EXPECT_EQ(terminal.decision_of(second.at("2026-03-02 10:00").json()).pin_resets,
              std::vector{policy::Pin::authentication});
    terminal.begun = true;
    terminal.recorded("signature", "mismatched", "2026-03-02");
    terminal.withdrawn(second.at("2026-03-03 10:00"));
    EXPECT_EQ(terminal.outcome(), "two_visits") << "the others are tried from it";
  }
}

TEST_F(OpenedEnvelope, of_what_is_left_of_a_case_that_has_begun_is_told_to_be_opened) {
  hand_over();
  flow.recorded("signature", "mismatched", "2026-02-12");
  flow.update(with_the_notices_form("2026-02-13 10:00"));
  EXPECT_EQ(flow.outcome(), "two_visits");
  EXPECT_EQ(flow.phase(), "none") << "no application is received for a rest";
}

TEST_F(OpenedEnvelope, is_nothing_that_the_holder_could_open) {
  flow.open(Facts());
  flow.recorded("signature", "mismatched", "2026-02-12");
  EXPECT_TRUE(flow.state.is_null());
}

}  // namespace
}  // namespace madoguchi::plugins
