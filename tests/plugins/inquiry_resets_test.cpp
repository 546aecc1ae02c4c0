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

}  // namespace
}  // namespace madoguchi::plugins
