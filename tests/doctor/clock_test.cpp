// A clock that is right is believed, sooner or later, and one that would delete too much is not.
#include <string>

#include "base/calendar.hpp"
#include "support.hpp"

namespace madoguchi::doctor {
namespace {

base::Instant at(const char* text) {
  return *base::parse_time(text);
}

// What people have recorded.
ClockSeen seen(base::Instant now, const std::vector<base::Instant>& recorded,
               std::optional<bool> synchronised = true) {
  ClockSeen all{now, {}, synchronised};
  for (const auto at : recorded) all.recorded.push_back({at, true});
  return all;
}

TEST(Clock, ThatCannotBeRightIsNamed) {
  EXPECT_EQ(checked(judge_clock({at("1970-01-01T00:10:00+09:00")})), "clock.implausible wrong");
  EXPECT_EQ(checked(judge_clock({at("2099-01-01T00:10:00+09:00")})), "clock.implausible wrong");
}

TEST(Clock, ThatIsBehindWhatWasRecordedIsNamed) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(now, {at("2026-11-28T10:00:30+09:00")}))), "clock.behind wrong");
  EXPECT_EQ(checked(judge_clock(seen(now, {at("2026-11-28T10:00:02+09:00")}))), "clock.ok ok");
}

// What such a clock has recorded itself since, at this start or at those before, is no reason to believe it.
TEST(Clock, ThatIsBehindIsNamedForThreeDays) {
  const auto ahead = at("2029-11-28T10:00:00+09:00");
  const auto began = at("2026-11-28T10:00:00+09:00");
  const auto judged = [&](std::chrono::hours after) {
    return checked(judge_clock(seen(began + after, {began + after, began + after / 2, began, ahead, began})));
  };
  EXPECT_EQ(judged(std::chrono::hours(0)), "clock.behind wrong");
  EXPECT_EQ(judged(std::chrono::hours(71)), "clock.behind wrong");
  EXPECT_EQ(judged(std::chrono::hours(72)), "clock.ok ok") << "it may as well have been put right";
}

TEST(Clock, ThatIsFarAheadOfWhatWasRecordedIsNamed) {
  const auto last = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(at("2038-11-28T10:00:00+09:00"), {last}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(at("2026-12-12T10:00:00+09:00"), {last}))), "clock.ok ok");
  EXPECT_EQ(checked(judge_clock(seen(at("2026-12-12T10:00:01+09:00"), {last}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(at("2038-11-28T10:00:00+09:00"), {}))), "clock.ok ok") << "a new store";
}

