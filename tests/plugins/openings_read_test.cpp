// What is refused of openings and closures by date and by rule, and what is only noticed.
#include <algorithm>

#include "city.hpp"
#include "openings.hpp"

namespace madoguchi::plugins {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(OpeningsRead, hours_that_overlap_are_refused_and_what_hardly_anybody_means_is_noticed) {
  EXPECT_THAT(
      City::complaints(with_openings(R"(      - offices: [banba-branch]
        hours: ["08:30-12:00", "11:00-15:00"]
        dates: [2026-02-14]
)")),
      ElementsAre(testing::EndsWith("openings[0].hours[1]: begins before the one before it has ended")));
  const auto both = [](const std::string& closures) {
    return City::notices(with_openings(R"(      - offices: [banba-branch]
        hours: ["08:30-12:00", "13:00-15:00"]
        dates: [2026-02-14, 2026-02-21]
    closures:
)" + closures));
  };
  EXPECT_THAT(
      both("      - dates: [2026-02-15, 2026-02-21]\n"),
      ElementsAre(testing::EndsWith("closures[0].dates[1]: 2026-02-21 is listed as an opening of the same "
                                    "office too (openings[0]); the closure wins")));
  EXPECT_THAT(both("      - {offices: [branch-offices], dates: [2026-02-21]}\n"), testing::IsEmpty());
  EXPECT_THAT(
      both("      - rule: FREQ=DAILY\n"),
      ElementsAre(testing::EndsWith("closures[0].rule: closes every day, with no `until`: the office never "
                                    "opens again by its hours")));
  EXPECT_THAT(both("      - {rule: FREQ=DAILY, from: 2026-03-01, until: 2026-03-31}\n"), testing::IsEmpty());
  EXPECT_THAT(both("      - {rule: FREQ=DAILY;BYMONTH=2}\n"), testing::IsEmpty());
  EXPECT_THAT(both("      - {rule: FREQ=DAILY, hours: [\"12:00-13:00\"]}\n"), testing::IsEmpty())
      << "a break";
  EXPECT_THAT(both("      - {rule: FREQ=DAILY, holidays: only}\n"), testing::IsEmpty());
  EXPECT_THAT(both("      - {rule: FREQ=DAILY, holidays: skip}\n"), testing::IsEmpty());
  EXPECT_THAT(both("      - {dates: [2026-02-21], hours: [\"08:30-12:00\"]}\n"), testing::IsEmpty())
      << "the afternoon is left";
  EXPECT_THAT(both("      - {dates: [2026-02-21], hours: [\"08:00-12:00\", \"12:30-15:00\"]}\n"),
              ElementsAre(testing::EndsWith("the closure wins")));
}

TEST(OpeningsRead, an_opening_of_which_only_hours_after_its_last_reception_are_left_is_closed) {
  const auto with_closure =
      [](std::string_view hours) {
        return City::notices(with_openings(R"(      - offices: [banba-branch]
        hours: [{hours: "08:30-16:00", last_at: "14:30"}]
        dates: [2026-02-14]
    closures:
      - dates: [2026-02-14]
        hours: [")" + std::string(hours) + "\"]\n"));
      };
  EXPECT_THAT(with_closure("08:30-14:30"), testing::IsEmpty());
  EXPECT_THAT(with_closure("08:30-14:31"), ElementsAre(testing::EndsWith("the closure wins")));
}

TEST(OpeningsRead, empty_dates_and_dates_on_a_maintenance_sunday_are_noticed) {
  EXPECT_THAT(City::notices(policy_text()),
              ElementsAre(testing::EndsWith("plugins.holiday-openings.openings[0].dates: no dates are listed "
                                            "yet, so this entry has no effect")));
  const auto notices = City::notices(with_openings(R"(      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        dates: [2026-02-14, 2026-02-22]
)"));
  EXPECT_THAT(
      notices,
      ElementsAre(testing::ContainsRegex(
          "plugins.holiday-openings.openings.0..dates.1.: 2026-02-22: the national system .* maintenance")));
}

TEST(OpeningsRead, days_that_say_nothing_are_complained_about_or_noticed) {
  const std::string opening = R"(      - offices: [citizens-division]
        hours: ["09:00-12:00"]
        rule: FREQ=MONTHLY;BYDAY=2SA
        from: 2026-04-01
        until: 2026-09-30
)";
  EXPECT_THAT(City::complaints(with_openings(opening + "        dates: [2026-03-28, 2026-05-02]\n"
                                                       "        except: [2026-05-02]\n")),
              ElementsAre(testing::EndsWith("openings[0].dates[0]: lies outside of `from` and `until`"),
                          testing::EndsWith("openings[0].except[0]: stands in `dates` too")));
  EXPECT_THAT(
      City::notices(with_openings(opening + "        except: [2026-05-09, 2026-05-16, 2026-03-14]\n")),
      ElementsAre(testing::HasSubstr("openings[0].except[1]: 2026-05-16 is no day of this entry"),
                  testing::HasSubstr("openings[0].except[2]: 2026-03-14 is no day of this entry")));
  EXPECT_THAT(City::notices(with_openings(opening + "        dates: [2026-05-09, 2026-05-10]\n")),
              ElementsAre(testing::HasSubstr("openings[0].dates[0]: 2026-05-09 is a day of `rule` already")));
  EXPECT_THAT(City::notices(with_openings(opening + "        dates: [2026-05-09]\n    closures:\n"
                                                    "      - rule: FREQ=MONTHLY;BYDAY=SA\n")),
              IsEmpty())
      << "listed, it beats the closure";
}

TEST(OpeningsRead, complains_about_every_mistake_at_once) {
  const auto complaints = City::complaints(with_openings(R"(      - offices: [town-hall]
        hours: ["8:30-16:00", "16:00-08:30"]
        dates: [2026-02-30, 2026-03-01, 2026-03-01]
      - offices: [citizens-division]
        rule: EVERY SATURDAY
      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        rule: FREQ=WEEKLY;INTERVAL=2;BYDAY=SA
      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        rule: FREQ=MONTHLY
      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        rule: FREQ=HOURLY;BYHOUR=9
      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        from: 2026-04-01
        until: 2026-03-01
)"));
  const std::vector<std::string> expected{"openings[0].offices[0]: no office \"town-hall\" in this policy",
                                          "openings[0].hours[0]: expected HH:MM-HH:MM",
                                          "openings[0].hours[1]: expected HH:MM-HH:MM",
                                          "openings[0].dates[0]: expected a date",
                                          "openings[0].dates[2]: 2026-03-01 stands here a second time",
                                          "openings[1].rule: expected a recurrence rule of RFC 5545",
                                          "openings[1]: missing: hours",
                                          "openings[2].rule: a rule with INTERVAL or COUNT counts from a day",
                                          "openings[3].rule: the rule does not say which days",
                                          "openings[4].rule: expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY",
                                          "openings[5]: says no day",
                                          "openings[5].until: lies before `from`"};
  for (const auto& words : expected) {
    EXPECT_TRUE(std::any_of(complaints.begin(), complaints.end(),
                            [&](const std::string& c) { return c.find("." + words) != std::string::npos; }))
        << words << "\n"
        << testing::PrintToString(complaints);
  }
  EXPECT_EQ(complaints.size(), expected.size()) << testing::PrintToString(complaints);
}

}  // namespace
}  // namespace madoguchi::plugins
