// How an office is reached, as clients and plugins are told.
#pragma once

#include <boost/json/object.hpp>

#include "policy/policy.hpp"

namespace madoguchi::policy {

// {phone?, fax?, url?}: what is not known is left out.
boost::json::object to_json(const Contact& contact);
// Where an office has none of its own the whole city's is told, else its main office's, if there is one.
const Contact& contact_of(const Policy& policy, const Office& office);

}  // namespace madoguchi::policy
