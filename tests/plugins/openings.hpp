// The policy that ships, with other openings.
#pragma once

#include <string>
#include <string_view>

#include "city.hpp"

namespace madoguchi::plugins {

inline constexpr std::string_view openings_that_ship = R"(      - offices: [citizens-division]
        hours: ["08:30-16:00"]
        dates: []
)";

// `entries` instead of the openings that ship; more keys of the section may follow.
inline std::string with_openings(std::string_view entries) {
  return policy_text({{openings_that_ship, entries}});
}

}  // namespace madoguchi::plugins
