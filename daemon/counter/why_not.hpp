// Why a case does not go on, in words that a clerk can read out, and with which call it does.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

// details.ja and details.en: behind these words those of whatever stands in the way by the decision.
void say_why(const boost::json::object& decision, std::string ja, std::string en,
             boost::json::object& details);

// conflict of a case that cannot be issued as it stands; where the card has already what is wanted, until
// when.
base::Fault not_ready(const renewal::Case& visit);

// The call that sets a PIN anew: here, or once that was done at the official terminal.
const char* call_to_set_anew(const renewal::Case& visit);

// pin.required, with the call that gets it.
base::Fault pin_wanted(const renewal::Case& visit, mynumber::PinName pin, std::string inner);

}  // namespace madoguchi::counter
