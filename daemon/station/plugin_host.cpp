#include "station/plugin_host.hpp"

namespace madoguchi::station {

extension::HostConfig plugin_host(const settings::PluginsConfig& config,
                                  const std::filesystem::path& folder) {
  extension::HostConfig host;
  host.folder = folder / config.folder;
  for (const auto& file : config.trusted_vendors) host.trusted_vendors.push_back(folder / file);
  host.host_program = folder / config.host_program;
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

}  // namespace madoguchi::station
