// The socket as the configuration wants it.
#pragma once

#include <filesystem>
#include <string>

#include "base/log.hpp"
#include "server/server.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// `socket`: a path instead of the configuration's; empty: none. A socket of the service manager's wins.
server::ServerSettings server_settings(const settings::DaemonConfig& config,
                                       const std::filesystem::path& folder, const std::string& socket,
                                       base::Log& log);

}  // namespace madoguchi::app
