// The schemas in config/schema, asked by valijson.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace madoguchi::settings {

boost::json::value schema(const std::string& name);

// Empty when `value` is valid by config/schema/<name>.schema.json, else the first place that is not and why.
std::string violation(const std::string& name, const boost::json::value& value);

}  // namespace madoguchi::settings
