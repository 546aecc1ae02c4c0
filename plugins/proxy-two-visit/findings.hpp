// What a decision's findings tell of an inquiry.
#pragma once

#include <madoguchi/json.hpp>
#include <string>
#include <vector>

namespace proxy_two_visit {

namespace json = madoguchi::plugin::json;

// The codes behind "proxy." that ask for a second visit.
std::vector<std::string> reasons_in(const json::object& decision);
std::vector<std::string> unmatched_pins(const json::object& decision);
// The counter has found the card renewed in another case, or elsewhere, and nothing is left to be done.
bool renewed_elsewhere(const json::object& decision);

}  // namespace proxy_two_visit
