// The reception window against definitions that count days, for every last day of 2024 to 2035.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;

constexpr WindowRule corresponding{3, MonthEndRule::corresponding_day};
constexpr WindowRule forward{3, MonthEndRule::forward_count};

// The published wording: the day after the day corresponding to three months before, or the first of the next
// month if there is no such day. Worked out by walking day by day, without month arithmetic on dates.
base::Date opens_as_published(base::Date expires_on) {
  const unsigned expiry_month = static_cast<unsigned>(expires_on.month());
  const unsigned wanted_month = (expiry_month + 12 - 3 - 1) % 12 + 1;
  auto walk = sys_days(expires_on);
  while (static_cast<unsigned>(base::Date(walk).month()) != wanted_month) walk -= days(1);
  // Now the last day of the wanted month.
  if (base::Date(walk).day() < expires_on.day()) return base::Date(walk + days(1));
  while (base::Date(walk).day() != expires_on.day()) walk -= days(1);
  return base::Date(walk + days(1));
}

// Civil Code 140, 141, 143: three months from a visit end with the day before the day that corresponds to the
// day after the visit, or with the month's last day if there is no such day. Less than three months are left
// when the certificate ends before that.
bool less_than_three_months_left(base::Date visit, base::Date expires_on) {
  const base::Date begin(sys_days(visit) + days(1));
  const auto corresponding_day = begin + months(3);
  const auto end = corresponding_day.ok()
                       ? base::Date(sys_days(corresponding_day) - days(1))
                       : base::Date(corresponding_day.year() / corresponding_day.month() / std::chrono::last);
  return expires_on < end;
}

TEST(Window, corresponding_day_agrees_with_the_published_wording_on_every_day) {
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2035-12-31")); d += days(1)) {
    ASSERT_EQ(window_opens_on(corresponding, base::Date(d)), opens_as_published(base::Date(d)))
        << base::format_date(base::Date(d));
  }
}

TEST(Window, forward_count_agrees_with_the_civil_code_on_every_day) {
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2035-12-31")); d += days(1)) {
    const base::Date expires_on(d);
    const auto opens = window_opens_on(forward, expires_on);
    ASSERT_TRUE(less_than_three_months_left(opens, expires_on)) << base::format_date(expires_on);
    ASSERT_FALSE(less_than_three_months_left(base::add_days(opens, -1), expires_on))
        << base::format_date(expires_on);
  }
}

TEST(Window, a_city_may_count_the_day_itself) {
  const WindowRule same{3, MonthEndRule::corresponding_day, WindowOpens::same_day};
  const WindowRule forward_same{3, MonthEndRule::forward_count, WindowOpens::same_day};
  EXPECT_EQ(window_opens_on(same, day("2026-04-10")), day("2026-01-10"));
  EXPECT_EQ(window_opens_on(same, day("2026-05-31")), day("2026-02-28"));
  EXPECT_EQ(window_opens_on(forward_same, day("2026-04-10")), day("2026-01-10"));
}

TEST(Window, the_two_rules_differ_on_the_known_days_only) {
  const std::set<std::string> known{"02-29", "04-30", "05-29", "05-30", "06-30", "07-30", "11-30", "12-30"};
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2035-12-31")); d += days(1)) {
    const base::Date expires_on(d);
    const auto text = base::format_date(expires_on).substr(5);
    const bool leap = expires_on.year().is_leap();
    const bool expected = known.contains(text) || (!leap && (text == "02-28" || text == "05-28"));
    ASSERT_EQ(window_opens_on(corresponding, expires_on) != window_opens_on(forward, expires_on), expected)
        << base::format_date(expires_on);
  }
}

TEST(Window, R1_the_table_of_month_ends) {
  struct Row {
    const char* expires_on;
    const char* corresponding;
    const char* forward;
  };
  for (const auto& row :
       {Row{"2026-04-10", "2026-01-11", "2026-01-11"}, Row{"2026-05-28", "2026-03-01", "2026-02-28"},
        Row{"2026-05-29", "2026-03-01", "2026-02-28"}, Row{"2026-05-30", "2026-03-01", "2026-02-28"},
        Row{"2026-05-31", "2026-03-01", "2026-03-01"}, Row{"2026-06-30", "2026-03-31", "2026-04-01"},
        Row{"2026-11-30", "2026-08-31", "2026-09-01"}, Row{"2026-12-31", "2026-10-01", "2026-10-01"},
        Row{"2027-02-28", "2026-11-29", "2026-12-01"}, Row{"2028-02-29", "2027-11-30", "2027-12-01"},
        Row{"2028-05-29", "2028-03-01", "2028-02-29"}, Row{"2028-05-30", "2028-03-01", "2028-02-29"}}) {
    EXPECT_EQ(window_opens_on(corresponding, day(row.expires_on)), day(row.corresponding)) << row.expires_on;
    EXPECT_EQ(window_opens_on(forward, day(row.expires_on)), day(row.forward)) << row.expires_on;
  }
}

TEST(Window, DC05_DC06_the_pages_example) {
  EXPECT_EQ(window_opens_on(corresponding, day("2026-04-10")), day("2026-01-11"));
}

TEST(Window, DC10_across_the_year) {
  EXPECT_EQ(window_opens_on(corresponding, day("2026-02-15")), day("2025-11-16"));
}

}  // namespace
}  // namespace madoguchi::policy
