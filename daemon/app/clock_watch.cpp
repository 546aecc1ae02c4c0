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
  if (!before) {
    began_ = wall;
    return std::nullopt;
  }
  const auto step = (wall - before->wall) - (uptime - before->uptime);
  if (std::chrono::abs(step) < smallest_step) return std::nullopt;
  last_ = Step{wall, step};
  recorded_ = recorded(before->wall);
  used_.clear();
  began_ = wall;
  return step;
}

void ClockSteps::used(base::Instant at) {
  if (!used_.empty() && base::date_in_japan(used_.front()) == base::date_in_japan(at)) return;
  used_.insert(used_.begin(), at);
}

// A daemon that runs is as good as an entry a day, of its own.
std::vector<storage::Recorded> ClockSteps::recorded(base::Instant now) const {
  std::vector<storage::Recorded> all;
  auto use = used_.begin();
  const auto add_used_since = [&](base::Instant since) {
    for (; use != used_.end() && *use >= since; ++use) all.push_back({*use, true});
  };
  if (began_) {
    for (auto at = now; at > *began_; at -= std::chrono::days(1)) {
      add_used_since(at);
      all.push_back({at, false});
    }
    add_used_since(*began_);
    all.push_back({*began_, false});
  }
  all.insert(all.end(), recorded_.begin(), recorded_.end());
  if (all.size() > doctor::records_looked_at) all.resize(doctor::records_looked_at);
  return all;
}

doctor::Finding ClockSteps::judge(base::Instant now) const {
  return doctor::judge_clock({now, recorded(now), std::nullopt});
}

boost::json::object ClockSteps::health(base::Instant now) const {
  // A clock that was set back may lie before the step.
  if (!last_ || now - last_->at > told_for) {
    auto found = judge(now);
    if (found.state == doctor::State::ok) return {{"state", "ok"}};
    auto state = std::move(found.facts);
    state["state"] = "degraded";
    state["why"] = found.id.substr(std::string_view("clock.").size());
    return state;
  }
  return {{"state", "degraded"},
          {"why", "jumped"},
          {"seconds", seconds_of(last_->by)},
          {"since", base::format_time(last_->at)}};
}

ClockWatch::ClockWatch(boost::asio::io_context& loop, const base::Clock& clock, base::Log& log,
                       std::vector<storage::Recorded> recorded)
    : clock_(clock), log_(log), timer_(loop) {
  steps_.began_after(std::move(recorded));
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
