// How long a certificate lasts: worked examples, and a count of birthdays day by day.
#include <gtest/gtest.h>

#include <vector>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

base::Date first(const char* issued_on, const char* birth, const char* card) {
  return certificate_ends_on({}, Action::issue_new, day(birth), day(issued_on), day(card));
}

TEST(Validity, DC01_fifth_birthday) {
  EXPECT_EQ(first("2021-06-15", "1980-04-10", "2031-04-10"), day("2026-04-10"));
}

TEST(Validity, DC02_birthdays_are_counted_not_years) {
  EXPECT_EQ(first("2021-02-01", "1980-04-10", "2030-04-10"), day("2025-04-10"));
}

TEST(Validity, DC03_the_card_ends_earlier) {
  EXPECT_EQ(first("2024-07-01", "1980-04-10", "2026-10-31"), day("2026-10-31"));
}

TEST(Validity, DC04_a_tie) {
  EXPECT_EQ(first("2022-08-01", "1980-09-30", "2026-09-30"), day("2026-09-30"));
}

TEST(Validity, the_worked_examples_after_a_renewal) {
  struct Row {
    Action action;
    const char* issued_on;
    const char* uncapped;
    const char* capped;
  };
  for (const auto& row : {Row{Action::renew, "2026-02-12", "2031-04-10", "2031-04-10"},
                          Row{Action::issue_new, "2026-04-13", "2031-04-10", "2031-04-10"},
                          Row{Action::renew, "2026-04-10", "2032-04-10", "2031-04-10"},
                          Row{Action::issue_new, "2025-06-01", "2030-04-10", "2030-04-10"}}) {
    const auto birth = day("1980-04-10");
    EXPECT_EQ(certificate_ends_on({}, row.action, birth, day(row.issued_on), {}), day(row.uncapped))
        << row.issued_on;
    EXPECT_EQ(certificate_ends_on({}, row.action, birth, day(row.issued_on), day("2031-04-10")),
              day(row.capped))
        << row.issued_on;
  }
}

TEST(Validity, R3_R4_born_on_29_february) {
  EXPECT_EQ(first("2022-06-01", "1980-02-29", "2032-02-29"), day("2027-02-28"));
  EXPECT_EQ(first("2024-02-29", "1980-02-29", "2034-02-28"), day("2029-02-28"))
      << "that day's birthday is not after";
  EXPECT_EQ(first("2023-02-28", "1980-02-29", "2034-02-28"), day("2028-02-29"));
}

TEST(Validity, the_authentication_certificate_caps) {
  EXPECT_EQ(certificate_ends_on({}, Action::renew, day("1980-04-10"), day("2026-02-12"), day("2036-04-10"),
                                day("2026-05-01")),
            day("2026-05-01"));
}

// Every birthday from 2024 to 2042, found by looking at every day.
std::vector<base::Date> birthdays(base::Date birth) {
  const bool leap_day = birth.month() == std::chrono::February && birth.day() == std::chrono::day(29);
  std::vector<base::Date> all;
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2042-12-31")); d += days(1)) {
    const base::Date date(d);
    const bool deemed = leap_day && !date.year().is_leap() && date.month() == std::chrono::February &&
                        date.day() == std::chrono::day(28);
    if (deemed || (date.month() == birth.month() && date.day() == birth.day())) all.push_back(date);
  }
  return all;
}

TEST(Validity, agrees_with_counting_birthdays_for_every_day_of_issue_of_2024_to_2035) {
  for (const auto* text : {"1980-04-10", "1992-02-29", "2001-12-31", "1975-01-01"}) {
    const auto birth = day(text);
    const auto all = birthdays(birth);
    for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2035-12-31")); d += days(1)) {
      std::size_t next = 0;
      while (sys_days(all[next]) <= d) ++next;  // one on the day of issue does not count
      ASSERT_EQ(certificate_ends_on({}, Action::renew, birth, base::Date(d), {}), all[next + 5])
          << text << " " << base::format_date(base::Date(d));
      ASSERT_EQ(certificate_ends_on({}, Action::issue_new, birth, base::Date(d), {}), all[next + 4])
          << text << " " << base::format_date(base::Date(d));
    }
  }
}

}  // namespace
}  // namespace madoguchi::policy
