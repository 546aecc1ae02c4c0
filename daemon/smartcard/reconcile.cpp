#include "smartcard/reconcile.hpp"

namespace madoguchi::smartcard {
namespace {

using Kind = ReaderEvent::Kind;

void compare(const std::string& reader, const Observation& before, const Observation& after,
             std::vector<ReaderEvent>& events) {
  const bool counted = before.counter != after.counter || before.losses != after.losses;
  if (before.present == after.present && !counted) return;
  const Kind gone = Kind::card_removed;
  const Kind come = Kind::card_inserted;
  if (before.present == after.present) {
    events.push_back({before.present ? gone : come, reader});
    events.push_back({before.present ? come : gone, reader});
  } else {
    events.push_back({after.present ? come : gone, reader});
  }
}

}  // namespace

std::vector<ReaderEvent> reconcile(const Snapshot& before, const Snapshot& after) {
  std::vector<ReaderEvent> events;
  for (const auto& [reader, observation] : before) {
    if (after.contains(reader)) continue;
    if (observation.present) events.push_back({Kind::card_removed, reader});
    events.push_back({Kind::reader_removed, reader});
  }
  for (const auto& [reader, observation] : after) {
    const auto known = before.find(reader);
    if (known != before.end()) {
      compare(reader, known->second, observation, events);
      continue;
    }
    events.push_back({Kind::reader_added, reader});
    if (observation.present) events.push_back({Kind::card_inserted, reader});
  }
  return events;
}

}  // namespace madoguchi::smartcard
