// Opening hours: the worked cases, and every minute or day of twelve years against rules written down
// otherwise.
#include "policy/hours.hpp"

#include <gmock/gmock.h>

#include <random>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

OfficeStatus at(const Policy& policy, std::string_view when, const Schedule& changes = {}) {
  return office_status(policy, changes, policy.offices.front(), time(when));
}

TEST(Hours, texts_of_times) {
  EXPECT_EQ(parse_interval("08:30-19:00"), (Interval{510, 1140}));
  EXPECT_EQ(parse_interval("00:00-24:00"), whole_day);
  EXPECT_EQ(to_text(Interval{510, 1440}), "08:30-24:00");
  for (const auto* bad : {"8:30-19:00", "08:30-08:30", "09:00-08:00", "08:30-24:01", "08:60-19:00", "08:30",
                          "", "08:30-19:00 ", "08.30-19.00"}) {
    EXPECT_EQ(parse_interval(bad), std::nullopt) << bad;
  }
}

TEST(Hours, DC48_the_last_reception_is_in_time_through_its_minute) {
  const auto policy = with_calendar();
  EXPECT_TRUE(at(policy, "2026-02-12 18:45").in_time);
  EXPECT_EQ(at(policy, "2026-02-12 18:45").last_reception, time("2026-02-12 18:45"));
  auto facts = base_case();
  facts.at = time("2026-02-12 18:45") + std::chrono::seconds(59) + std::chrono::milliseconds(999);
  EXPECT_THAT(codes(decide(policy, facts)), Not(Contains("office.after_last_reception")));
  facts.at += std::chrono::milliseconds(1);
  const auto late = decide(policy, facts);
  EXPECT_EQ(late.outcome, Outcome::complete_today) << "an override does not change the outcome";
  EXPECT_EQ(late.finding("office.after_last_reception")->severity, Severity::override_);
  EXPECT_EQ(late.next_opening, std::nullopt) << "it is not closed";
  auto strict = policy;
  strict.offices.front().reception.enforcement = Enforcement::refuse;
  EXPECT_EQ(decide(strict, facts).outcome, Outcome::not_today);
  EXPECT_THAT(decide(strict, facts).finding("office.after_last_reception")->message.en,
              HasSubstr("come back on Friday 13 February 2026 from 08:30"));
}

TEST(Hours, DC50_closed_says_when_and_where_to_go) {
  auto policy = with_calendar();
  auto centre = policy.offices.front();
  centre.id = "centre";
  centre.key = "offices[1]";
  for (auto& hours : centre.weekly) {
    if (!hours.empty()) hours = {{510, 1035}};
  }
  policy.offices.push_back(centre);
  policy.origins["offices[1].hours"] = {"policy.yaml", 90, 5};
  auto facts = base_case();
  facts.office = "centre";
  facts.at = time("2026-02-12 18:00");
  const auto decision = decide(policy, facts);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_EQ(decision.next_opening, time("2026-02-13 08:30"));
  const auto* closed = decision.finding("office.closed");
  EXPECT_EQ(closed->rule, (Rule{"offices[1].hours", {"policy.yaml", 90, 5}}));
  EXPECT_THAT(closed->message.en, HasSubstr("come back on Friday 13 February 2026 from 08:30"));
  EXPECT_THAT(closed->message.en, HasSubstr("go to: Citizens' Division (until 18:45)"));
  EXPECT_THAT(closed->message.ja, HasSubstr("次の受付は2026年2月13日(金)08:30からです。"));
  EXPECT_EQ(closed->params.at("next_opening"), "2026-02-13T08:30:00+09:00");
}

TEST(Hours, DC56_DC57_holidays_and_year_end_are_skipped) {
  const auto policy = with_calendar();
  EXPECT_EQ(at(policy, "2026-02-11 10:00").next_opening, time("2026-02-12 08:30"));
  EXPECT_EQ(at(policy, "2026-09-19 10:00").next_opening, time("2026-09-23 08:30"));
  EXPECT_EQ(at(policy, "2026-12-28 19:00").next_opening, time("2027-01-04 08:30"));
}

