// A municipality's policy file as policy::Policy.
#pragma once

#include <string>
#include <string_view>

#include "policy/policy.hpp"
#include "settings/complaint.hpp"

namespace madoguchi::settings {

// `file` names the place in complaints and in Policy::origins; nothing is opened. The digest is the SHA-256
// of `text`, so that sha256sum shows it too.
Loaded<policy::Policy> load_policy(std::string_view text, const std::string& file);

}  // namespace madoguchi::settings
