#include "recurrence.hpp"

#include <dlfcn.h>
#include <libical/ical.h>

#include <cstdlib>
#include <memory>

namespace holiday_openings {
namespace {

using madoguchi::plugin::add_days;

// A rule that never ends is followed no further; more than a lifetime of daily openings.
constexpr int most_steps = 50'000;

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

// libical, and ICU beneath it, keep caches and memory of each thread's that they never give back. Unloaded
// together with this plugin, they would leak at every reload, and a thread's end would call into what is no
// longer there. So they stay, once.
void keep_libical() {
  static const bool kept = [] {
    Dl_info about{};
    return ::dladdr(reinterpret_cast<void*>(&icalrecur_iterator_new), &about) != 0 &&
           ::dlopen(about.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) != nullptr;
  }();
  static_cast<void>(kept);
}

// Not from icaltime_null_date(), whose clock reads -1:-1:-1: libical reckons with it, even for a date, and
// then finds other days or none for ever.
icaltimetype ical_date(Date date) {
  icaltimetype time{};
  time.is_date = 1;
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return time;
}

Date date_of(const icaltimetype& time) {
  return {std::chrono::year(time.year), std::chrono::month(static_cast<unsigned>(time.month)),
          std::chrono::day(static_cast<unsigned>(time.day))};
}

template <typename T, std::size_t N>
bool given(const T (&list)[N]) {
  return list[0] != static_cast<T>(ICAL_RECURRENCE_ARRAY_MAX) &&
         list[0] != static_cast<T>(ICAL_RECURRENCE_ARRAY_MAX_BYTE);
}

bool says_days_itself(const icalrecurrencetype& rule) {
  return rule.freq == ICAL_DAILY_RECURRENCE || given(rule.by_day) || given(rule.by_month_day) ||
         given(rule.by_year_day);
}

bool says_times(const icalrecurrencetype& rule) {
  return rule.freq < ICAL_DAILY_RECURRENCE || given(rule.by_hour) || given(rule.by_minute) ||
         given(rule.by_second);
}

// A rule without a start is the same in every year; this one is as good as any to look for its first day.
constexpr Date any_start{std::chrono::year(2024), std::chrono::January, std::chrono::day(1)};

// Longer than between any two days of a rule: 29 February is eight years from the last one across 2100.
constexpr int days_looked_ahead = 12 * 366;

// The fifth of a weekday is the last that a month can have. libical would look for the sixth for seconds.
bool beyond_every_month(const icalrecurrencetype& rule) {
  if (rule.freq != ICAL_MONTHLY_RECURRENCE) return false;
  for (const auto day : rule.by_day) {
    if (day == ICAL_RECURRENCE_ARRAY_MAX) break;
    if (std::abs(icalrecurrencetype_day_position(day)) > 5) return true;
  }
  return false;
}

// The days of a rule from `start` to `last`.
class Days {
 public:
  Days(icalrecurrencetype rule, Date start, Date last) : start_(start) {
    // A count is never written beside an end (RFC 5545 section 3.3.10).
    const bool endless =
        rule.count == 0 && (icaltime_is_null_time(rule.until) != 0 || date_of(rule.until) > last);
    if (endless) rule.until = ical_date(last);
    iterator_.reset(icalrecur_iterator_new(rule, ical_date(start)));
  }

  std::optional<Date> next() {
    while (iterator_) {
      const auto time = icalrecur_iterator_next(iterator_.get());
      if (icaltime_is_null_time(time)) return std::nullopt;
      if (const auto day = date_of(time); day >= start_) return day;
    }
    return std::nullopt;
  }

 private:
  Date start_;
  std::unique_ptr<icalrecur_iterator, FreeIterator> iterator_;
};

}  // namespace

std::optional<Recurrence> Recurrence::make(std::string rule, std::optional<Date> start, int days_after,
                                           std::string& why) {
  keep_libical();
  const auto parsed = icalrecurrencetype_from_string(rule.c_str());
  if (parsed.freq == ICAL_NO_RECURRENCE) {
    why = "expected a recurrence rule of RFC 5545, e.g. FREQ=MONTHLY;BYDAY=2SA,4SA";
  } else if (says_times(parsed)) {
    why =
        "expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY and no times of day: the rule names days, `hours` "
        "the times";
  } else if (parsed.rscale != nullptr) {
    why = "expected a rule of the Gregorian calendar, without RSCALE";
  } else if (!start && (parsed.interval > 1 || parsed.count > 0)) {
    why = "a rule with INTERVAL or COUNT counts from a day: say it with `from`";
  } else if (!start && !says_days_itself(parsed)) {
    why = "the rule does not say which days: add BYDAY, or say with `from` where it begins";
  }
  if (!why.empty()) return std::nullopt;
  const auto begin = start.value_or(any_start);
  const auto first = beyond_every_month(parsed)
                         ? std::nullopt
                         : Days(parsed, begin, add_days(begin, days_looked_ahead)).next();
  // Which weeks are the other ones would hang on where a week begins, and libical begins it at `from` itself.
  const bool by_weeks = parsed.freq == ICAL_WEEKLY_RECURRENCE && parsed.interval > 1;
  if (!first) {
    why = "there is no such day";
  } else if (start && by_weeks && *first != *start) {
    why = "a rule of every so many weeks counts from its first day: `from` must be one of its days";
  } else {
    return Recurrence(std::move(rule), start, days_after);
  }
  return std::nullopt;
}

std::vector<Date> Recurrence::days(Date from, Date to) const {
  const auto first = add_days(from, -days_after_);
  const auto last = add_days(to, -days_after_);
  const auto start =
      start_.value_or(Date{first.year() - std::chrono::years(1), std::chrono::January, std::chrono::day(1)});
  Days all(icalrecurrencetype_from_string(rule_.c_str()), start, last);
  std::vector<Date> found;
  for (int step = 0; step < most_steps; ++step) {
    const auto day = all.next();
    if (!day || *day > last) break;
    if (*day >= first) found.push_back(add_days(*day, days_after_));
  }
  return found;
}

}  // namespace holiday_openings
