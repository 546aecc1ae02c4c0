// The way to a card: command in, response out.
#pragma once

#include "base/result.hpp"
#include "smartcard/apdu.hpp"

namespace madoguchi::smartcard {

class PinPad;

class Channel {
 public:
  virtual ~Channel() = default;
  // Any status word is a response; a fault means that no response came (reader.gone, reader.service_down,
  // card.removed, card.mute).
  virtual base::Result<Response> transmit(const Command& command) = 0;
  // The reader's own keys, for PINs that the computer shall not see; nullptr: it has none.
  virtual PinPad* pin_pad() { return nullptr; }
};

// transmit(), with GET RESPONSE after 61xx and the corrected Le after 6Cxx (ISO/IEC 7816-4 5.3.4). A command
// whose status is 6Cxx is sent once more only when it carries no secret. A card that offers more than 65,536
// bytes, or none at all for ever, is card.refused.
base::Result<Response> exchange(Channel& card, const Command& command);

}  // namespace madoguchi::smartcard
