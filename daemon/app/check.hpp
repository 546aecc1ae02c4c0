// What a start would refuse, found out without starting.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// Complains on standard error about everything at once: policy and plugins' sections, keys and certificates,
// the daemon's own among them, and whether they open the store; with the daemon's rights where root asks, and
// for good. Nothing is made, and a token's PIN that was refused is not tried again. A credential that is not
// there is only a notice: the service manager hands some over to the running service alone (LoadCredential=).
// The process's exit status: 0, or 2 for what a start would refuse.
int check(const settings::DaemonConfig& config, const std::filesystem::path& folder, base::Log& log);

}  // namespace madoguchi::app
