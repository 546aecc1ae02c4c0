// How an office is reached, as clients and plugins are told.
#pragma once

#include <boost/json/object.hpp>

#include "policy/policy.hpp"

namespace madoguchi::policy {

// {phone?, fax?, url?}: what is not known is left out.
boost::json::object to_json(const Contact& contact);

}  // namespace madoguchi::policy
