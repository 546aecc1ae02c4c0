// What the configuration says of readers' keys, in the counter's words.
#pragma once

#include "counter/parts.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

inline counter::PadUse pad_use_of(settings::PinPadUse use) {
  switch (use) {
    case settings::PinPadUse::automatic:
      break;
    case settings::PinPadUse::optional:
      return counter::PadUse::optional;
    case settings::PinPadUse::never:
      return counter::PadUse::never;
    case settings::PinPadUse::required:
      return counter::PadUse::required;
  }
  return counter::PadUse::automatic;
}

}  // namespace madoguchi::app