TEST(Hours, holidays_may_have_hours_of_their_own) {
  auto policy = with_calendar();
  auto& office = policy.offices.front();
  office.on_holidays = OnHolidays::own_hours;
  office.holiday_hours = {{600, 1020}};
  EXPECT_THAT(at(policy, "2026-02-11 10:00").today, ElementsAre(Interval{600, 1020}));
  office.holidays_as_weekday = 1U << 3;  // Wednesdays
  EXPECT_THAT(at(policy, "2026-02-11 10:00").today, ElementsAre(Interval{510, 1140}));
  office.on_holidays = OnHolidays::as_weekday;
  EXPECT_TRUE(at(policy, "2026-02-11 08:30").in_time);
  office.on_year_end = OnYearEnd::open;
  EXPECT_TRUE(at(policy, "2026-12-30 08:30").in_time);
}

TEST(Hours, a_season_replaces_the_days_that_it_names) {
  auto policy = with_calendar();
  Season season;
  season.when = {std::chrono::March / 20, std::chrono::April / 10};
  season.hours.at(6) = {{{510, 720}}};
  season.hours.at(1) = std::vector<Interval>{};
  policy.offices.front().seasons = {season};
  EXPECT_TRUE(at(policy, "2026-03-28 09:00").in_time);
  EXPECT_FALSE(at(policy, "2026-04-11 09:00").in_time);
  EXPECT_THAT(at(policy, "2026-03-23 09:00").today, IsEmpty());
  EXPECT_THAT(at(policy, "2026-03-24 09:00").today, ElementsAre(Interval{510, 1140}));
}

TEST(Hours, nobody_is_sent_to_what_a_closure_leaves_after_the_last_reception) {
  const auto policy = with_calendar();
  const auto& office = policy.offices.front().id;
  const Schedule changes({{office, day("2026-02-14"), {{510, 960, 870}}, {{900, 930}}, "one"}});
  EXPECT_EQ(at(policy, "2026-02-14 14:31", changes).after, time("2026-02-16 08:30"));
  EXPECT_EQ(at(policy, "2026-02-14 15:10", changes).next_opening, time("2026-02-16 08:30"));
  EXPECT_FALSE(at(policy, "2026-02-14 15:40", changes).now.has_value());
}

TEST(Hours, a_lunch_break_is_closed_and_has_a_last_reception_before_it) {
  auto policy = with_calendar();
  policy.offices.front().weekly.at(4) = {{510, 720}, {780, 1035}};
  EXPECT_TRUE(at(policy, "2026-02-12 11:45").in_time);
  EXPECT_FALSE(at(policy, "2026-02-12 11:46").in_time);
  EXPECT_TRUE(at(policy, "2026-02-12 11:59").now.has_value());
  EXPECT_EQ(at(policy, "2026-02-12 12:00").next_opening, time("2026-02-12 13:00"));
  policy.offices.front().reception.lead_minutes = 0;
  policy.offices.front().reception.last_at = 16 * 60;
  EXPECT_TRUE(at(policy, "2026-02-12 11:59").in_time);
  EXPECT_TRUE(at(policy, "2026-02-12 16:00").in_time);
  EXPECT_FALSE(at(policy, "2026-02-12 16:01").in_time);
}

TEST(Hours, DC53_DC54_what_plugins_open_and_close_counts) {
  const auto policy = with_calendar();
  const Schedule changes({{"citizens-division", day("2026-02-14"), {{510, 960}}, {}, "openings"},
                          {"citizens-division", day("2026-02-13"), {}, {{600, 720}}, "one"},
                          {"citizens-division", day("2026-02-12"), {{1140, 1200}}, {}, "two"},
                          {"citizens-division", day("2026-02-11"), {{510, 600}}, {}, "openings"},
                          {"citizens-division", day("2026-02-11"), {}, {whole_day}, "closures"}});
  EXPECT_TRUE(at(policy, "2026-02-14 15:45", changes).in_time);
  EXPECT_TRUE(at(policy, "2026-02-14 15:46", changes).now.has_value());
  EXPECT_FALSE(at(policy, "2026-02-14 15:46", changes).in_time);
  EXPECT_EQ(at(policy, "2026-02-14 16:00", changes).next_opening, time("2026-02-16 08:30"));
  EXPECT_EQ(at(policy, "2026-02-13 11:00", changes).next_opening, time("2026-02-13 12:00"));
  EXPECT_TRUE(at(policy, "2026-02-12 19:45", changes).in_time) << "one interval with the one before it";
  EXPECT_THAT(at(policy, "2026-02-11 09:00", changes).today, IsEmpty()) << "a closure always wins";
  auto facts = base_case();
  facts.at = time("2026-02-14 10:00");
  EXPECT_EQ(decide(policy, facts, changes).outcome, Outcome::complete_today);
  EXPECT_EQ(decide(policy, facts).next_opening, time("2026-02-16 08:30"));
}

