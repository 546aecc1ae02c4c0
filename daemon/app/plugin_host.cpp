#include "plugin_host.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>

#include "station/plugin_host.hpp"

namespace madoguchi::app {
namespace {

// Plugins are asked on the loop, and each answer has its deadline: while answers come, or are given up, the
// daemon is alive, even if the loop cannot say so by itself.
std::function<void()> fed_watchdog() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return {};
  using Clock = std::chrono::steady_clock;
  return [last = Clock::time_point()]() mutable {
    const auto now = Clock::now();
    if (now - last < std::chrono::seconds(1)) return;
    last = now;
    sd_notify(0, "WATCHDOG=1");
  };
}

}  // namespace

extension::HostConfig plugin_host(const settings::PluginsConfig& config,
                                  const std::filesystem::path& folder) {
  auto host = station::plugin_host(config, folder);
  host.progress = fed_watchdog();
  return host;
}

}  // namespace madoguchi::app
