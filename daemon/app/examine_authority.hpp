// Whether an authority is there, and whether it and this counter believe each other.
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "doctor/finding.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// Connects, and asks what a renewal asks first (a general message, RFC 4210 5.3.19: nothing is issued and
// nothing changed), where the counter's credentials can be read here. `config`: that of the one authority.
// `usable`: false where those credentials are known not to do; they are not tried again, since a token locks
// its key after some wrong PINs.
void examine_authority(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                       const base::Clock& clock, const doctor::Tell& tell, bool usable);

}  // namespace madoguchi::app
