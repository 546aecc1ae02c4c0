// Is this descriptor one that the host may call through? Nothing is called to find out.
#pragma once

#include <string>

#include "extension/manifest.hpp"
#include "madoguchi/abi.h"

namespace madoguchi::extension {

// Empty, or the reason why not, with both numbers where two do not agree. Members behind struct_size are not
// looked at.
std::string objection(const MadoguchiPlugin* descriptor, const Manifest& manifest);

}  // namespace madoguchi::extension
