// The configuration's plugins, asked under the service manager's watchdog.
#pragma once

#include <filesystem>

#include "extension/plugins.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// Relative paths are meant from `folder`.
extension::HostConfig plugin_host(const settings::PluginsConfig& config, const std::filesystem::path& folder);

}  // namespace madoguchi::app
