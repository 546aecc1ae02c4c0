// The member `methods` of a description.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "extension/methods.hpp"

namespace madoguchi::extension {

// Throws documents::Wrong.
std::vector<DeclaredMethod> read_methods(const boost::json::object& description);

}  // namespace madoguchi::extension
