#include "heartbeat.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <utility>

namespace madoguchi::app {

Heartbeat::Heartbeat(boost::asio::io_context& loop, std::function<std::size_t()> stuck_calls,
                     std::function<bool()> idle, base::Log& log)
    : timer_(loop), stuck_calls_(std::move(stuck_calls)), idle_(std::move(idle)), log_(log) {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return;
  // Half of the limit, as sd_watchdog_enabled(3) recommends.
  interval_ = std::chrono::microseconds(limit / 2);
  beat();
}

void Heartbeat::beat() {
  const auto stuck = stuck_calls_();
  if (stuck >= most_stuck_calls && idle_()) {
    log_.write(base::Level::error, "readers.stuck", {{"calls", static_cast<std::int64_t>(stuck)}});
    sd_notify(0, "STATUS=too many card readers do not answer\nWATCHDOG=trigger");
    return;
  }
  sd_notify(0, "WATCHDOG=1");
  timer_.expires_after(interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) beat();
  });
}

}  // namespace madoguchi::app
