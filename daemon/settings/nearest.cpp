#include "settings/nearest.hpp"

#include <algorithm>
#include <cstddef>

namespace madoguchi::settings {
namespace {

// Optimal string alignment distance.
std::size_t changes(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + other});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view text, const std::vector<std::string_view>& words) {
  constexpr std::size_t longest = 64;
  if (text.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = std::max<std::size_t>(text.size() / 3, 1) + 1;
  for (const auto word : words) {
    const auto count = changes(text, word);
    if (count >= fewest) continue;
    fewest = count;
    best = word;
  }
  return best;
}

}  // namespace madoguchi::settings
