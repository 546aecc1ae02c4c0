#include <sys/timex.h>

#include <algorithm>
#include <iterator>

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
// The rhythm of rare use, as judge_clock() has it. One closure is not one, nor are two of them with work on
// many days between; a weekend with the evening on which it is prepared is one use.
constexpr int gaps_alike = 2;
constexpr int days_of_one_use = 3;
// A quarter, and a week or two. A year that was mistyped is longer, whatever went before it; and it vouches
// for no gap after it.
constexpr std::chrono::days rarest_use{100};
// Whether a clock is behind, or was ahead once and has been put right, the records do not tell. It is said
// over a weekend, and not for the years that the other clock was ahead.
constexpr std::chrono::days told_behind{3};

using Records = std::vector<storage::Recorded>;  // the newest first

bool before_this_program(base::Instant at) {
  return base::date_in_japan(at) < earliest;
}

// The record that this clock has not reached yet. A lone one of the daemon's further back may be by a
// hardware clock that had fallen back to an old date before this one was set: it does not show since when
// this one runs.
std::optional<base::Instant> not_reached(const ClockSeen& seen) {
  auto since = seen.now;
  for (const auto& [at, by_a_person] : seen.recorded) {
    if (seen.now - since >= told_behind) return std::nullopt;
    if (at > seen.now + tolerated) return at;
    if (before_this_program(at)) continue;
    if (by_a_person || since - at <= told_behind) since = at;
  }
  return std::nullopt;
}

// Without those that no clock which was right can have made. A hardware clock with a flat battery falls back
// to the same old date each time, and the daemon alone records something until it is put right. A clock that
// had merely been put right would be, since the record before its own, as far on as the other one had come.
Records possible(const Records& recorded) {
  Records possible;
  std::vector<base::Instant> run;  // of them, those that none since goes back from
  for (auto record = recorded.rbegin(); record != recorded.rend(); ++record) {
    const auto [at, by_a_person] = *record;
    if (before_this_program(at)) continue;
    const auto later = std::upper_bound(run.begin(), run.end(), at);
    if (later != run.end() && !by_a_person &&
        (later == run.begin() || at - *std::prev(later) < run.back() - *later))
      continue;
    run.erase(later, run.end());
    run.push_back(at);
    possible.push_back(*record);
  }
  std::reverse(possible.begin(), possible.end());
  return possible;
}

struct Day {
  base::Date date;
  base::Instant first, last;  // record of that day
  bool worked = false;        // by people
};
using Days = std::vector<Day>;

// The newest first, which is today. A time that a newer record goes back from was that of a clock which was
// put right: it vouches for nothing.
Days days_of(const ClockSeen& seen) {
  Days days{{base::date_in_japan(seen.now), seen.now, seen.now}};
  for (const auto& [at, by_a_person] : possible(seen.recorded)) {
    if (at > days.back().first + tolerated) continue;
    const auto date = base::date_in_japan(at);
    if (date < days.back().date) days.push_back({date, at, at});
    auto& day = days.back();
    day.first = std::min(day.first, at);
    day.worked = day.worked || (by_a_person && date == day.date);
  }
  return days;
}

std::chrono::days between(const Day& day, const Day& later) {
  return std::chrono::sys_days(later.date) - std::chrono::sys_days(day.date);
}

bool as_long(std::chrono::days other, std::chrono::days gap) {
  return gap * 2 <= other * 3;
}

// Whether a machine that was on on `day`, and then not for `gap`, was used at such intervals: before, and by
// the `usual` gap that came next (0: none did). A day that it was merely on counts against it, and makes no
// time of use by itself.
bool used_rarely(Days::const_iterator day, Days::const_iterator end, std::chrono::days gap,
                 std::chrono::days usual) {
  if (gap > rarest_use) return false;
  int alike = as_long(usual, gap) ? 1 : 0;
  int days_on = 1;
  bool worked = day->worked;
  for (auto before = std::next(day); before != end; day = before++) {
    const auto other = between(*before, *day);
    if (worked && as_long(other, gap)) {
      if (other <= rarest_use && ++alike == gaps_alike) return true;
      days_on = 0;
      worked = false;
    }
    if (++days_on > days_of_one_use) return false;
    worked = worked || before->worked;
  }
  return false;
}

// The last record before a gap that this clock has made, until people have worked by it on some days since. A
// gap that is usual says nothing of the one before it, which may be a year that was mistyped.
std::optional<base::Instant> before_gap(const ClockSeen& seen) {
  const auto days = days_of(seen);
  int worked = 0;
  std::chrono::days usual{0};
  for (auto later = days.begin(), day = std::next(later); day != days.end(); later = day++) {
    if (later->first - day->last > idle_at_most) {
      const auto gap = between(*day, *later);
      if (!used_rarely(day, days.end(), gap, usual)) return day->last;
      usual = gap;
    }
    if (day->worked && ++worked == days_to_believe) return std::nullopt;
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
