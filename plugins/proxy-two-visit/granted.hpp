// What the holder has answered with a letter that asked about more than the renewal.
#pragma once

#include <vector>

#include "rules.hpp"

namespace proxy_two_visit {

// The PINs that are set anew before the renewal: lost, asked about by the posted letter of this case whose
// form is here. The facts alone never say so.
std::vector<Pin> granted_resets(const Rules& rules, const Visit& visit);

}  // namespace proxy_two_visit
