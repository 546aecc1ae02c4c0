#include <sys/timex.h>

#include <algorithm>

#include "base/calendar.hpp"
#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

// This program is younger; and a certificate of these cards lives ten years.
constexpr base::Date earliest{std::chrono::year(2026), std::chrono::month(1), std::chrono::day(1)};
constexpr base::Date latest{std::chrono::year(2056), std::chrono::month(1), std::chrono::day(1)};
// A time service sets a clock back by less without anybody's harm.
constexpr std::chrono::seconds tolerated{5};
// No holidays last so long. What is deleted by a clock that is ahead by less would have gone soon anyway.
constexpr std::chrono::days idle_at_most{14};
// A machine that has stood still for longer is right all the same. On so many days somebody has worked with
// the date; that the machine was on, which it is over a weekend, shows nothing.
constexpr int days_to_believe = 2;
// Whether a clock is behind, or was ahead once and has been put right, the records do not tell. It is said
// over a weekend, and not for the years that the other clock was ahead.
constexpr std::chrono::days told_behind{3};

// The record that this clock has not reached yet.
std::optional<base::Instant> not_reached(const ClockSeen& seen) {
  auto since = seen.now;
  for (const auto& [at, by_a_person] : seen.recorded) {
    if (seen.now - since >= told_behind) return std::nullopt;
    if (at > seen.now + tolerated) return at;
    since = at;
  }
  return std::nullopt;
}

// The last record before a gap that this clock has made, until people have worked by it on some days since. A
// time that a newer record goes back from was that of a clock which was put right: it vouches for nothing.
std::optional<base::Instant> before_gap(const ClockSeen& seen) {
  const auto today = base::date_in_japan(seen.now);
  auto next = seen.now;
  auto last_day = today;  // that counts, or today
  int days = 0;
  for (const auto& [at, by_a_person] : seen.recorded) {
    const auto day = base::date_in_japan(at);
    if (day < earliest || at > next + tolerated) continue;
    if (next - at > idle_at_most) return at;
    next = std::min(next, at);
    if (!by_a_person || day >= last_day) continue;
    if (++days == days_to_believe) return std::nullopt;
    last_day = day;
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> clock_is_synchronised() {
  timex state{};
  const int result = ::adjtimex(&state);
  if (result < 0) return std::nullopt;
  return result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

Finding judge_clock(const ClockSeen& seen) {
  boost::json::object facts{{"now", base::format_time(std::chrono::floor<std::chrono::seconds>(seen.now))}};
  const auto day = base::date_in_japan(seen.now);
  if (day < earliest || day > latest) return {State::wrong, "clock.implausible", std::move(facts)};
  if (const auto last = not_reached(seen)) {
    facts["last"] = base::format_time(*last);
    return {State::wrong, "clock.behind", std::move(facts)};
  }
  if (const auto last = before_gap(seen)) {
    facts["last"] = base::format_time(*last);
    facts["days"] = std::chrono::floor<std::chrono::days>(seen.now - *last).count();
    return {State::attention, "clock.ahead", std::move(facts)};
  }
  if (seen.synchronised && !*seen.synchronised)
    return {State::attention, "clock.not_synchronised", std::move(facts)};
  return {State::ok, "clock.ok", std::move(facts)};
}

}  // namespace madoguchi::doctor
