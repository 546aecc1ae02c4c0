#include "estimate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace queue_board {
namespace {

constexpr std::size_t calls_for_a_pace = 4;
constexpr int turns_for_a_history = 5;

int rounded_up(double minutes) {
  return static_cast<int>(std::ceil(minutes));
}

// Minutes between two calls in the last hour, the time since the last one counted where it is longer already.
std::optional<double> recent_interval(const Line& line, Moment now) {
  // Windows that were free fill at once: only since somebody has left one do calls tell how long people take.
  if (line.counts.served == 0) return std::nullopt;
  const auto first = std::find_if(line.calls.begin(), line.calls.end(),
                                  [&](Moment call) { return now - call <= std::chrono::hours(1); });
  const auto calls = static_cast<std::size_t>(line.calls.end() - first);
  if (calls < calls_for_a_pace) return std::nullopt;
  const auto between = std::chrono::duration<double, std::ratio<60>>(line.calls.back() - *first).count() /
                       static_cast<double>(calls - 1);
  const auto since = std::chrono::duration<double, std::ratio<60>>(now - line.calls.back()).count();
  return std::max(between, since);
}

}  // namespace

Estimate estimate(const Line& line, std::size_t ahead, const Pace& pace, Moment now) {
  const auto windows = static_cast<std::size_t>(pace.windows);
  const auto free = windows - std::min(line.called.size(), windows);
  if (ahead < free) return {0, "free"};
  // Those who find a window free take it first, and wait for nobody's turn.
  const auto turns = static_cast<double>(ahead + 1 - free);
  if (const auto interval = recent_interval(line, now)) return {rounded_up(turns * *interval), "pace"};
  const auto known = line.waits.find(slot(now));
  // Of what people waited then, so much as this line is longer or shorter than theirs.
  if (known != line.waits.end() && known->second.turns >= turns_for_a_history)
    return {rounded_up(turns * known->second.minutes / known->second.turns), "history"};
  return {rounded_up(turns * pace.minutes_a_person / pace.windows), "policy"};
}

}  // namespace queue_board
