// A small policy without a fault, to be changed by whoever tests one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "support.hpp"

namespace madoguchi::settings {

extern const std::string_view good_policy;
// The file `holidays.yaml` that it names.
extern const std::string_view good_holidays;

// `text` as a policy beside that file.
Loaded<policy::Policy> load_beside_holidays(std::string_view text, const std::string& file = "p");

// The good policy with the first place that reads so changed, for each pair.
std::string good_with(std::initializer_list<std::pair<std::string_view, std::string_view>> changes);

// The good policy with that one change brings exactly these complaints.
void expect_complaints(const Bad& bad);

}  // namespace madoguchi::settings
