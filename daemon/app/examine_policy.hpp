// The part of an examination that is about the policy and its plugins.
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "doctor/finding.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

void examine_policy(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                    base::Instant now, const doctor::Tell& tell);

}  // namespace madoguchi::app
