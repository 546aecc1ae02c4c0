// PINs out of parameters, straight into secrets.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <vector>

#include "counter/desk.hpp"
#include "rpc/method.hpp"

namespace madoguchi::api {

const std::vector<base::Code>& pin_faults();

// For PinRequest::wanted: whoever called still waits for the answer.
std::function<bool()> still_there(const rpc::Caller& caller);

// `pins: {signature: "...", authentication: {entry: "pinpad"}}` with `expected_tries_left: {signature: 5}`
// and `accept_last_try`; invalid_params with a pointer for another name or type. Values never get into a
// fault.
base::Result<std::vector<counter::PinRequest>> pins_of(const rpc::Caller& caller,
                                                       const boost::json::object& params);

}  // namespace madoguchi::api
