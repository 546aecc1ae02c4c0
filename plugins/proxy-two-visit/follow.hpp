// What the events of a case make of its inquiry.
#pragma once

#include <madoguchi/step.hpp>

#include "rules.hpp"

namespace proxy_two_visit {

Step follow(const Rules& rules, const Case& about, const Event& event, json::object state);

}  // namespace proxy_two_visit
