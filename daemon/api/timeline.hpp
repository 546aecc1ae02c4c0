// What happened in a case, in words.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "api/api.hpp"

namespace madoguchi::api {

// In order; entries as cases.timeline shows them. not_found for no such case.
base::Result<boost::json::array> timeline_of(Parts& parts, const std::string& id);

}  // namespace madoguchi::api
