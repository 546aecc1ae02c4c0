// The process of an isolated plugin, and what can become of one.
#pragma once

#include "mishaps.hpp"

namespace madoguchi::faults {

// Does it to every process of a plugin that this one has begun.
void strike_plugins(Effect effect);

}  // namespace madoguchi::faults
