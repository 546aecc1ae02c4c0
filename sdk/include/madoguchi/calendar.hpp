// Civil dates and clock times as policies write them.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::plugin {

using Date = std::chrono::year_month_day;

namespace detail {

// Exactly `size` digits from `at`; -1 for anything else.
inline int digits(std::string_view text, std::size_t at, std::size_t size) {
  int value = 0;
  if (text.size() < at + size) return -1;
  for (const char c : text.substr(at, size)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

inline std::string padded(int value, std::size_t width) {
  auto text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

}  // namespace detail

// `YYYY-MM-DD`; nothing for anything else, 30 February included.
inline std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = detail::digits(text, 0, 4);
  const int m = detail::digits(text, 5, 2);
  const int d = detail::digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const Date date{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                  std::chrono::day(static_cast<unsigned>(d))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

inline std::string format_date(Date date) {
  return detail::padded(static_cast<int>(date.year()), 4) + '-' +
         detail::padded(static_cast<int>(static_cast<unsigned>(date.month())), 2) + '-' +
         detail::padded(static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

inline Date add_days(Date date, int days) {
  return std::chrono::sys_days(date) + std::chrono::days(days);
}

// Calendar months, clamped to the end of a shorter month: 30 November + 3 months = 28 or 29 February.
inline Date add_months_clamped(Date date, int months) {
  const auto moved = date.year() / date.month() + std::chrono::months(months);
  const std::chrono::year_month_day_last last = moved / std::chrono::last;
  return moved / std::min(date.day(), last.day());
}

// Minutes since midnight; 24:00 is the end of a day.
using ClockTime = std::chrono::minutes;

// `HH:MM`, 00:00 to 24:00.
inline std::optional<ClockTime> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int h = detail::digits(text, 0, 2);
  const int m = detail::digits(text, 3, 2);
  if (h < 0 || m < 0 || m > 59 || h * 60 + m > 24 * 60) return std::nullopt;
  return ClockTime(h * 60 + m);
}

inline std::string format_clock(ClockTime time) {
  const auto minutes = static_cast<int>(time.count());
  return detail::padded(minutes / 60, 2) + ':' + detail::padded(minutes % 60, 2);
}

// How a date reads in a sentence.
inline std::string date_in_japanese(Date date) {
  return std::to_string(static_cast<int>(date.year())) + "年" +
         std::to_string(static_cast<unsigned>(date.month())) + "月" +
         std::to_string(static_cast<unsigned>(date.day())) + "日";
}

inline std::string date_in_english(Date date) {
  constexpr std::string_view months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  return std::to_string(static_cast<unsigned>(date.day())) + ' ' +
         std::string(months[static_cast<unsigned>(date.month()) - 1]) + ' ' +
         std::to_string(static_cast<int>(date.year()));
}

}  // namespace madoguchi::plugin
