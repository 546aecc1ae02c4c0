// A certificate that a card does not have: there is no PIN of it either. Such a card answers as if the PIN
// were locked, which no initialising would mend.
#pragma once

#include "base/fault.hpp"
#include "mynumber/profile.hpp"

namespace madoguchi::counter {

// conflict, with details.pin and details.absent.
base::Fault without(mynumber::CertificateName which);

}  // namespace madoguchi::counter
