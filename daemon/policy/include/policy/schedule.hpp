// When an office receives: a day's intervals, and what plugins open and close beside core's weekly hours.
#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.hpp"

namespace madoguchi::policy {

// A piece of one day in Japan, in minutes after its midnight: from `from` up to but not including `to`;
// 0 <= from < to <= 1440.
struct Interval {
  int from = 0;
  int to = 0;
  // Until when somebody is received, in place of what the office says; from `from` to `to`, which is the end
  // itself.
  std::optional<int> last_at{};
  // NOLINTNEXTLINE(modernize-use-nullptr): the zero is the compiler's own
  auto operator<=>(const Interval&) const = default;
};

constexpr Interval whole_day{0, 24 * 60};

// Bit n is std::chrono's weekday n, Sunday being 0.
using WeekdaySet = unsigned;
constexpr WeekdaySet no_weekday = 0;
constexpr WeekdaySet every_weekday = 0x7F;
// 0 to 6, Sunday first.
unsigned weekday_of(base::Date day);
constexpr bool has(WeekdaySet days, unsigned weekday) {
  return (days >> weekday & 1U) != 0;
}

// The same days every year, both included; may run over New Year.
struct YearlyRange {
  std::chrono::month_day from{};
  std::chrono::month_day to{};
  [[nodiscard]] bool contains(base::Date day) const;
  bool operator==(const YearlyRange&) const = default;
};

// Overlapping and touching ones made one, in order; empty and impossible ones dropped. Whoever ends last says
// until when somebody is received; of several that end together, who says so, and then the latest.
std::vector<Interval> united(std::vector<Interval> intervals);
// What is left of `intervals` outside `closed`, in order. What loses its end keeps its last reception only if
// that lies in what is left; what is left after it is dropped, since nobody is received there.
std::vector<Interval> without(std::vector<Interval> intervals, std::vector<Interval> closed);

// What one plugin's `schedule` hook says about one office and day. Core applies them all at once: what any
// of them opens is added to the day's own hours, then what any of them closes is taken away; so a closure
// always wins and their order does not matter.
struct ScheduleChange {
  std::string office;
  base::Date day{};
  std::vector<Interval> opened;
  std::vector<Interval> closed;
  std::string source;  // the plugin's name
  bool operator==(const ScheduleChange&) const = default;
};

// All changes that hold for one policy, found by office and day.
class Schedule {
 public:
  Schedule() = default;
  explicit Schedule(std::vector<ScheduleChange> changes);
  [[nodiscard]] std::span<const ScheduleChange> on(std::string_view office, base::Date day) const;
  [[nodiscard]] bool empty() const { return changes_.empty(); }

 private:
  std::vector<ScheduleChange> changes_;  // by office, day, source
};

}  // namespace madoguchi::policy
