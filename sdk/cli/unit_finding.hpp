// What the service manager says of the daemon's unit, as a finding.
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace madoguchi::cli {

// Those that are judged.
inline constexpr const char* unit_properties = "LoadState,ActiveState,Result,UnitFileState,ExecMainStatus";

// `shown`: what `systemctl show --property` prints of them, a line each.
doctor::Finding unit_finding(const std::string& shown);

}  // namespace madoguchi::cli
