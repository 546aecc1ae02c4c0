// Whether a PIN is entered at the reader's own keys or typed at the front-end.
#pragma once

#include <chrono>
#include <span>

#include "counter/desk.hpp"

namespace madoguchi::counter {

// conflict unless the PIN may be entered the way that is asked for on a reader that `has_pad`, or has not:
// one that can be entered where the computer does not see it is not to be typed (PadUse). Nothing may have
// been sent to the card before.
base::Result<void> may_be_entered(const mynumber::CardProfile& profile, PadUse use, const PinRequest& request,
                                  bool has_pad);

// Checks the PIN on the card by whichever way it was asked for.
base::Result<int> verify_as_entered(smartcard::Channel& card, mynumber::CardState& state,
                                    const mynumber::CardProfile& profile, const PinRequest& request,
                                    std::chrono::seconds longest);

// How long a job with these PINs may take: it may wait for somebody at the keys.
std::chrono::milliseconds deadline_for(const Parts& parts, std::span<const PinRequest> requests);

}  // namespace madoguchi::counter
