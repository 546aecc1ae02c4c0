#include "base/calendar.hpp"

#include <array>
#include <cstdio>

namespace madoguchi::base {
namespace {

using namespace std::chrono;

constexpr auto japan_offset = hours(9);

// Exactly `count` digits at `at`; -1 if there are not.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Date clamp(year_month_day date) {
  return date.ok() ? date : Date(date.year() / date.month() / last);
}

// ".123" at `at`: milliseconds, and `at` moves behind it; -1 on an empty fraction.
int fraction(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  int value = 0;
  int unit = 100;
  const auto begin = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
    value += (text[at] - '0') * unit;
  return at == begin ? -1 : value;
}

std::optional<minutes> offset(std::string_view text) {
  if (text == "Z" || text == "z") return minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hour = digits(text, 1, 2);
  const int minute = digits(text, 4, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  const auto size = hours(hour) + minutes(minute);
  return text[0] == '+' ? size : -size;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = digits(text, 0, 4);
  const int m = digits(text, 5, 2);
  const int d = digits(text, 8, 2);
  if (y < 1868 || m < 0 || d < 0) return std::nullopt;
  const Date date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::string format_date(Date date) {
  std::array<char, 32> text{};
  // 32 characters hold whatever they are.
  static_cast<void>(std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
  return text.data();
}

std::optional<Instant> parse_time(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto date = parse_date(text.substr(0, 10));
  const int h = digits(text, 11, 2);
  const int m = digits(text, 14, 2);
  const int s = digits(text, 17, 2);
  if (!date || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return std::nullopt;
  std::size_t at = 19;
  const int ms = fraction(text, at);
  const auto zone = offset(text.substr(at));
  if (ms < 0 || !zone) return std::nullopt;
  return Instant(sys_days(*date)) + hours(h) + minutes(m) + seconds(s) + milliseconds(ms) - *zone;
}

std::string format_time(Instant instant) {
  const auto local = instant + japan_offset;
  const auto midnight = floor<days>(local);
  const hh_mm_ss time(local - midnight);
  std::array<char, 48> text{};
  const auto ms = static_cast<int>(time.subseconds().count());
  const auto written =
      std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d", static_cast<int>(time.hours().count()),
                    static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  const auto at = static_cast<std::size_t>(written);
  if (ms != 0) static_cast<void>(std::snprintf(text.data() + at, text.size() - at, ".%03d", ms));
  return format_date(Date(midnight)) + text.data() + "+09:00";
}

Date date_in_japan(Instant instant) {
  return Date(floor<days>(instant + japan_offset));
}

Instant start_of_day_in_japan(Date date) {
  return Instant(sys_days(date)) - japan_offset;
}

Date add_days(Date date, int count) {
  return Date(sys_days(date) + days(count));
}

Date add_months_clamped(Date date, int count) {
  return clamp(date + months(count));
}

Date birthday_in(Date birth, year in) {
  return clamp(in / birth.month() / birth.day());
}

Date nth_birthday_after(Date birth, Date day, int n) {
  const auto first = birthday_in(birth, day.year()) > day ? day.year() : day.year() + years(1);
  return birthday_in(birth, first + years(n - 1));
}

int age_on(Date birth, Date day) {
  const int completed = static_cast<int>(day.year()) - static_cast<int>(birth.year());
  // Compared by month and day, 29 February comes after 28 February: it is reached on 1 March of other years.
  const bool reached =
      day.month() > birth.month() || (day.month() == birth.month() && day.day() >= birth.day());
  return reached ? completed : completed - 1;
}

}  // namespace madoguchi::base
