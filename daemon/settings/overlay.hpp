// One tree over another.
#pragma once

#include "settings/tree.hpp"

namespace madoguchi::settings {

// Mappings are merged by key, lists whose items all have an `id` by that; everything else is replaced. What
// comes from `over` takes the place of what it replaces, since it stands in no file of its own.
void lay_over(Value& base, const Value& over);

}  // namespace madoguchi::settings
