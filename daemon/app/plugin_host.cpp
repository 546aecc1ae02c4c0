#include "plugin_host.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>

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
  extension::HostConfig host;
  host.folder = folder / config.folder;
  for (const auto& file : config.trusted_vendors) host.trusted_vendors.push_back(folder / file);
  host.host_program = folder / config.host_program;
  host.progress = fed_watchdog();
  for (const auto& plugin : config.use) {
    const bool isolated = plugin.isolate == settings::PluginIsolation::process;
    host.plugins.push_back({.name = plugin.name,
                            .isolate = isolated ? extension::Isolation::process : extension::Isolation::none,
                            .allow_unsigned = plugin.allow_unsigned,
                            .allow_without_landlock = plugin.allow_without_landlock,
                            .critical = plugin.critical,
                            .deadline = plugin.deadline,
                            .memory_bytes = static_cast<std::size_t>(plugin.memory_mib) << 20});
  }
  return host;
}

}  // namespace madoguchi::app
