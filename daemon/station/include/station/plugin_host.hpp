// The configuration's plugins as the extension room takes them.
#pragma once

#include <filesystem>

#include "extension/plugins.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::station {

// Relative paths are meant from `folder`.
extension::HostConfig plugin_host(const settings::PluginsConfig& config, const std::filesystem::path& folder);

}  // namespace madoguchi::station
