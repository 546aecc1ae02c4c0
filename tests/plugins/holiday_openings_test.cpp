// Openings and closures by date and by rule, as core's schedule sees them.
#include "city.hpp"
#include "openings.hpp"
#include "policy/hours.hpp"
#include "policy/schedule.hpp"

namespace madoguchi::plugins {
namespace {

using policy::Interval;
using testing::ElementsAre;
using testing::IsEmpty;

std::string with_closures(const std::string& entries) {
  return with_openings(std::string(openings_that_ship) + "    closures:\n" + entries);
}

std::shared_ptr<const policy::Schedule> schedule(City& city, int year) {
  auto schedule = city.built.plugins->schedule(city.policy, std::chrono::year(year));
  EXPECT_TRUE(schedule) << (schedule ? "" : base::describe(schedule.error()));
  return *schedule;
}

// The days of a year on which an office's hours are changed, as MM-DD.
std::vector<std::string> days(City& city, std::string_view office, int year,
                              std::vector<Interval> policy::ScheduleChange::*list) {
  const auto all = schedule(city, year);
  std::vector<std::string> found;
  for (auto day = base::Date(std::chrono::year(year) / 1 / 1); static_cast<int>(day.year()) == year;
       day = base::add_days(day, 1)) {
    for (const auto& change : all->on(office, day)) {
      if (!(change.*list).empty()) found.push_back(base::format_date(day).substr(5));
    }
  }
  return found;
}

constexpr auto opened = &policy::ScheduleChange::opened;
constexpr auto closed = &policy::ScheduleChange::closed;

TEST(HolidayOpenings, listed_dates_of_one_office) {
  City city(with_openings(R"(      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        dates: [2026-02-14, 2026-03-01]
)"));
  EXPECT_THAT(days(city, "citizens-division", 2026, opened), ElementsAre("02-14", "03-01"));
  EXPECT_THAT(days(city, "district-centers", 2026, opened), IsEmpty());
  const auto all = schedule(city, 2026);
  const auto on = all->on("citizens-division", base::parse_date("2026-02-14").value());
  ASSERT_EQ(on.size(), 1U);
  EXPECT_THAT(on[0].opened, ElementsAre(Interval{510, 960}));
  EXPECT_EQ(on[0].source, "holiday-openings");
}

TEST(HolidayOpenings, the_second_and_fourth_saturday_with_exceptions_within_dates) {
  City city(with_openings(R"(      - offices: [citizens-division]
        hours: ["09:00-12:00", "13:00-15:00"]
        rule: FREQ=MONTHLY;BYDAY=2SA,4SA
        from: 2026-04-01
        until: 2026-06-30
        except: [2026-05-09]
)"));
  EXPECT_THAT(days(city, "citizens-division", 2026, opened),
              ElementsAre("04-11", "04-25", "05-23", "06-13", "06-27"));
}

// The two readings of the monthly national maintenance differ when a month begins on a Sunday.
TEST(HolidayOpenings, the_sunday_after_the_third_saturday_is_not_the_third_sunday) {
  City after(with_closures(R"(      - rule: FREQ=MONTHLY;BYDAY=3SA
        days_after: 1
)"));
  EXPECT_THAT(days(after, "banba-branch", 2026, closed),
              ElementsAre("01-18", "02-22", "03-22", "04-19", "05-17", "06-21", "07-19", "08-16", "09-20",
                          "10-18", "11-22", "12-20"));
  City third(with_closures(R"(      - rule: FREQ=MONTHLY;BYDAY=3SU
)"));
  EXPECT_THAT(days(third, "banba-branch", 2026, closed),
              ElementsAre("01-18", "02-15", "03-15", "04-19", "05-17", "06-21", "07-19", "08-16", "09-20",
                          "10-18", "11-15", "12-20"));
}

TEST(HolidayOpenings, the_same_sunday_written_in_one_rule) {
  City moved(with_closures("      - rule: FREQ=MONTHLY;BYDAY=3SA\n        days_after: 1\n"));
  City direct(with_closures("      - rule: FREQ=MONTHLY;BYDAY=SU;BYMONTHDAY=16,17,18,19,20,21,22\n"));
  for (int year = 2024; year <= 2035; ++year) {
    EXPECT_EQ(days(moved, "banba-branch", year, closed), days(direct, "banba-branch", year, closed)) << year;
  }
}

// The office's hours on one day of 2027, as they come out in the end.
std::vector<Interval> hours_on(City& city, std::string_view day) {
  const auto* office = city.policy.office("citizens-division");
  return policy::open_hours(city.policy, *schedule(city, 2026), *office, base::parse_date(day).value());
}

TEST(HolidayOpenings, year_end_beats_a_rule_and_a_date_beats_year_end) {
  const std::string first_sundays = R"(      - offices: [citizens-division]
        hours: ["09:00-12:00"]
        rule: FREQ=MONTHLY;BYDAY=1SU
)";
  City by_rule(with_openings(first_sundays));
  EXPECT_THAT(hours_on(by_rule, "2027-01-03"), IsEmpty()) << "29 December to 3 January";
  EXPECT_THAT(hours_on(by_rule, "2027-02-07"), ElementsAre(Interval{540, 720}));
  City by_date(with_openings(R"(      - offices: [citizens-division]
        hours: ["10:00-11:00"]
        dates: [2027-01-03]
)" + first_sundays));
  EXPECT_THAT(hours_on(by_date, "2027-01-03"), ElementsAre(Interval{600, 660}));
  City open(
      policy_text({{openings_that_ship, first_sundays}, {"kind: main", "kind: main\n    year_end: open"}}));
  EXPECT_THAT(hours_on(open, "2027-01-03"), ElementsAre(Interval{540, 720})) << "never closed over New Year";
}

TEST(HolidayOpenings, a_date_beats_a_rule_and_of_two_alike_the_closure_wins) {
  const auto hours = [](const std::string& opening, const std::string& closure) {
    City city(
        with_openings("      - offices: [citizens-division]\n        hours: [\"09:00-12:00\"]\n        " +
                      opening + "\n    closures:\n      - " + closure + "\n"));
    return hours_on(city, "2026-02-22");  // the Sunday after the third Saturday
  };
  const std::string rule = "rule: FREQ=WEEKLY;BYDAY=SU";
  const std::string date = "dates: [2026-02-22]";
  EXPECT_THAT(hours(rule, rule), IsEmpty());
  EXPECT_THAT(hours(date, date), IsEmpty());
  EXPECT_THAT(hours(rule, date), IsEmpty());
  EXPECT_THAT(hours(date, rule), ElementsAre(Interval{540, 720}));
}

TEST(HolidayOpenings, empty_lists_that_would_turn_an_entry_off_are_refused) {
  const auto complaints = City::complaints(with_openings(R"(      - offices: []
        hours: []
        dates: [2026-03-01]
    closures:
      - hours: []
        dates: [2026-03-01]
)"));
  for (const auto* place : {"openings[0].offices", "openings[0].hours", "closures[0].hours"}) {
    EXPECT_THAT(complaints, testing::Contains(testing::HasSubstr(std::string(place) + ": "))) << place;
  }
}

TEST(HolidayOpenings, an_evening_that_is_left_out_on_national_holidays) {
  const auto evenings = [](std::string_view holidays) {
    City city(with_openings(R"(      - offices: [district-centers]
        hours: ["17:15-19:00"]
        rule: FREQ=MONTHLY;BYDAY=2WE
        from: 2026-01-01
        until: 2026-04-30
        holidays: )" + std::string(holidays) +
                            "\n"));
    return days(city, "district-centers", 2026, opened);
  };
  EXPECT_THAT(evenings("as_usual"), ElementsAre("01-14", "02-11", "03-11", "04-08"));
  EXPECT_THAT(evenings("skip"), ElementsAre("01-14", "03-11", "04-08"));
}

TEST(HolidayOpenings, hours_that_hold_on_national_holidays_only) {
  const std::string morning = R"(      - offices: [district-centers]
        hours: ["10:00-12:00"]
        holidays: only
)";
  City all(with_openings(morning + "        from: 2026-04-01\n        until: 2026-08-31\n"
                                   "        except: [2026-05-05]\n"));
  EXPECT_THAT(days(all, "district-centers", 2026, opened),
              ElementsAre("04-29", "05-03", "05-04", "05-06", "07-20", "08-11"));
  City sundays(with_openings(morning + "        rule: FREQ=WEEKLY;BYDAY=SU\n"));
  EXPECT_THAT(days(sundays, "district-centers", 2026, opened), ElementsAre("05-03"));
  City whole(with_openings(morning));
  EXPECT_THAT(days(whole, "district-centers", 2026, opened),
              testing::AllOf(testing::SizeIs(17), testing::Not(testing::Contains("01-01"))))
      << "New Year's Day is the year-end's";
  EXPECT_THAT(City::notices(with_openings(morning)), IsEmpty());
}

TEST(HolidayOpenings, an_opening_has_its_own_last_reception) {
  City city(with_openings(R"(      - offices: [citizens-division]
        hours: [{hours: "08:30-16:00", last_at: "15:00"}]
        dates: [2026-02-14]
      - offices: [citizens-division]
        hours: [{hours: "19:00-20:00", last_at: "20:00"}]
        dates: [2026-02-13]
)"));
  const auto late = [&](std::string_view when) {
    return codes(city.decide(Facts().at(when).json())).contains("office.after_last_reception");
  };
  EXPECT_FALSE(late("2026-02-14 15:00"));
  EXPECT_TRUE(late("2026-02-14 15:01"));
  EXPECT_FALSE(late("2026-02-13 18:50")) << "the weekday goes on into the evening";
  EXPECT_FALSE(late("2026-02-13 19:59")) << "and to its end";
  EXPECT_TRUE(late("2026-02-12 18:46")) << "other days as ever";
  const auto complaints = City::complaints(with_openings(R"(      - offices: [citizens-division]
        hours: [{hours: "08:30-16:00", last_at: "16:30"}, {hours: "17:00-18:00"}]
        dates: [2026-02-14]
    closures:
      - hours: [{hours: "08:30-09:00", last_at: "08:45"}]
        dates: [2026-03-02]
)"));
  EXPECT_THAT(
      complaints,
      ElementsAre(testing::EndsWith("openings[0].hours[0].last_at: expected a time within 08:30-16:00, "
                                    "found \"16:30\""),
                  testing::EndsWith("openings[0].hours[1]: missing: last_at"),
                  testing::EndsWith("closures[0].hours[0].last_at: nobody is received while it is closed")));
}

TEST(HolidayOpenings, every_other_week_counts_from_its_first_day) {
  City city(with_openings(R"(      - offices: [district-centers]
        hours: ["17:15-19:00"]
        rule: FREQ=WEEKLY;INTERVAL=2;BYDAY=WE
        from: 2026-11-18
)"));
  EXPECT_THAT(days(city, "district-centers", 2026, opened), ElementsAre("11-18", "12-02", "12-16"))
      << "and not 12-30, at the year's end";
  EXPECT_THAT(days(city, "district-centers", 2027, opened).front(), "01-13");
}

TEST(HolidayOpenings, rules_of_every_kind_give_the_days_that_rfc_5545_says) {
  const auto all_of = [](const std::string& rule, const std::string& from) {
    City city(with_openings(
        "      - offices: [banba-branch]\n        hours: [\"08:30-12:00\"]\n        rule: " + rule + "\n" +
        (from.empty() ? "" : "        from: " + from + "\n")));
    return days(city, "banba-branch", 2026, opened);
  };
  EXPECT_EQ(all_of("FREQ=DAILY", "").size(), 365U - 6U) << "all but year-end";
  const auto saturdays = all_of("FREQ=WEEKLY;BYDAY=SA", "");
  EXPECT_EQ(saturdays.size(), 52U - 1U) << "all but 3 January";
  EXPECT_EQ(all_of("FREQ=DAILY;BYDAY=SA", ""), saturdays);
  EXPECT_EQ(all_of("FREQ=DAILY;BYMONTH=3,4", "").size(), 61U);
  const auto third = all_of("FREQ=DAILY;INTERVAL=3", "2026-12-20");
  EXPECT_THAT(third, ElementsAre("12-20", "12-23", "12-26")) << "and year-end is stronger";
  EXPECT_THAT(all_of("FREQ=MONTHLY;BYDAY=2SU;COUNT=2", "2026-01-01"), ElementsAre("01-11", "02-08"));
  EXPECT_THAT(all_of("FREQ=MONTHLY;INTERVAL=2;BYDAY=2SU", "2026-01-01"),
              ElementsAre("01-11", "03-08", "05-10", "07-12", "09-13", "11-08"));
  EXPECT_THAT(all_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-11-30"),
              ElementsAre("11-30", "12-06", "12-14", "12-20", "12-28"));
  EXPECT_THAT(all_of("freq=monthly;byday=1sa;bymonth=6", ""), ElementsAre("06-06"));
}

TEST(HolidayOpenings, a_rule_without_any_day_or_with_times_or_with_doubtful_weeks_is_refused) {
  const auto why = [](const std::string& rule) {
    const auto complaints =
        City::complaints(with_openings("      - offices: [banba-branch]\n        hours: [\"08:30-12:00\"]\n"
                                       "        from: 2026-01-03\n        rule: " +
                                       rule + "\n"));
    return complaints.empty() ? std::string() : complaints.front();
  };
  for (const auto* rule :
       {"FREQ=MONTHLY;BYDAY=6WE", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;UNTIL=20251231"}) {
    EXPECT_THAT(why(rule), testing::HasSubstr("there is no such day")) << rule;
  }
  EXPECT_THAT(why("FREQ=DAILY;BYHOUR=9"), testing::HasSubstr("no times of day"));
  EXPECT_THAT(why("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"), testing::HasSubstr("`from` must be one of its days"));
}

TEST(HolidayOpenings, a_last_sunday_and_a_day_moved_into_the_next_year) {
  City city(with_openings(R"(      - offices: [branch-offices]
        hours: ["08:30-12:00"]
        rule: FREQ=YEARLY;BYMONTH=3,4;BYDAY=-1SU
      - offices: [banba-branch]
        hours: ["08:30-12:00"]
        rule: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31
        days_after: 4
)"));
  EXPECT_THAT(days(city, "branch-offices", 2026, opened), ElementsAre("03-29", "04-26"));
  EXPECT_THAT(days(city, "banba-branch", 2026, opened), ElementsAre("01-04"));
}

}  // namespace
}  // namespace madoguchi::plugins
