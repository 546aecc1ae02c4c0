#include "policy/hours.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace madoguchi::policy {
namespace {

constexpr int minutes_in_day = 24 * 60;
constexpr int horizon_days = 366;

constexpr std::array<std::string_view, 7> weekday_words{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

const std::vector<Interval>& weekly(const Office& office, base::Date day) {
  const auto weekday = weekday_of(day);
  for (const auto& season : office.seasons) {
    if (season.when.contains(day) && season.hours.at(weekday)) return *season.hours.at(weekday);
  }
  return office.weekly.at(weekday);
}

bool closed_over_new_year(const Policy& policy, const Office& office, base::Date day) {
  const auto& year_end = policy.calendar.year_end;
  return office.on_year_end == OnYearEnd::closed && year_end && year_end->contains(day);
}

const std::vector<Interval>& own_hours(const Policy& policy, const Office& office, base::Date day) {
  static const std::vector<Interval> none;
  const auto& calendar = policy.calendar;
  if (closed_over_new_year(policy, office, day)) return none;
  if (calendar.holiday(day) == nullptr) return weekly(office, day);
  switch (office.on_holidays) {
    case OnHolidays::closed:
      return none;
    case OnHolidays::own_hours:
      if (!has(office.holidays_as_weekday, weekday_of(day))) return office.holiday_hours;
      break;
    case OnHolidays::as_weekday:
      break;
  }
  return weekly(office, day);
}

base::Instant instant(base::Date day, int minute) {
  return base::start_of_day_in_japan(day) + std::chrono::minutes(minute);
}

// The first of the day's own hours after that minute, or the first opening on a day after it.
std::optional<base::Instant> next_opening(const Policy& policy, const Schedule& changes, const Office& office,
                                          base::Date day, int minute, const Outlook& outlook) {
  for (const auto& interval : open_hours(policy, changes, office, day)) {
    if (interval.from > minute) return instant(day, interval.from);
  }
  const auto then = first_open_day(policy, changes, office, base::add_days(day, 1), outlook);
  if (!then) return std::nullopt;
  return instant(*then, hours_ahead(policy, changes, office, *then, outlook)->front().from);
}

}  // namespace

DayOutline outline(const Policy& policy, const Office& office, base::Date day) {
  const auto* holiday = policy.calendar.holiday(day);
  const auto& year_end = policy.calendar.year_end;
  return {day, holiday == nullptr ? std::string() : holiday->name, year_end && year_end->contains(day),
          own_hours(policy, office, day)};
}

std::vector<base::Date> year_end_closures(const Policy& policy, const Office& office, base::Date from,
                                          base::Date to) {
  std::vector<base::Date> days;
  if (!policy.calendar.year_end || office.on_year_end != OnYearEnd::closed) return days;
  for (auto day = from; day <= to; day = base::add_days(day, 1)) {
    if (closed_over_new_year(policy, office, day)) days.push_back(day);
  }
  return days;
}

boost::json::object to_json(const DayOutline& outline) {
  boost::json::array hours;
  for (const auto interval : outline.hours) hours.emplace_back(to_text(interval));
  boost::json::object object{{"day", base::format_date(outline.day)},
                             {"weekday", weekday_words.at(weekday_of(outline.day))},
                             {"year_end", outline.year_end},
                             {"hours", std::move(hours)}};
  if (!outline.holiday.empty()) object["holiday"] = outline.holiday;
  return object;
}

std::string minute_text(int minute) {
  std::array<char, 16> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%02d:%02d", minute / 60, minute % 60));
  return text.data();
}

std::string to_text(Interval interval) {
  return minute_text(interval.from) + "-" + minute_text(interval.to);
}

std::optional<int> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  const int total = hour * 60 + minute;
  if (minute > 59 || total > minutes_in_day) return std::nullopt;
  return total;
}

std::optional<Interval> parse_interval(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = parse_minute(text.substr(0, 5));
  const auto to = parse_minute(text.substr(6));
  if (!from || !to || *from >= *to) return std::nullopt;
  return Interval{*from, *to};
}

std::vector<Interval> open_hours(const Policy& policy, const Schedule& changes, const Office& office,
                                 base::Date day) {
  const auto said = changes.on(office.id, day);
  const auto& own = own_hours(policy, office, day);
  if (said.empty()) return own;
  auto opened = own;
  std::vector<Interval> closed;
  for (const auto& change : said) {
    opened.insert(opened.end(), change.opened.begin(), change.opened.end());
    closed.insert(closed.end(), change.closed.begin(), change.closed.end());
  }
  return without(std::move(opened), std::move(closed));
}

int last_reception(const Office& office, Interval interval) {
  if (interval.last_at) return std::min(*interval.last_at, interval.to - 1);
  const int by_lead = std::max(interval.from, interval.to - std::max(1, office.reception.lead_minutes));
  const auto& fixed = office.reception.last_at;
  // A fixed time speaks of the interval that it falls into, not of an evening's opening after it.
  return fixed && *fixed >= interval.from && *fixed < interval.to ? std::min(*fixed, by_lead) : by_lead;
}

int received_until(const Office& office, Interval interval) {
  if (interval.last_at) return *interval.last_at;
  const int last = last_reception(office, interval);
  return office.reception.lead_minutes == 0 && last == interval.to - 1 ? interval.to : last;
}

OfficeStatus office_status(const Policy& policy, const Schedule& changes, const Office& office,
                           base::Instant at, const Outlook& outlook) {
  const auto day = base::date_in_japan(at);
  const auto minute = static_cast<int>(
      std::chrono::floor<std::chrono::minutes>(at - base::start_of_day_in_japan(day)).count());
  OfficeStatus status;
  status.today = open_hours(policy, changes, office, day);
  for (const auto interval : status.today) {
    if (interval.from <= minute && minute < interval.to) status.now = interval;
  }
  if (status.now) {
    const int last = last_reception(office, *status.now);
    status.in_time = minute <= last;
    status.last_reception = instant(day, last);
    if (!status.in_time) status.after = next_opening(policy, changes, office, day, minute, outlook);
  } else {
    status.next_opening = next_opening(policy, changes, office, day, minute, outlook);
  }
  return status;
}

std::optional<std::vector<Interval>> hours_ahead(const Policy& policy, const Schedule& changes,
                                                 const Office& office, base::Date day,
                                                 const Outlook& outlook) {
  if (!outlook.rules) {
    if (policy.effective_to && *policy.effective_to < day) return std::nullopt;
    return open_hours(policy, changes, office, day);
  }
  const auto then = outlook.rules(day);
  if (then.policy == nullptr) return std::nullopt;
  if (then.policy == &policy) return open_hours(policy, changes, office, day);
  const auto* as_then = then.policy->office(office.id);
  if (as_then == nullptr || (outlook.receives && !outlook.receives(*as_then))) return std::vector<Interval>();
  return open_hours(*then.policy, *then.changes, *as_then, day);
}

std::optional<base::Date> first_open_day(const Policy& policy, const Schedule& changes, const Office& office,
                                         base::Date from, const Outlook& outlook) {
  for (int ahead = 0; ahead <= horizon_days; ++ahead) {
    const auto day = base::add_days(from, ahead);
    const auto hours = hours_ahead(policy, changes, office, day, outlook);
    if (!hours) return std::nullopt;
    if (!hours->empty()) return day;
  }
  return std::nullopt;
}

}  // namespace madoguchi::policy
