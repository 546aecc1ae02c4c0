// The word that somebody probably meant.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace madoguchi::settings {

// The word with the fewest changes (a letter more, less, other, or two exchanged); nullopt if all are too far
// off.
std::optional<std::string_view> nearest(std::string_view text, const std::vector<std::string_view>& words);

}  // namespace madoguchi::settings
