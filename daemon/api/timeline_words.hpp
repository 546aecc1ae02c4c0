// Who came, what a clerk has changed in a case, and why, as the timeline tells it.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "policy/policy.hpp"

namespace madoguchi::api {

// What the timeline says of a record beside its own words; empty where there is nothing to tell. Offices and
// documents have their names by `policy`, or stand as they are written where there is none.
policy::Text words_of_record(std::string_view record, const boost::json::object& body,
                             const policy::Policy* policy);

}  // namespace madoguchi::api
