// Which times a visit may be said to take place at.
#pragma once

#include <string_view>

#include "base/calendar.hpp"

namespace madoguchi::base {

// Whether that may be the time of a visit: in the years 2000 to 2199 in Japan, so that whatever is reckoned
// from it (openings of the next year, the end of a validity) has a date of four digits too.
inline bool is_visit_time(Instant instant) {
  const auto year = date_in_japan(instant).year();
  return year >= std::chrono::year(2000) && year <= std::chrono::year(2199);
}
inline constexpr std::string_view visit_time_expected =
    "a time that exists, in the years 2000 to 2199, RFC 3339 with an offset";

}  // namespace madoguchi::base
