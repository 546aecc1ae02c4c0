// Whether this machine's clock was moved while the daemon ran, or is not the one that the store was kept by.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "doctor/finding.hpp"
#include "storage/reading.hpp"

namespace madoguchi::app {

// Wall time goes as the machine's other clock does, which nobody sets and which goes on while it sleeps; by
// how much it differs between two looks is how far it was moved.
class ClockSteps {
 public:
  using Uptime = std::chrono::milliseconds;
  // The step since the look before; a time service that slews makes none.
  std::optional<std::chrono::milliseconds> look(base::Instant wall, Uptime uptime);
  // When the store was written to before the daemon began, as doctor::ClockSeen has it.
  void began_after(std::vector<storage::Recorded> recorded) { recorded_ = std::move(recorded); }
  // Somebody has worked by this clock.
  void used(base::Instant at);
  [[nodiscard]] doctor::Finding judge(base::Instant now) const;
  // {state, why?...}: degraded for a day after the last step, and as long as judge() finds something.
  [[nodiscard]] boost::json::object health(base::Instant now) const;

 private:
  struct Look {
    base::Instant wall;
    Uptime uptime;
  };
  struct Step {
    base::Instant at;
    std::chrono::milliseconds by;
  };
  [[nodiscard]] std::vector<storage::Recorded> recorded(base::Instant now) const;

  std::optional<Look> before_;
  std::optional<Step> last_;
  std::optional<base::Instant> began_;  // by this clock: at the start, or at the last step
  std::vector<base::Instant> used_;     // since then, once a day, the newest first
  std::vector<storage::Recorded> recorded_;
};

class ClockWatch {
 public:
  // `recorded`: as ClockSteps::began_after() has it.
  ClockWatch(boost::asio::io_context& loop, const base::Clock& clock, base::Log& log,
             std::vector<storage::Recorded> recorded);
  void used(base::Instant at) { steps_.used(at); }
  [[nodiscard]] boost::json::object health() const { return steps_.health(clock_.now()); }
  [[nodiscard]] doctor::Finding judge() const { return steps_.judge(clock_.now()); }
  void stop() { timer_.cancel(); }

 private:
  void tick();

  const base::Clock& clock_;
  base::Log& log_;
  boost::asio::steady_timer timer_;
  ClockSteps steps_;
};

}  // namespace madoguchi::app
