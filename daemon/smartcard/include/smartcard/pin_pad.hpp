// PINs that are entered at the reader's own keys and go from there to the card (PC/SC part 10, "IFDs with
// Secure PIN Entry Capabilities"): the computer never sees them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "smartcard/apdu.hpp"

namespace madoguchi::smartcard {

// How long a reader waits for the next key.
inline constexpr std::chrono::seconds between_keys{10};

// A PIN of digits, which is all that a pad has, as ASCII.
struct PadEntry {
  Command::Header verify;  // of the command that the reader completes with what was entered, and sends
  std::uint8_t min_length = 0;
  std::uint8_t max_length = 0;
  std::chrono::seconds longest{30};  // until the reader gives up waiting; at most 255
};

class PinPad {
 public:
  virtual ~PinPad() = default;
  // Waits for whoever enters it. The response is the card's, or the reader's own word that there was none
  // to be had: see not_entered(). Faults as Channel::transmit(); conflict when the reader's driver does not
  // want that entry, and then nothing was sent.
  virtual base::Result<Response> verify(const PadEntry& entry) = 0;
};

// What a reader says instead of the card's answer, when it has sent nothing: pin.timeout, pin.cancelled,
// pin.malformed (too short or too long), conflict (it does not do what it was asked). Nullopt for the
// card's own.
std::optional<base::Fault> not_entered(StatusWord status);
// The last of these, also for a reader that has no pad: conflict with words for a clerk.
base::Fault no_pin_pad(std::string inner);

// The features' answer: six bytes each, of which the last four are the control code in big endian. The code
// by which a PIN is verified directly; nullopt where the reader offers none, or what it says is no such list.
std::optional<std::uint32_t> verify_direct_code(base::ByteView features);
// PIN_VERIFY_STRUCTURE, with its numbers in the computer's own order, as libccid takes them.
base::Bytes verify_structure(const PadEntry& entry);

}  // namespace madoguchi::smartcard
