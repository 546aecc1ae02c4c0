// What is told about the lines, as the methods' replies have it.
#pragma once

#include <madoguchi/json.hpp>
#include <span>

#include "closing.hpp"
#include "section.hpp"

namespace queue_board {

namespace json = madoguchi::plugin::json;

// Waiting people, the numbers called and an estimate; while nobody is received, that reception is closed; for
// an office without a line, or whose line nobody keeps up to date, only that there is no live information:
// never a zero that looks like an empty hall. `reception`: nullptr when it is not known.
json::object status(const Hall& office, const Line* line, const Reception* reception, Moment now);
json::object ticket(const Hall& office, const Line& line, const Found& found, Moment now);
// Puts it under `reception`, and under `notice` that nobody is received, where that is so.
void tell_reception(const Reception& reception, Moment now, json::object& into);
// How long people waited, by weekday (1 Monday ... 7 Sunday) and hour, where anything is known.
json::array waits(const Line& line);
// Today's tickets and those of the days before: what was taken is what was served, went, did not come or is
// there.
json::object report(const Hall& office, const Line& line);

// A page that needs nothing else, for a web server to show.
std::string page(std::span<const json::object> offices, Moment now);

}  // namespace queue_board
