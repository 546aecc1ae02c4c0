// The names of what is judged, in the order of their enumerations.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace madoguchi::authority::terminal {

constexpr std::array<std::string_view, 4> verdict_names{"unchanged", "not_looked_at", "differs", "proved"};
constexpr std::array<std::string_view, 14> point_names{
    "unread", "unasked",  "old_one", "missing",      "issued_before", "not_begun", "ended",
    "issuer", "key_size", "usage",   "ends_earlier", "ends_later",    "silent",    "undecided"};

template <class Value, class Names>
std::optional<Value> value_named(const Names& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

}  // namespace madoguchi::authority::terminal
