// The first thing that one wants to know of a card: of what kind it is.
#pragma once

#include "mynumber/card.hpp"

namespace madoguchi::mynumber {

// With as few commands as tell it; no rights are left afterwards. Without the JPKI application it is another
// card, whatever it is.
base::Result<CardKind> glance(smartcard::Channel& card, CardState& state);

}  // namespace madoguchi::mynumber
