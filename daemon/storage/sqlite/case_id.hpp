// What of an id that a caller has given may be repeated.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace madoguchi::storage {

// An id as the counter makes them: six digits of a day, a dash, eight of digits and capitals. Anything else
// may be what belongs into another field, e.g. a PIN, and must not reach a log.
inline std::string quotable(std::string_view id) {
  constexpr std::size_t day = 6;
  constexpr std::size_t whole = 15;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto sign = [&](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); };
  const bool formed = id.size() == whole && id[day] == '-' &&
                      std::all_of(id.begin(), id.begin() + day, digit) &&
                      std::all_of(id.begin() + day + 1, id.end(), sign);
  return formed ? std::string(id)
                : "of an id of " + std::to_string(id.size()) + " bytes that is none of a case";
}

}  // namespace madoguchi::storage
