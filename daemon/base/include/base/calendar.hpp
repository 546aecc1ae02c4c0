// Dates and times as a Japanese counter uses them: civil dates, Asia/Tokyo (UTC+9, no daylight saving),
// birthdays.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace madoguchi::base {

using Date = std::chrono::year_month_day;

// `YYYY-MM-DD`, years 1868 to 9999; nullopt for anything else, 30 February included.
std::optional<Date> parse_date(std::string_view text);
std::string format_date(Date date);

// RFC 3339 date-time with an offset; fractions are cut to milliseconds; nullopt for anything else.
std::optional<Instant> parse_time(std::string_view text);
// RFC 3339 in Japan's time, e.g. `2026-04-07T10:00:00+09:00`; milliseconds only when there are any.
std::string format_time(Instant instant);

// The civil date in Japan at that instant.
Date date_in_japan(Instant instant);
// The first instant of that day in Japan.
Instant start_of_day_in_japan(Date date);

Date add_days(Date date, int days);
// Calendar months, clamped to the end of a shorter month (31 May - 3 months = 28 or 29 February);
// std::chrono's own arithmetic does not clamp.
Date add_months_clamped(Date date, int months);

// The birthday in that year; 29 February is deemed 28 February in other years (個人番号カード命令 art. 26(2),
// applied to certificates by analogy).
Date birthday_in(Date birth, std::chrono::year year);
// The n-th birthday after `day` (n >= 1); a birthday on `day` itself does not count (公的個人認証法施行規則
// art. 13, 49: 発行の日後の…誕生日).
Date nth_birthday_after(Date birth, Date day, int n);
// Completed years on `day` by 年齢計算ニ関スル法律: one born on 29 February completes a year at the end of 28
// February, hence on 1 March of other years. Not the same as birthday_in(), on purpose.
int age_on(Date birth, Date day);

}  // namespace madoguchi::base
