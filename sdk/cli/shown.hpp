// What others have written, as a terminal may have it: an older store, or another daemon, may hold what moves
// the cursor, gives a terminal commands, or turns the order of what is read around.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace madoguchi::cli {

// Lines and columns are the caller's own, and stay.
std::string for_people(std::string_view text);
// On one line. Whoever parses it gets what was meant.
std::string as_json(const boost::json::value& value);

}  // namespace madoguchi::cli
