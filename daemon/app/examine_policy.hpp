// The part of an examination that is about the policy and its plugins.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "doctor/finding.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

void examine_policy(const settings::DaemonConfig& config, const std::filesystem::path& folder,
                    base::Instant now, const doctor::Tell& tell);

// Those first that say what was meant: what else is wrong often comes from the same slip.
std::vector<std::string> telling_first(std::vector<std::string> complaints);

}  // namespace madoguchi::app
