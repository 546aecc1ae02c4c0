#include "base/calendar.hpp"

#include <gtest/gtest.h>

#include "base/visit_time.hpp"

namespace madoguchi::base {
namespace {

Date day(std::string_view text) {
  return parse_date(text).value();
}
Instant at(std::string_view text) {
  return parse_time(text).value();
}

TEST(Calendar, dates_are_strict) {
  EXPECT_EQ(format_date(day("2024-02-29")), "2024-02-29");
  for (const auto* bad : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-01 ",
                          "2026/01/01", "", "1867-12-31", "+026-01-01"}) {
    EXPECT_FALSE(parse_date(bad)) << bad;
  }
}

TEST(Calendar, times_have_an_offset_and_are_told_in_japans) {
  EXPECT_EQ(format_time(at("2026-04-07T01:00:00Z")), "2026-04-07T10:00:00+09:00");
  EXPECT_EQ(format_time(at("2026-04-07T10:00:00.120+09:00")), "2026-04-07T10:00:00.120+09:00");
  EXPECT_EQ(at("2026-04-07T10:00:00.1239+09:00"), at("2026-04-07T10:00:00.123+09:00"));
  EXPECT_EQ(at("2026-04-06T20:30:00-04:30"), at("2026-04-07T10:00:00+09:00"));
  for (const auto* bad :
       {"2026-04-07T10:00:00", "2026-04-07 10:00:00Z", "2026-04-07T24:00:00Z", "2026-04-07T10:60:00Z",
        "2026-04-07T10:00:60Z", "2026-04-07T10:00:00.Z", "2026-04-07T10:00:00+9:00",
        "2026-04-07T10:00:00+24:00", "2026-02-30T10:00:00Z", "2026-04-07"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(Calendar, a_visit_is_in_our_time) {
  EXPECT_TRUE(is_visit_time(at("2000-01-01T00:00:00+09:00")));
  EXPECT_TRUE(is_visit_time(at("2199-12-31T23:59:59+09:00")));
  for (const auto* bad : {"1999-12-31T23:59:59+09:00", "2200-01-01T00:00:00+09:00", "9999-06-01T00:00:00Z"}) {
    EXPECT_FALSE(is_visit_time(at(bad))) << bad;
  }
}

TEST(Calendar, a_day_in_japan_begins_at_15_utc) {
  EXPECT_EQ(date_in_japan(at("2026-04-10T14:59:59Z")), day("2026-04-10"));
  EXPECT_EQ(date_in_japan(at("2026-04-10T15:00:00Z")), day("2026-04-11"));
  EXPECT_EQ(start_of_day_in_japan(day("2026-04-11")), at("2026-04-10T15:00:00Z"));
}

TEST(Calendar, months_are_clamped_to_the_months_end) {
  EXPECT_EQ(add_months_clamped(day("2026-05-31"), -3), day("2026-02-28"));
  EXPECT_EQ(add_months_clamped(day("2024-05-31"), -3), day("2024-02-29"));
  EXPECT_EQ(add_months_clamped(day("2026-01-31"), -2), day("2025-11-30"));
  EXPECT_EQ(add_months_clamped(day("2026-04-10"), -3), day("2026-01-10"));
  EXPECT_EQ(add_days(day("2026-02-28"), 1), day("2026-03-01"));
}

// facts: 公的個人認証法施行規則 art. 13, 49
TEST(Calendar, a_birthday_on_the_day_itself_does_not_count) {
  EXPECT_EQ(nth_birthday_after(day("1980-04-10"), day("2026-02-12"), 6), day("2031-04-10"));
  EXPECT_EQ(nth_birthday_after(day("1980-04-10"), day("2026-02-12"), 5), day("2030-04-10"));
  EXPECT_EQ(nth_birthday_after(day("1980-04-10"), day("2026-04-10"), 6), day("2032-04-10"));
  EXPECT_EQ(nth_birthday_after(day("1980-04-10"), day("2026-04-13"), 5), day("2031-04-10"));
  EXPECT_EQ(nth_birthday_after(day("1980-04-10"), day("2021-02-01"), 5), day("2025-04-10"));
}

TEST(Calendar, one_born_on_29_february) {
  EXPECT_EQ(birthday_in(day("2012-02-29"), std::chrono::year(2027)), day("2027-02-28"));
  EXPECT_EQ(birthday_in(day("2012-02-29"), std::chrono::year(2028)), day("2028-02-29"));
  EXPECT_EQ(nth_birthday_after(day("2012-02-29"), day("2026-02-27"), 1), day("2026-02-28"));
  EXPECT_EQ(nth_birthday_after(day("2012-02-29"), day("2026-02-28"), 1), day("2027-02-28"));
  EXPECT_EQ(age_on(day("2012-02-29"), day("2027-02-28")), 14);
  EXPECT_EQ(age_on(day("2012-02-29"), day("2027-03-01")), 15);
  EXPECT_EQ(age_on(day("2012-02-29"), day("2028-02-29")), 16);
}

TEST(Calendar, age_is_completed_on_the_birthday) {
  EXPECT_EQ(age_on(day("2011-02-13"), day("2026-02-12")), 14);
  EXPECT_EQ(age_on(day("2011-02-12"), day("2026-02-12")), 15);
}

// Against counting day by day.
TEST(Calendar, nth_birthday_agrees_with_counting) {
  for (const auto* born : {"1980-04-10", "2000-02-29", "1999-12-31", "2001-01-01"}) {
    const auto birth = day(born);
    for (auto issue = day("2023-01-01"); issue < day("2026-01-01"); issue = add_days(issue, 1)) {
      auto counted = issue;
      for (int n = 0; n < 5;) {
        counted = add_days(counted, 1);
        if (counted == birthday_in(birth, counted.year())) ++n;
      }
      ASSERT_EQ(nth_birthday_after(birth, issue, 5), counted) << born << " " << format_date(issue);
    }
  }
}

}  // namespace
}  // namespace madoguchi::base
