// Tells the service manager that the loop still turns, as often as it asks for (sd_watchdog_enabled(3)).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>

#include "base/log.hpp"

namespace madoguchi::app {

class Heartbeat {
 public:
  // So many threads left behind in PC/SC calls that never returned are a reason to be restarted (R5).
  static constexpr std::size_t most_stuck_calls = 4;

  // Without a watchdog in the environment nothing happens. `idle` says whether no work is under way: only
  // then is a restart asked for, so that it never cuts a case in two. All of it must outlive the heartbeat.
  Heartbeat(boost::asio::io_context& loop, std::function<std::size_t()> stuck_calls,
            std::function<bool()> idle, base::Log& log);

 private:
  void beat();

  boost::asio::steady_timer timer_;
  std::function<std::size_t()> stuck_calls_;
  std::function<bool()> idle_;
  base::Log& log_;
  std::chrono::microseconds interval_{0};
};

}  // namespace madoguchi::app
