// As much of JSON Schema draft 7 as the schemas in config/schema use.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace madoguchi::settings {

// Empty when `value` is valid, else the first place that is not and why. A keyword that is not known here is
// an error.
std::string violation(const boost::json::value& schema, const boost::json::value& value);

}  // namespace madoguchi::settings
