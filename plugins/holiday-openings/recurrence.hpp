// Days by a recurrence rule of RFC 5545.
#pragma once

#include <madoguchi/calendar.hpp>

#include <optional>
#include <string>
#include <vector>

namespace holiday_openings {

using madoguchi::plugin::Date;

class Recurrence {
 public:
  // `rule` as in RFC 5545 section 3.3.10, e.g. "FREQ=MONTHLY;BYDAY=2SA,4SA". `start` is the first possible
  // day; without it the rule must say every day itself (no INTERVAL, no COUNT, some BY... part). `days_after`
  // moves each day of the rule: 1 with "FREQ=MONTHLY;BYDAY=3SA" is the Sunday after the third Saturday.
  // Nothing, and `why`, for a rule that cannot be used.
  static std::optional<Recurrence> make(std::string rule, std::optional<Date> start, int days_after,
                                        std::string& why);

  // The days from `from` to `to`, both included, in order.
  [[nodiscard]] std::vector<Date> days(Date from, Date to) const;

 private:
  Recurrence(std::string rule, std::optional<Date> start, int days_after)
      : rule_(std::move(rule)), start_(start), days_after_(days_after) {}

  std::string rule_;
  std::optional<Date> start_;
  int days_after_;
};

}  // namespace holiday_openings
