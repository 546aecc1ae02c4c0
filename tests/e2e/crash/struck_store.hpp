// A store that lets something happen to the process at a chosen commit: killed as by a power cut, told to
// end, or out of room on its disk.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "storage/case_store.hpp"

namespace madoguchi::crash {

enum class Stroke : std::uint8_t {
  // SIGKILL before the commit: what the record tells of has been done, the record is not durable.
  before,
  // SIGKILL after it: the record is durable, what it announces has not been done.
  after,
  // SIGTERM to itself: what the record announces begins while the daemon learns that it has to end.
  term,
  // The disk is full from here on, until somebody else makes room.
  full,
};

struct Plan {
  // Journal records counted from 1 since the start of the process; 0: never.
  std::int64_t at = 0;
  // Every record, the first time that one of its kind about its subject is tried. Only for `full`.
  bool each = false;
  Stroke stroke = Stroke::before;
};

// "12:before", "12:after", "12:term", "12:full", "each:full"; throws std::invalid_argument on anything else.
Plan parse_plan(const std::string& text);

// `fill` fills the disk that the store is on.
std::unique_ptr<storage::CaseStore> make_struck_store(std::unique_ptr<storage::CaseStore> inner, Plan plan,
                                                      std::function<void()> fill);

}  // namespace madoguchi::crash
