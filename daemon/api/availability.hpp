// When services work again, as clients are told.
#pragma once

#include <boost/json/object.hpp>

#include "policy/availability.hpp"

namespace madoguchi::api {

// {services: [...], caveat}
boost::json::object forecast_of(const policy::AvailabilityRules& rules, const policy::Completion& done);

}  // namespace madoguchi::api
