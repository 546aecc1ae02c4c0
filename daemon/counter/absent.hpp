// A certificate that a card does not have: there is no PIN of it either. Such a card answers as if the PIN
// were locked, which no initialising would mend.
#pragma once

#include "base/fault.hpp"
#include "mynumber/profile.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

// conflict, with details.pin and details.absent.
base::Fault without(mynumber::CertificateName which);
// The same where the case's card had none of that PIN's certificate, and the official terminal, which sets
// the PIN with it, was not asked for one.
base::Result<void> on_the_card(const renewal::Case& visit, mynumber::PinName pin);

}  // namespace madoguchi::counter
