// A case as JSON: the store's form, which loses nothing, and the clients' form, which shows no key or message
// bytes.
#pragma once

#include <boost/json/object.hpp>

#include "renewal/case.hpp"

namespace madoguchi::renewal {

boost::json::object to_stored(const Case& visit);
// internal when it is not what to_stored() wrote.
base::Result<Case> from_stored(const boost::json::object& body);

boost::json::object to_public(const Case& visit);

}  // namespace madoguchi::renewal
