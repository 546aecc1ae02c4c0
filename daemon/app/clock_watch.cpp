#include "clock_watch.hpp"

#include <time.h>

#include "base/calendar.hpp"
#include "doctor/examinations.hpp"

namespace madoguchi::app {
namespace {

constexpr std::chrono::seconds tick_every{10};
// NTP slews by 0.5 ms a second; what a busy machine adds between two readings is far below this.
constexpr std::chrono::seconds smallest_step{2};
constexpr std::chrono::hours told_for{24};

ClockSteps::Uptime uptime() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::duration_cast<ClockSteps::Uptime>(std::chrono::seconds(now.tv_sec) +
                                                        std::chrono::nanoseconds(now.tv_nsec));
}

std::int64_t seconds_of(std::chrono::milliseconds step) {
  return std::chrono::round<std::chrono::seconds>(step).count();
}

}  // namespace

std::optional<std::chrono::milliseconds> ClockSteps::look(base::Instant wall, Uptime uptime) {
  const auto before = std::exchange(before_, Look{wall, uptime});
  if (!before) return std::nullopt;
  const auto step = (wall - before->wall) - (uptime - before->uptime);
  if (std::chrono::abs(step) < smallest_step) return std::nullopt;
  last_ = Step{wall, step};
  return step;
}

boost::json::object ClockSteps::health(base::Instant now) const {
  // A clock that was set back may lie before the step.
  if (!last_ || now - last_->at > told_for) {
    if (doctor::judge_clock({now, entry_, std::nullopt}).state != doctor::State::wrong)
      return {{"state", "ok"}};
    return {{"state", "degraded"},
            {"why", "implausible"},
            {"now", base::format_time(std::chrono::floor<std::chrono::seconds>(now))}};
  }
  return {{"state", "degraded"},
          {"why", "jumped"},
          {"seconds", seconds_of(last_->by)},
          {"since", base::format_time(last_->at)}};
}

ClockWatch::ClockWatch(boost::asio::io_context& loop, const base::Clock& clock, base::Log& log)
    : clock_(clock), log_(log), timer_(loop) {
  tick();
}

void ClockWatch::tick() {
  if (const auto step = steps_.look(clock_.now(), uptime()))
    log_.write(base::Level::warning, "clock.jumped", {{"seconds", seconds_of(*step)}});
  timer_.expires_after(tick_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

}  // namespace madoguchi::app
