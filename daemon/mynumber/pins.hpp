// Where PINs live on the card.
#pragma once

#include <cstdint>

#include "application.hpp"

namespace madoguchi::mynumber {

struct PinPlace {
  Application application = Application::none;
  std::uint16_t file = 0;

  // The reference by short file id, for commands that name the PIN without selecting its file.
  [[nodiscard]] constexpr std::uint8_t reference() const {
    return static_cast<std::uint8_t>(0x80U | (file & 0x1FU));
  }
};

PinPlace place_of(const CardProfile& profile, PinName pin);

// What citizens know as the resident register's PIN is in two applications, each with a counter of its own
// (card.md 2.3): this is the other one. Both are changed and reset together, so that they stay one PIN.
inline constexpr PinPlace twin_of_resident_register{Application::common, 0x001C};

}  // namespace madoguchi::mynumber
