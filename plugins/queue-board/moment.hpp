// Instants as the daemon tells them: RFC 3339, in Japan's time.
#pragma once

#include <madoguchi/calendar.hpp>
#include <madoguchi/visit.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace queue_board {

using madoguchi::plugin::Date;
using Moment = std::chrono::sys_seconds;

inline constexpr std::chrono::hours japan{9};  // ahead of UTC, without summer time

// The daemon writes `+09:00` always; a fraction of a second is dropped.
inline Moment parse_moment(std::string_view text) {
  namespace plugin = madoguchi::plugin;
  const auto date = plugin::parse_date(text.substr(0, 10));
  const auto clock = plugin::parse_clock(text.size() < 19 ? std::string_view() : text.substr(11, 5));
  const int seconds = plugin::detail::digits(text, 17, 2);
  if (!date || !clock || seconds < 0 || !text.ends_with("+09:00"))
    throw plugin::BadRequest("a time that is not RFC 3339 in Japan's time");
  return std::chrono::sys_days(*date) + *clock + std::chrono::seconds(seconds) - japan;
}

inline Date day_of(Moment moment) {
  return Date(std::chrono::floor<std::chrono::days>(moment + japan));
}

// Minutes since that day's midnight, in Japan.
inline madoguchi::plugin::ClockTime clock_of(Moment moment) {
  const auto local = moment + japan;
  return std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local));
}

inline std::string format_moment(Moment moment) {
  const auto seconds = static_cast<int>((moment.time_since_epoch() % std::chrono::minutes(1)).count());
  return madoguchi::plugin::format_date(day_of(moment)) + 'T' +
         madoguchi::plugin::format_clock(clock_of(moment)) + ':' +
         madoguchi::plugin::detail::padded(seconds, 2) + "+09:00";
}

}  // namespace queue_board
