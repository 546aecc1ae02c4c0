#include "recurrence.hpp"

#include <dlfcn.h>
#include <libical/ical.h>

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

icaltimetype ical_date(Date date) {
  auto time = icaltime_null_date();
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return time;
}

Date date_of(const icaltimetype& time) {
  return {std::chrono::year(time.year), std::chrono::month(static_cast<unsigned>(time.month)),
          std::chrono::day(static_cast<unsigned>(time.day))};
}

bool says_days_itself(const std::string& rule) {
  return rule.find("BYDAY=") != std::string::npos || rule.find("BYMONTHDAY=") != std::string::npos ||
         rule.find("BYYEARDAY=") != std::string::npos || rule.find("FREQ=DAILY") != std::string::npos;
}

}  // namespace

std::optional<Recurrence> Recurrence::make(std::string rule, std::optional<Date> start, int days_after,
                                           std::string& why) {
  keep_libical();
  const auto parsed = icalrecurrencetype_from_string(rule.c_str());
  if (parsed.freq == ICAL_NO_RECURRENCE) {
    why = "expected a recurrence rule of RFC 5545, e.g. FREQ=MONTHLY;BYDAY=2SA,4SA";
  } else if (parsed.freq < ICAL_DAILY_RECURRENCE) {
    why = "expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY: the rule names days, `hours` the times";
  } else if (parsed.rscale != nullptr) {
    why = "expected a rule of the Gregorian calendar, without RSCALE";
  } else if (!start && (parsed.interval > 1 || parsed.count > 0)) {
    why = "a rule with INTERVAL or COUNT counts from a day: say it with `from`";
  } else if (!start && !says_days_itself(rule)) {
    why = "the rule does not say which days: add BYDAY, or say with `from` where it begins";
  } else {
    return Recurrence(std::move(rule), start, days_after);
  }
  return std::nullopt;
}

std::vector<Date> Recurrence::days(Date from, Date to) const {
  const auto first = add_days(from, -days_after_);
  const auto last = add_days(to, -days_after_);
  // Without a start the rule is the same in every year, so it may as well begin just before.
  const auto start =
      start_ ? *start_
             : Date{first.year() - std::chrono::years(1), std::chrono::January, std::chrono::day(1)};
  const auto rule = icalrecurrencetype_from_string(rule_.c_str());
  const std::unique_ptr<icalrecur_iterator, FreeIterator> iterator(
      icalrecur_iterator_new(rule, ical_date(start)));
  std::vector<Date> found;
  if (!iterator) return found;
  for (int step = 0; step < most_steps; ++step) {
    const auto time = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(time)) break;
    const auto day = date_of(time);
    if (day > last) break;
    if (day >= first && day >= start) found.push_back(add_days(day, days_after_));
  }
  return found;
}

}  // namespace holiday_openings
