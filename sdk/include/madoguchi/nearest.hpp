// The word that somebody likely meant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace madoguchi::plugin {

// With the fewest letters added, left out or changed; nothing when more than a third of them would be.
inline std::optional<std::string_view> nearest(std::string_view text,
                                               std::span<const std::string_view> words) {
  constexpr std::size_t longest = 64;
  std::optional<std::string_view> best;
  std::size_t fewest = std::max<std::size_t>(text.size() / 3, 1) + 1;
  for (const auto word : words) {
    if (text.size() > longest) break;
    std::vector<std::size_t> row(word.size() + 1);
    for (std::size_t j = 0; j <= word.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= text.size(); ++i) {
      std::size_t before = row[0]++;
      for (std::size_t j = 1; j <= word.size(); ++j) {
        const std::size_t changed = before + (text[i - 1] == word[j - 1] ? 0 : 1);
        before = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
      }
    }
    if (row[word.size()] >= fewest) continue;
    fewest = row[word.size()];
    best = word;
  }
  return best;
}

}  // namespace madoguchi::plugin
