// What a plugin's two visits are for what is left of a case: no application, since its issuing has begun.
#pragma once

#include <boost/json/object.hpp>

namespace madoguchi::counter {

// Puts one finding in place of those with which a plugin would have an application received, and of what it
// notes beside them: nothing is received, and nothing posted, for a case that has begun. Those of a plugin
// that says so itself (`params.follows: no_application`) stand before it, as what the rest requires.
void take_no_application(boost::json::object& decision);

}  // namespace madoguchi::counter
