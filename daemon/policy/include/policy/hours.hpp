// When an office receives: from weekly hours, seasons, national holidays and year-end, with what plugins open
// and close.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "policy/outlook.hpp"
#include "policy/policy.hpp"
#include "policy/schedule.hpp"

namespace madoguchi::policy {

// A day at an office as core sees it: what a plugin's `schedule` hook is told.
struct DayOutline {
  base::Date day{};
  std::string holiday;  // its name; empty if it is none
  bool year_end = false;
  std::vector<Interval> hours;
};

DayOutline outline(const Policy& policy, const Office& office, base::Date day);
// {"day": "2026-02-11", "weekday": "wed", "holiday": "建国記念の日", "year_end": false, "hours":
// ["08:30-19:00"]}; no `holiday` on other days.
boost::json::object to_json(const DayOutline& outline);

// The days from `from` to `to` on which the office is closed over New Year, in order.
std::vector<base::Date> year_end_closures(const Policy& policy, const Office& office, base::Date from,
                                          base::Date to);

// "08:30-19:00"; 24:00 is a day's end.
std::string to_text(Interval interval);
// nullopt for anything else.
std::optional<Interval> parse_interval(std::string_view text);
// "18:45" to minutes after midnight, 0 to 1440.
std::optional<int> parse_minute(std::string_view text);
std::string minute_text(int minute);

// With everything that plugins open and close.
std::vector<Interval> open_hours(const Policy& policy, const Schedule& changes, const Office& office,
                                 base::Date day);

// The last minute in which somebody is received in time: 18:45 means up to 18:45:59.
int last_reception(const Office& office, Interval interval);
// The same as people say it: where nobody has to come before the end, that is the end itself.
int received_until(const Office& office, Interval interval);

struct OfficeStatus {
  std::vector<Interval> today;
  std::optional<Interval> now;                  // the interval in which it is open
  bool in_time = false;                         // open, and not after the last reception
  std::optional<base::Instant> last_reception;  // of the interval in which it is open
  std::optional<base::Instant> next_opening;    // when it is closed, if there is any within a year
  std::optional<base::Instant> after;           // when it is open but too late: the opening after this one
};

OfficeStatus office_status(const Policy& policy, const Schedule& changes, const Office& office,
                           base::Instant at, const Outlook& outlook = {});

// The first day from `from` on, within a year, on which the office receives at all.
std::optional<base::Date> first_open_day(const Policy& policy, const Schedule& changes, const Office& office,
                                         base::Date from, const Outlook& outlook = {});

// The hours of a day to come; nothing where nothing is known of it.
std::optional<std::vector<Interval>> hours_ahead(const Policy& policy, const Schedule& changes,
                                                 const Office& office, base::Date day,
                                                 const Outlook& outlook);

}  // namespace madoguchi::policy
