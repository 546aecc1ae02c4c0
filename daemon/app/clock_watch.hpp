// Whether this machine's clock was moved while the daemon ran.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace madoguchi::app {

// Wall time goes as the machine's other clock does, which nobody sets and which goes on while it sleeps; by
// how much it differs between two looks is how far it was moved.
class ClockSteps {
 public:
  using Uptime = std::chrono::milliseconds;
  // The step since the look before; a time service that slews makes none.
  std::optional<std::chrono::milliseconds> look(base::Instant wall, Uptime uptime);
  // The last entry of the audit log, before the daemon has written any: it began no earlier than that.
  void began_after(std::optional<base::Instant> entry) { entry_ = entry; }
  // {state, why?...}: degraded for a day after the last step, and as long as it cannot be right.
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
  std::optional<Look> before_;
  std::optional<Step> last_;
  std::optional<base::Instant> entry_;
};

class ClockWatch {
 public:
  ClockWatch(boost::asio::io_context& loop, const base::Clock& clock, base::Log& log);
  [[nodiscard]] boost::json::object health() const { return steps_.health(clock_.now()); }
  void began_after(std::optional<base::Instant> entry) { steps_.began_after(entry); }
  void stop() { timer_.cancel(); }

 private:
  void tick();

  const base::Clock& clock_;
  base::Log& log_;
  boost::asio::steady_timer timer_;
  ClockSteps steps_;
};

}  // namespace madoguchi::app
