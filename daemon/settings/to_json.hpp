// YAML that somebody else reads, as JSON.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>

#include "settings/tree.hpp"

namespace madoguchi::settings {

// Both are told a JSON pointer (RFC 6901).
struct Placing {
  // Every member and item: where its key or the item itself stands.
  std::function<void(const std::string& pointer, Position at)> found;
  // A number that JSON cannot carry exactly: one of more than 64 bits, or beyond every double.
  std::function<void(const std::string& pointer, Position at, std::string problem)> wrong;
};

// Scalars that are not quoted become null, true, false, integers or numbers where JSON writes them the same
// way; everything else is a text (dates and times too). Pointers are below `pointer`.
boost::json::value to_json(const Value& value, const std::string& pointer, const Placing& placing);

}  // namespace madoguchi::settings