TEST(Hours, an_office_that_never_opens_says_so) {
  auto policy = with_calendar();
  for (auto& hours : policy.offices.front().weekly) hours.clear();
  const auto decision = decide(policy, base_case());
  EXPECT_EQ(decision.next_opening, std::nullopt);
  EXPECT_THAT(decision.finding("office.closed")->message.en, HasSubstr("does not open within a year"));
}

TEST(Hours, a_days_outline_for_plugins) {
  const auto policy = with_calendar();
  EXPECT_EQ(to_json(outline(policy, policy.offices.front(), day("2026-02-11"))),
            (boost::json::object{{"day", "2026-02-11"},
                                 {"weekday", "wed"},
                                 {"year_end", false},
                                 {"hours", boost::json::array()},
                                 {"holiday", "建国記念の日"}}));
  EXPECT_EQ(to_json(outline(policy, policy.offices.front(), day("2026-02-12"))).at("hours"),
            boost::json::array{"08:30-19:00"});
}

// The same rules once more, day by day, without any of the functions above: Monday to Friday 8:30 to 19:00
// but on listed holidays and from 29 December to 3 January, and what the changes say.
struct Plain {
  std::set<base::Date> holidays;
  std::map<base::Date, std::pair<int, int>> opened;
  std::set<base::Date> closed;

  [[nodiscard]] bool open(base::Date date, int minute) const {
    if (closed.contains(date)) return false;
    if (const auto more = opened.find(date);
        more != opened.end() && minute >= more->second.first && minute < more->second.second) {
      return true;
    }
    const auto weekday = std::chrono::weekday(sys_days(date)).iso_encoding();
    const auto in_month = static_cast<unsigned>(date.day());
    const bool year_end = (date.month() == std::chrono::December && in_month >= 29) ||
                          (date.month() == std::chrono::January && in_month <= 3);
    return weekday <= 5 && !year_end && !holidays.contains(date) && minute >= 510 && minute < 1140;
  }
};

TEST(Hours, agree_with_the_plain_rules_for_every_day_of_2024_to_2035) {
  auto policy = with_calendar();
  policy.calendar.holidays.clear();
  Plain plain;
  std::vector<ScheduleChange> changes;
  std::mt19937 random(11);
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2036-12-31")); d += days(1)) {
    const base::Date date(d);
    const auto dice = random() % 40;
    if (dice == 0) {
      policy.calendar.holidays.push_back({date, "休日"});
      plain.holidays.insert(date);
    } else if (dice == 1) {
      changes.push_back({"citizens-division", date, {{540, 720}}, {}, "openings"});
      plain.opened[date] = {540, 720};
    } else if (dice == 2) {
      changes.push_back({"citizens-division", date, {}, {whole_day}, "closures"});
      plain.closed.insert(date);
    }
  }
  const Schedule schedule(std::move(changes));
  const auto& office = policy.offices.front();
  for (auto d = sys_days(day("2024-01-01")); d <= sys_days(day("2035-12-31")); d += days(1)) {
    const base::Date date(d);
    for (const int minute : {0, 509, 510, 539, 540, 719, 720, 1125, 1126, 1139, 1140, 1439}) {
      const auto when = base::start_of_day_in_japan(date) + std::chrono::minutes(minute);
      const auto status = office_status(policy, schedule, office, when);
      ASSERT_EQ(status.now.has_value(), plain.open(date, minute)) << base::format_date(date) << " " << minute;
      if (status.now) continue;
      // The next opening is the first open minute; hours begin on the half hour here.
      auto next = when + std::chrono::minutes(1);
      while (!plain.open(base::date_in_japan(next),
                         static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(
                                              next - base::start_of_day_in_japan(base::date_in_japan(next)))
                                              .count()))) {
        const auto of_day = std::chrono::duration_cast<std::chrono::minutes>(
            next - base::start_of_day_in_japan(base::date_in_japan(next)));
        next += std::chrono::minutes(30 - of_day.count() % 30);
      }
      ASSERT_EQ(status.next_opening, next) << base::format_date(date) << " " << minute;
    }
  }
}

