// How long somebody who comes now will wait: a guess, and what it was made from.
#pragma once

#include <string_view>

#include "board.hpp"

namespace queue_board {

struct Pace {
  int minutes_a_person = 15;  // at the counter
  int windows = 1;            // that serve this line
};

struct Estimate {
  int minutes = 0;
  std::string_view from;  // "free": a window is; "pace": of the last hour; "history": of this weekday and
                          // hour; "policy": minutes a person and windows
};

// `ahead`: how many are called before.
Estimate estimate(const Line& line, std::size_t ahead, const Pace& pace, Moment now);

}  // namespace queue_board
