// What is told about the lines, as the methods' replies have it.
#pragma once

#include <madoguchi/json.hpp>
#include <span>

#include "section.hpp"

namespace queue_board {

namespace json = madoguchi::plugin::json;

// Waiting people, the numbers called and an estimate; for an office without a line, or whose line nobody
// keeps up to date, only that there is no live information: never a zero that looks like an empty hall.
json::object status(const Hall& office, const Line* line, Moment now);
json::object ticket(const Hall& office, const Line& line, const Found& found, Moment now);
// How long people waited, by weekday (1 Monday ... 7 Sunday) and hour, where anything is known.
json::array waits(const Line& line);
// Today's tickets and those of the days before: what was taken is what was served, went, did not come or is
// there.
json::object report(const Hall& office, const Line& line);

// A page that needs nothing else, for a web server to show.
std::string page(std::span<const json::object> offices, Moment now);

}  // namespace queue_board
