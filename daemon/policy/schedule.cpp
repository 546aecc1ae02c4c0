#include "policy/schedule.hpp"

#include <algorithm>
#include <tuple>

namespace madoguchi::policy {

unsigned weekday_of(base::Date day) {
  return std::chrono::weekday(std::chrono::sys_days(day)).c_encoding();
}

bool YearlyRange::contains(base::Date day) const {
  const std::chrono::month_day in_year{day.month(), day.day()};
  return from <= to ? from <= in_year && in_year <= to : from <= in_year || in_year <= to;
}

std::vector<Interval> united(std::vector<Interval> intervals) {
  std::erase_if(intervals, [](Interval i) { return i.from < 0 || i.to > whole_day.to || i.from >= i.to; });
  std::sort(intervals.begin(), intervals.end());
  std::vector<Interval> all;
  for (const auto next : intervals) {
    if (all.empty() || next.from > all.back().to) {
      all.push_back(next);
    } else if (next.to > all.back().to) {
      all.back().to = next.to;
      all.back().last_at = next.last_at;
    } else if (next.to == all.back().to) {
      all.back().last_at = std::max(all.back().last_at, next.last_at);
    }
  }
  return all;
}

std::vector<Interval> without(std::vector<Interval> intervals, std::vector<Interval> closed) {
  auto left = united(std::move(intervals));
  for (const auto gap : united(std::move(closed))) {
    std::vector<Interval> pieces;
    for (const auto piece : left) {
      const bool cut = gap.from < piece.to;
      const bool received = !cut || (piece.last_at && *piece.last_at < gap.from);
      pieces.push_back({piece.from, std::min(piece.to, gap.from), received ? piece.last_at : std::nullopt});
      pieces.push_back({std::max(piece.from, gap.to), piece.to, piece.last_at});
    }
    // What is left after its last reception is no opening that anybody could be sent to.
    std::erase_if(pieces, [](Interval i) { return i.from >= i.to || (i.last_at && *i.last_at < i.from); });
    left = std::move(pieces);
  }
  return left;
}

Schedule::Schedule(std::vector<ScheduleChange> changes) : changes_(std::move(changes)) {
  std::sort(changes_.begin(), changes_.end(), [](const ScheduleChange& a, const ScheduleChange& b) {
    return std::tie(a.office, a.day, a.source, a.opened, a.closed) <
           std::tie(b.office, b.day, b.source, b.opened, b.closed);
  });
}

std::span<const ScheduleChange> Schedule::on(std::string_view office, base::Date day) const {
  const auto before = [&](const ScheduleChange& c) {
    return c.office != office ? std::string_view(c.office) < office : c.day < day;
  };
  const auto first = std::partition_point(changes_.begin(), changes_.end(), before);
  const auto last = std::find_if(first, changes_.end(),
                                 [&](const ScheduleChange& c) { return c.office != office || c.day != day; });
  return {first, last};
}

}  // namespace madoguchi::policy
