// What an update has changed in a case, for its timeline.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

// Who came, as a role.
boost::json::value visitor_in(const boost::json::object& facts);
// Is it a proxy by the rules? So is a "legal representative" of somebody who may not be represented, of whom
// the decision says so.
bool comes_as_proxy(const Case& visit);

// Of `state`, `outcome`, `purpose`, `office`, `visit`, `visitor` (the role), `adult_ward`, `wanted` and
// `reader` those that are others than they were, each {"from", "to"} (null for none); the same of the `pins`
// by their names; and the types of the `documents` that have been added, and of those that are there no more
// (`documents_gone`). Nothing of it says who somebody is.
boost::json::object changes_between(const Case& before, const Case& after);

}  // namespace madoguchi::renewal
