// PINs out of parameters, straight into secrets.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "counter/desk.hpp"

namespace madoguchi::api {

const std::vector<base::Code>& pin_faults();

// `pins: {signature: "...", ...}` with `expected_tries_left: {signature: 5}` and `accept_last_try`;
// invalid_params with a pointer for another name or type. Values never get into a fault.
base::Result<std::vector<counter::PinRequest>> pins_of(const boost::json::object& params);

}  // namespace madoguchi::api
