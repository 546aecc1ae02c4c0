// From what readers looked like to what happened to them: the only place where reader events are made (R1,
// R2).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

// One reader as the PC/SC service shows it.
struct Observation {
  bool present = false;
  bool mute = false;
  std::uint16_t counter = 0;  // goes up by one with every insertion and removal, and wraps around
  std::uint16_t losses = 0;   // goes up with every card that is known to have left though nobody counted it
  base::Bytes atr;
};

// Every reader of one moment, by name.
using Snapshot = std::map<std::string, Observation>;

// What happened between two snapshots, in an order that makes sense to a listener: a card leaves before its
// reader does, a reader comes before its card, and removals come before additions. A changed counter under an
// unchanged presence is reported too: a swapped card as removed and inserted, one that only touched the
// reader as inserted and removed. So whoever replays the events always ends at `after`.
std::vector<ReaderEvent> reconcile(const Snapshot& before, const Snapshot& after);

}  // namespace madoguchi::smartcard
