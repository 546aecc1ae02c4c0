// What beginning a case and going on with one have in common.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "commands.hpp"
#include "pins.hpp"

namespace madoguchi::cli {

// Whoever waited with a ticket is not too late; nothing without one. Exit code `done`, or that of the
// complaint.
int judge_by_ticket(const Context& context, client::Client& client, const std::string& ticket,
                    const std::string& office, boost::json::object& facts);

// The case to its end, with PINs from the terminal unless they were given. `tries`: of the card, where known.
int carry_out(const Context& context, client::Client& client, const boost::json::object& visit,
              const std::string& staff, const PinOptions& options, std::optional<GivenPins> pins,
              const boost::json::object* tries);

}  // namespace madoguchi::cli
