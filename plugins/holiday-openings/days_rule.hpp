// One entry of the policy: on which days of which offices which hours are opened or closed.
#pragma once

#include <madoguchi/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include "recurrence.hpp"

namespace holiday_openings {

using madoguchi::plugin::City;
using madoguchi::plugin::Interval;
using madoguchi::plugin::Section;

// What becomes of its days that are national holidays, and of those that are not.
enum class OnHolidays : std::uint8_t { as_usual, skip, only };

struct DaysRule {
  std::vector<std::string> offices;  // empty: all
  std::vector<Interval> hours;
  std::vector<Date> dates;
  std::optional<Recurrence> rule;
  std::optional<Date> from;
  std::optional<Date> until;
  std::vector<Date> except;
  OnHolidays on_holidays = OnHolidays::as_usual;
  std::string place;  // RFC 6901 pointer into the section

  // Neither `dates` nor `rule`, which `only` can do without.
  [[nodiscard]] bool every_holiday() const {
    return on_holidays == OnHolidays::only && !rule && dates.empty();
  }
  // Whether it is a day of `rule`, exceptions aside.
  [[nodiscard]] bool covers(Date day) const;
  [[nodiscard]] bool concerns(std::string_view office) const;
  // Its days in the period by `dates` and by `rule`, sorted, none twice.
  [[nodiscard]] std::vector<Date> listed(const madoguchi::plugin::Period& period) const;
  [[nodiscard]] std::vector<Date> recurring(const madoguchi::plugin::Period& period) const;

 private:
  // What `from`, `until`, `except` and `holidays` leave of the days, in order.
  [[nodiscard]] std::vector<Date> kept(std::vector<Date> days, const madoguchi::plugin::Period& period) const;
};

enum class Kind : std::uint8_t { opening, closure };

// An entry of `openings` needs offices and hours; one of `closures` is without them about all offices or the
// whole day.
DaysRule read_days_rule(Section& section, const City& city, Kind kind);

}  // namespace holiday_openings
