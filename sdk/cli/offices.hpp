// What the daemon says of an office, for whoever is told to come.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace madoguchi::cli {

// Of offices.status: that it will be busy, and that a day may be a holiday of which nobody knows.
std::vector<std::string> warnings_about(const Context& context, const boost::json::object& status);

}  // namespace madoguchi::cli
