// JSON from outside, read as strictly as it is written: what two parsers could read differently is not read
// at all.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::base {

inline constexpr std::size_t deepest_json = 32;
// Bounds the memory that a text of allowed length can ask for.
inline constexpr std::size_t most_json_values = 65'536;

struct JsonProblem {
  std::size_t offset = 0;  // in bytes
  std::string problem;     // never repeats the text
};

// One value in valid UTF-8, no key twice in an object, every number exact as a 64-bit integer or finite as a
// double, at most deepest_json nested and most_json_values altogether. `into` keeps its storage and is null
// before; after a problem it is of no use.
std::optional<JsonProblem> parse_json(std::string_view text, boost::json::value& into);

}  // namespace madoguchi::base
