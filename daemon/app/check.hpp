// What a start would refuse, found out without starting.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// Complains on standard error about everything at once: policy and plugins' sections, keys and certificates,
// the store's folder. A credential that is not there is only a notice: the service manager hands some over to
// the running service alone (LoadCredential=). The process's exit status: 0, or 2 for what a start would
// refuse.
int check(const settings::DaemonConfig& config, const std::filesystem::path& folder, base::Log& log);

}  // namespace madoguchi::app
