// The plugin's own methods: what was done about an inquiry, its letter, and the lists of the back office.
#pragma once

#include <madoguchi/step.hpp>
#include <string_view>

#include "rules.hpp"

namespace proxy_two_visit {

extern const std::string_view methods;  // as `describe` declares them

// Throws Refusal.
Step answer(const Rules& rules, const Call& call, json::object state);

}  // namespace proxy_two_visit
