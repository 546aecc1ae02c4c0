// What the events of a case make of its inquiry.
#pragma once

#include <madoguchi/step.hpp>

#include "rules.hpp"

namespace proxy_two_visit {

Step follow(const Rules& rules, const Case& about, const Event& event, json::object state);

// Which certificates the letter asks the holder about: those that the decision does something with.
json::array certificates_of(const json::object& decision);

}  // namespace proxy_two_visit
