// Days to come of which the list of holidays does not speak.
#include <gmock/gmock.h>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using testing::HasSubstr;

// After the last day of the list of holidays nobody knows whether a weekday is one.
TEST(Holidays, an_opening_beyond_the_known_ones_is_told_with_a_warning) {
  auto policy = with_calendar();
  policy.calendar.known_from = day("2026-01-01");
  policy.calendar.known_to = day("2026-12-31");
  auto facts = base_case();
  facts.at = time("2026-12-31 10:00");
  auto decision = decide(policy, facts);
  EXPECT_EQ(decision.next_opening, time("2027-01-04 08:30"));
  ASSERT_NE(decision.finding("calendar.holidays_unknown"), nullptr);
  EXPECT_EQ(decision.finding("calendar.holidays_unknown")->severity, Severity::advise);
  EXPECT_EQ(decision.finding("calendar.holidays_unknown")->params.at("day"), "2027-01-04");
  EXPECT_THAT(decision.finding("calendar.holidays_unknown")->message.ja,
              HasSubstr("登録は2026年1月1日から2026年12月31日まで"));
  facts.at = time("2027-02-11 10:00");  // a holiday, but not in the list
  EXPECT_EQ(decide(policy, facts).finding("calendar.holidays_unknown")->params.at("day"), "2027-02-11");
  policy.offices.front().on_holidays = OnHolidays::as_weekday;
  EXPECT_EQ(decide(policy, facts).finding("calendar.holidays_unknown"), nullptr) << "open on them anyway";
  EXPECT_EQ(decide(with_calendar(), base_case()).finding("calendar.holidays_unknown"), nullptr);
}

TEST(Holidays, every_day_to_come_back_on_beyond_the_known_ones_is_told_with_a_warning) {
  auto policy = with_calendar();
  policy.calendar.known_to = day("2026-02-13");
  const auto doubted = [&](const Facts& facts) {
    const auto decision = decide(policy, facts);
    const auto* finding = decision.finding("calendar.holidays_unknown");
    return finding == nullptr ? std::string() : std::string(finding->params.at("day").as_string());
  };
  auto facts = base_case();
  ReservationRule rule;
  rule.key = "offices[0].reservations[0]";
  rule.book_by = BookingDeadline{1, BookingDays::open_days, {}};
  policy.offices.front().reservations = {rule};
  EXPECT_EQ(doubted(facts), "") << "Friday can be booked";
  policy.offices.front().reservations.front().book_by->days_before = 2;
  EXPECT_EQ(doubted(facts), "2026-02-16") << "Monday is the first that can";
  policy.offices.front().reservations.clear();
  // Another office is told as the one to go to, from Monday on.
  auto other = policy.offices.front();
  other.id = "post-office";
  other.services = {Service::expiry_check};
  other.on_holidays = OnHolidays::as_weekday;
  other.key = "offices[1]";
  policy.offices.push_back(other);
  facts.office = "post-office";
  EXPECT_EQ(doubted(facts), "") << "it receives right now";
  policy.offices.front().weekly.at(4) = policy.offices.front().weekly.at(5) = {};
  EXPECT_EQ(doubted(facts), "2026-02-16");
  policy.offices.front().on_holidays = OnHolidays::as_weekday;
  EXPECT_EQ(doubted(facts), "") << "open on them anyway";
}

TEST(Holidays, no_first_day_at_the_counter_is_told_beyond_the_known_ones) {
  auto policy = with_calendar();
  policy.calendar.known_from = day("2026-01-01");
  policy.calendar.known_to = day("2027-12-31");
  const auto told = [&](std::string_view ends) {
    auto facts = base_case();
    set_certificates(facts, ends);
    const auto decision = decide(policy, facts);
    return decision.finding("window.too_early")->params.contains("first_counter_day");
  };
  EXPECT_TRUE(told("2028-03-10"));
  EXPECT_FALSE(told("2028-05-01")) << "opens in February 2028";
  policy.calendar.known_to = day("2035-12-31");
  EXPECT_FALSE(told("2028-05-01")) << "plugins were asked about 2026 and 2027 only";
}

}  // namespace
}  // namespace madoguchi::policy
