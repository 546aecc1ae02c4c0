// What an update has changed in a case, for its timeline.
#pragma once

#include <boost/json/object.hpp>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

// Of `state`, `outcome`, `purpose`, `office`, `visit` and `reader` those that are others than they were, each
// {"from", "to"} (null for none), and the types of the `documents` that have been added.
boost::json::object changes_between(const Case& before, const Case& after);

}  // namespace madoguchi::renewal
