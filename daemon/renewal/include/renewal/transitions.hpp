// The one table of transitions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "renewal/saga.hpp"

namespace madoguchi::renewal {

struct Transition {
  Phase from;
  Happening happening;
  Phase to;
  // The journal's word for it; stable, since timelines and audits read it. See words.hpp.
  std::string_view record;
};

std::span<const Transition> transitions();
const Transition* find_transition(Phase from, Happening happening);

}  // namespace madoguchi::renewal
