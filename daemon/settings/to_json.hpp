// YAML that somebody else reads, as JSON.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>

#include "settings/tree.hpp"

namespace madoguchi::settings {

// Scalars that are not quoted become null, true, false, integers or numbers where JSON writes them the same
// way; everything else is a text (dates and times too). `place` is told of every member and item: its JSON
// pointer (RFC 6901, below `pointer`), and where its key or the item itself stands.
boost::json::value to_json(const Value& value, const std::string& pointer,
                           const std::function<void(const std::string& pointer, Position at)>& place);

}  // namespace madoguchi::settings
