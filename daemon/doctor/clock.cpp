#include <sys/timex.h>

#include "base/calendar.hpp"
#include "doctor/examinations.hpp"

namespace madoguchi::doctor {
namespace {

// This program is younger; and a certificate of these cards lives ten years.
constexpr base::Date earliest{std::chrono::year(2026), std::chrono::month(1), std::chrono::day(1)};
constexpr base::Date latest{std::chrono::year(2056), std::chrono::month(1), std::chrono::day(1)};
// A time service sets a clock back by less without anybody's harm.
constexpr std::chrono::seconds tolerated{5};
// A counter that works records something every day; one that has stood still for so long is looked at anyway.
constexpr std::chrono::days idle_at_most{100};

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
  if (seen.last_entry && seen.now + tolerated < *seen.last_entry) {
    facts["last"] = base::format_time(*seen.last_entry);
    return {State::wrong, "clock.behind", std::move(facts)};
  }
  if (seen.last_entry && seen.now - *seen.last_entry > idle_at_most) {
    facts["last"] = base::format_time(*seen.last_entry);
    facts["days"] = std::chrono::floor<std::chrono::days>(seen.now - *seen.last_entry).count();
    return {State::attention, "clock.ahead", std::move(facts)};
  }
  if (seen.synchronised && !*seen.synchronised)
    return {State::attention, "clock.not_synchronised", std::move(facts)};
  return {State::ok, "clock.ok", std::move(facts)};
}

}  // namespace madoguchi::doctor
