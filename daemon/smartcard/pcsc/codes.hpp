// What PC/SC's return codes mean for the caller and for the handle they came with.
#pragma once

#include <winscard.h>

#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace madoguchi::smartcard {

enum class Loss : std::uint8_t {
  none,     // try again as it is
  card,     // the handle is dead, the context is not
  context,  // handle and context are dead; whether the service is gone too, only another context can tell
  service,  // the service is gone, and with it every handle and context
};

struct Trouble {
  base::Code code;
  Loss loss;
};

// For any code but SCARD_S_SUCCESS. With a connected card, one that is absent counts as removed.
Trouble trouble_of(LONG code, bool connected);

// "SCardTransmit: 80100069", for logs and Fault::inner.
std::string call_text(std::string_view call, LONG code);

base::Fault pcsc_fault(std::string_view call, LONG code, bool connected);

}  // namespace madoguchi::smartcard