// A machine that has stood still for months is right, and one that somebody has set wrongly is noticed.
TEST(Clock, ThatIsAheadIsBelievedOncePeopleHaveWorkedByItOnTwoDays) {
  const auto old = at("2026-11-28T10:00:00+09:00");
  const auto first = at("2029-11-30T16:59:00+09:00");
  const auto second = at("2029-12-03T08:30:00+09:00");  // after a weekend
  EXPECT_EQ(checked(judge_clock(seen(first, {first, old}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(second, {first, first, old}))), "clock.ahead attention");
  const auto third = at("2029-12-04T08:30:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(third, {third, second, second, first, old}))), "clock.ok ok");
  // Nor is it forgotten for another clock that was wrong, back or ahead, between two of its days.
  const auto flat = at("2000-01-01T09:00:00+09:00");
  const auto far = at("2040-01-01T09:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(second, {second, flat, first, flat, old}))), "clock.ahead attention");
  EXPECT_EQ(checked(judge_clock(seen(third, {third, flat, second, flat, first, far, old}))), "clock.ok ok");
}

// The hardware's clock is a year ahead, and a time service puts it right minutes after each start.
TEST(Clock, ThatWasPutRightEachTimeIsNotBelievedForItsEarlierDays) {
  const auto day = [](const char* year, const char* month_and_day, const char* hour) {
    return at((std::string(year) + "-" + month_and_day + "T" + hour + ":00:00+09:00").c_str());
  };
  const auto now = day("2027", "06-03", "08");
  std::vector<base::Instant> recorded{now};
  for (const auto* date : {"06-02", "06-01"}) {
    for (const auto* hour : {"17", "09"}) recorded.push_back(day("2026", date, hour));
    recorded.push_back(day("2027", date, "08"));
  }
  EXPECT_EQ(checked(judge_clock(seen(now, recorded))), "clock.ahead attention");
  const auto right = day("2026", "06-04", "09");
  recorded.insert(recorded.begin(), right);
  EXPECT_EQ(checked(judge_clock(seen(right + std::chrono::hours(72), recorded))), "clock.ok ok")
      << "the right one is not doubted for the other";
}

TEST(Clock, ThatIsMistypedASecondTimeIsNotBelievedForTheFirst) {
  const auto old = at("2026-11-25T10:00:00+09:00");
  const auto wrong = at("2029-11-26T10:00:00+09:00");
  const auto right = at("2026-11-28T10:00:00+09:00");
  const auto again = wrong + std::chrono::days(9);
  const std::vector recorded{again, right + std::chrono::days(1), right, wrong + std::chrono::days(1), wrong,
                             old};
  EXPECT_EQ(checked(judge_clock(seen(again, recorded))), "clock.ahead attention");
}

// A second that a time service takes back takes nothing from a day.
TEST(Clock, ThatIsSetBackByALittleIsNotDoubted) {
  const auto old = at("2026-11-28T10:00:00+09:00");
  const auto first = at("2029-11-30T16:59:00+09:00");
  const auto second = at("2029-12-03T08:30:00+09:00");
  const auto third = at("2029-12-04T08:30:00+09:00");
  const auto little = std::chrono::seconds(2);
  EXPECT_EQ(checked(judge_clock(seen(third, {third + little, second - little, second, first, old}))),
            "clock.ok ok");
}

// The year was mistyped on a Friday, and the machine stays on, or is switched on by itself, while nobody is
// there.
TEST(Clock, ThatIsAheadIsNotBelievedForDaysOnWhichNobodyWorked) {
  const storage::Recorded old{at("2026-11-26T17:00:00+09:00"), true};
  const storage::Recorded friday{at("2029-11-30T17:00:00+09:00"), true};
  const auto monday = at("2029-12-03T00:01:00+09:00");
  ClockSeen left_on{monday, {friday, old}, true};
  for (int days = 0; days < 3; ++days)
    left_on.recorded.insert(left_on.recorded.begin(), {friday.at + std::chrono::days(days), false});
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ahead attention");
  left_on.recorded.insert(left_on.recorded.begin(), {monday, true});
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ahead attention") << "the second day is not over";
  left_on.now += std::chrono::days(1);
  EXPECT_EQ(checked(judge_clock(left_on)), "clock.ok ok");
}

TEST(Clock, OfAMachineThatIsUsedNowAndThenIsNotDoubted) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  const auto ago = [&](int days) { return now - std::chrono::days(days); };
  EXPECT_EQ(checked(judge_clock(seen(now, {ago(13), ago(26), ago(300)}))), "clock.ok ok");
}

TEST(Clock, ThatNobodyKeepsIsNamedAndOneThatCannotBeToldIsNot) {
  const auto now = at("2026-11-28T10:00:00+09:00");
  EXPECT_EQ(checked(judge_clock(seen(now, {}, false))), "clock.not_synchronised attention");
  EXPECT_EQ(checked(judge_clock(seen(now, {}, std::nullopt))), "clock.ok ok");
}

// A counter's days, each judged by what those before have left, as it is at a start in the morning.
class Counter {
 public:
  explicit Counter(const char* today) : day_(*base::parse_date(today)) {}

  // '.': the clock is believed, 'h': it is held to be ahead.
  char start(base::Date day) {
    day_ = day;
    const auto now = base::start_of_day_in_japan(day) + std::chrono::hours(8);
    const auto found = checked(judge_clock({now, recorded_, true}));
    EXPECT_TRUE(found == "clock.ok ok" || found == "clock.ahead attention") << found;
    enter(now, false);
    return found == "clock.ok ok" ? '.' : 'h';
  }
  char works(base::Date day) {
    const auto judged = start(day);
    for (const auto hour : {9, 12, 16})
      enter(base::start_of_day_in_japan(day) + std::chrono::hours(hour), true);
    return judged;
  }
  std::string works_each_day(int days, int apart = 1) {
    std::string judged;
    for (int n = 0; n < days; ++n) judged += works(after(apart));
    return judged;
  }
  [[nodiscard]] base::Date after(int days) const { return base::add_days(day_, days); }

 private:
  void enter(base::Instant at, bool by_a_person) { recorded_.insert(recorded_.begin(), {at, by_a_person}); }

  base::Date day_;
  std::vector<storage::Recorded> recorded_;
};

base::Date in_month(int month, std::chrono::weekday_indexed day) {
  const auto first = std::chrono::year(2027) / std::chrono::January;
  return std::chrono::sys_days((first + std::chrono::months(month)) / day);
}

// What each use of a year is judged to be, from the first one of a new store on.
TEST(ClockOfRareUse, IsBelievedFromTheFourthUseOn) {
  using std::chrono::Saturday, std::chrono::Sunday;
  Counter sundays("2027-01-10"), weekends("2027-01-09"), prepared("2027-01-08"), seasons("2027-01-09");
  std::string of_sundays, of_weekends, of_prepared, of_seasons;
  for (int month = 0; month < 12; ++month) {
    of_sundays += sundays.works(in_month(month, Sunday[2]));
    const auto saturday = in_month(month, Saturday[2]);
    for (const int day : {0, 1}) of_weekends += weekends.works(base::add_days(saturday, day));
    of_prepared += prepared.start(base::add_days(saturday, -1));
    for (const int day : {0, 1}) of_prepared += prepared.works(base::add_days(saturday, day));
    of_seasons += month % 3 == 0 ? std::string(1, seasons.works(saturday)) : std::string();
  }
  EXPECT_EQ(of_sundays, ".hh.........");
  EXPECT_EQ(of_weekends, "..hhhh..................");
  EXPECT_EQ(of_prepared, "...hhhhhh...........................");
  EXPECT_EQ(of_seasons, ".hh.");
}

// Three weeks lie between them in some months, and two in the others.
TEST(ClockOfRareUse, IsBelievedOnTheSecondAndFourthSaturday) {
  Counter counter("2027-01-09");
  std::string judged;
  for (int month = 0; month < 12; ++month)
    for (const unsigned n : {2U, 4U}) judged += counter.works(in_month(month, std::chrono::Saturday[n]));
  EXPECT_EQ(judged, "..hh" + std::string(20, '.'));
}

TEST(ClockOfRareUse, IsDoubtedForTwoUsesMoreWhereOneWasLeftOut) {
  Counter counter("2027-01-10");
  std::string judged;
  for (const int month : {0, 1, 2, 3, 4, 6, 7, 8})
    judged += counter.works(in_month(month, std::chrono::Sunday[2]));
  EXPECT_EQ(judged, ".hh..hh.");
}

// By as much as the machine is off at a time it may be ahead unseen; a year is more.
TEST(ClockOfRareUse, IsDoubtedWhereTheDateIsMistyped) {
  Counter counter("2027-01-10");
  for (int month = 0; month < 6; ++month) counter.works(in_month(month, std::chrono::Sunday[2]));
  EXPECT_EQ(counter.works(in_month(7, std::chrono::Sunday[2])), 'h') << "a month too far";
  Counter yearly("2027-03-01");
  EXPECT_EQ(yearly.works_each_day(6, 365), ".hhhhh") << "no rhythm vouches for years";
}

// The usual gap between the first and the second use by a wrong date says nothing of how it became so.
TEST(ClockOfRareUse, IsDoubtedUntilTwoUsesLieBehindItWhereAYearIsMistyped) {
  for (const int years : {1, 10})
    for (const int uses : {2, 3, 6}) {
      SCOPED_TRACE(std::to_string(years) + " years too far, after uses: " + std::to_string(uses));
      Counter counter("2027-01-10");
      for (int month = 0; month < uses; ++month) counter.works(in_month(month, std::chrono::Sunday[2]));
      std::string judged;
      for (int month = uses; month < uses + 3; ++month)
        judged += counter.works(in_month(12 * years + month, std::chrono::Sunday[2]));
      EXPECT_EQ(judged, "hh.");
    }
}

// One weekend is two days of work: it vouches for the date by then, and the year for no month after it.
TEST(ClockOfRareUse, IsDoubtedForAWeekendWhereAYearIsMistyped) {
  const auto of = [](const std::vector<int>& months) {
    Counter counter("2027-01-09");
    std::string judged;
    for (const int month : months)
      for (const int day : {0, 1})
        judged += counter.works(base::add_days(in_month(month, std::chrono::Saturday[2]), day));
    return judged;
  };
  EXPECT_EQ(of({0, 1, 2, 3, 4, 5, 18, 19}), "..hhhh......hh..");
  EXPECT_EQ(of({0, 1, 14, 15, 16}), "..hhhhhh..") << "it had no rhythm yet";
}

// What has been usual once since does not make a gap usual that is three times as long.
TEST(ClockOfRareUse, IsDoubtedAtTheShortIntervalAfterALongOne) {
  Counter counter("2027-01-10");
  std::string judged(1, counter.works(counter.after(0)));
  for (const int days : {60, 20, 20, 60, 20, 20}) judged += counter.works(counter.after(days));
  EXPECT_EQ(judged, ".hh.hh.");
}

TEST(ClockOfDailyUse, IsDoubtedWhereAMonthOrAYearIsMistyped) {
  for (const int ahead : {15, 28, 31, 61, 365, 366}) {
    SCOPED_TRACE(ahead);
    Counter counter("2027-01-04");
    EXPECT_EQ(counter.works_each_day(90), std::string(90, '.'));
    EXPECT_EQ(counter.works(counter.after(1 + ahead)), 'h');
    EXPECT_EQ(counter.works(counter.after(1)), 'h');
  }
}

// The rhythm in which it is used by the wrong year vouches for that one no earlier than a new machine's does.
TEST(ClockOfDailyUse, IsDoubtedWhereAYearIsMistypedAndUseIsRareSince) {
  Counter counter("2027-01-04");
  counter.works_each_day(60);
  EXPECT_EQ(counter.works(counter.after(366)), 'h');
  EXPECT_EQ(counter.works_each_day(3, 20), "hh.");
}

// A closure is no rhythm, however few days after it the date is mistyped, and two in a year are none either.
TEST(ClockOfDailyUse, IsDoubtedWhereTheDateIsMistypedAfterAClosure) {
  for (const int ahead : {15, 21, 31, 365})
    for (const int days_since : {0, 1, 2}) {
      SCOPED_TRACE(std::to_string(ahead) + " ahead, " + std::to_string(days_since) + " after");
      Counter counter("2027-01-04");
      counter.works_each_day(60);
      counter.works(counter.after(30));
      counter.works_each_day(60);
      EXPECT_EQ(counter.works(counter.after(30)), 'h');
      for (int n = 0; n < days_since; ++n) counter.works(counter.after(1));
      EXPECT_EQ(counter.works(counter.after(1 + ahead)), 'h');
    }
}

// Nobody has worked by it: the machine is switched on by itself, and its clock is a month further each time.
TEST(ClockOfRareUse, IsNotBelievedForTimesAtWhichNobodyWorked) {
  Counter counter("2027-01-04");
  std::string judged(1, counter.works(counter.after(0)));
  for (int n = 0; n < 6; ++n) judged += counter.start(counter.after(30));
  EXPECT_EQ(judged, ".hhhhhh");
}

// It was on each day: that people work by it on one a month makes no gap of a mistyped month usual.
TEST(ClockOfRareUse, IsNotBelievedWhereTheMachineIsOnInBetween) {
  Counter counter("2027-01-04");
  for (int n = 1; n <= 120; ++n) {
    const auto day = counter.after(1);
    EXPECT_EQ(n % 30 == 0 ? counter.works(day) : counter.start(day), '.');
  }
  EXPECT_EQ(counter.works(counter.after(31)), 'h');
}

}  // namespace
}  // namespace madoguchi::doctor