TEST(Reservation, is_told_by_day_and_matter) {
  auto policy = with_calendar();
  ReservationRule rule;
  rule.need = ReservationNeed::required;
  rule.days = 1U << 4;  // Thursdays
  rule.services = {Service::renewal};
  rule.how = {"ウェブで予約", "Reserve on the web."};
  rule.key = "offices[0].reservations[0]";
  policy.offices.front().reservations = {rule};
  const auto decision = decide(policy, base_case());
  EXPECT_EQ(decision.finding("reservation.expected")->severity, Severity::override_);
  EXPECT_THAT(decision.finding("reservation.expected")->message.en, HasSubstr("Reserve on the web."));
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  auto facts = base_case();
  facts.at = time("2026-02-13 10:00");
  EXPECT_EQ(decide(policy, facts).finding("reservation.expected"), nullptr);
  facts = base_case();
  facts.purpose = Purpose::pin_reset;
  EXPECT_EQ(decide(policy, facts).finding("reservation.expected"), nullptr);
  policy.offices.front().reservations.front().need = ReservationNeed::priority;
  EXPECT_EQ(decide(policy, base_case()).finding("reservation.expected")->severity, Severity::advise);
}

TEST(Services, what_an_office_does_not_do_blocks_and_names_who_does) {
  auto policy = with_calendar();
  auto other = policy.offices.front();
  other.id = "post-office";
  other.services = {Service::holder, Service::renewal};
  other.key = "offices[1]";
  policy.offices.push_back(other);
  auto facts = base_case();
  facts.office = "post-office";
  EXPECT_EQ(decide(policy, facts).outcome, Outcome::complete_today);
  facts.at = time("2026-04-13 10:00");
  const auto late = decide(policy, facts);
  EXPECT_EQ(late.outcome, Outcome::not_today);
  EXPECT_EQ(late.finding("office.service_not_offered")->params.at("service"), "new_issuance");
  EXPECT_THAT(late.finding("office.service_not_offered")->message.en, HasSubstr("go to: Citizens' Division"));
  facts = visited_by(Role::proxy);
  facts.office = "post-office";
  EXPECT_EQ(decide(policy, facts).finding("office.service_not_offered")->params.at("service"), "proxy");
}

TEST(Crowding, by_day_of_the_year_weekday_and_time) {
  auto policy = with_calendar();
  policy.crowding = {
      {YearlyRange{std::chrono::March / 11, std::chrono::April / 10}, every_weekday, {}, "crowding[0]"},
      {{}, 1U << 1, Interval{510, 720}, "crowding[1]"}};
  const auto busy = [&](std::string_view when) {
    auto facts = base_case();
    facts.at = time(when);
    const auto* finding = decide(policy, facts).finding("crowding.expected");
    return finding != nullptr;
  };
  EXPECT_TRUE(busy("2026-03-25 10:00"));
  EXPECT_TRUE(busy("2026-04-10 10:00"));
  EXPECT_FALSE(busy("2026-02-12 10:00"));
  EXPECT_TRUE(busy("2026-02-16 08:30")) << "a Monday morning";
  EXPECT_FALSE(busy("2026-02-16 12:00"));
  EXPECT_FALSE(busy("2026-02-17 09:00"));
}

TEST(Texts, a_citys_own_words_take_the_same_parameters) {
  auto policy = city();
  policy.texts["window.too_early"] = {"{opens_on}から", "From {opens_on}."};
  auto facts = base_case();
  facts.at = time("2026-01-09 10:00");
  EXPECT_EQ(decide(policy, facts).finding("window.too_early")->message,
            (Text{"2026年1月11日から", "From 11 January 2026."}));
  EXPECT_THAT(text_parameters("window.too_early"), ElementsAre("opens_on", "first_counter_day"));
}

}  // namespace
}  // namespace madoguchi::policy
