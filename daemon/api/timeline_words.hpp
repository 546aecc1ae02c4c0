// What a clerk has changed in a case, and why, as the timeline tells it.
#pragma once

#include <boost/json/object.hpp>

#include "policy/policy.hpp"

namespace madoguchi::api {

// Of a record's `changed` and `override_reason`; empty where there is nothing to tell. Offices and documents
// have their names by `policy`, or stand as they are written where there is none.
policy::Text words_of_change(const boost::json::object& body, const policy::Policy* policy);

// Of what a clerk has recorded of a PIN.
policy::Text words_of_outcome(const boost::json::object& body);

}  // namespace madoguchi::api
