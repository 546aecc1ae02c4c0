// Who has come to go on with a case: whoever came before, or somebody else.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "commands.hpp"

namespace madoguchi::cli {

// Decided for another day than today.
bool is_of_another_day(const boost::json::object& visit);
// On another day than today, with something left that can still be done otherwise.
bool received_earlier(const boost::json::object& visit);
// The same of a case that does not wait: a second visit is told as that.
bool is_another_day_for(const boost::json::object& visit);
// Of a case that has begun: nothing of it is half done, so that only by a decision that lets a key be made
// does anything go on.
bool only_keys_are_left(const boost::json::object& visit);
// One may have been made, which only the card says: it is looked at before anybody else is received.
bool key_is_in_doubt(const boost::json::object& visit);

bool somebody_else_has_come(const boost::json::object& visit, const ResumeOptions& options);

// Asks the clerk for whoever has come and for a proxy's form, where the day is another, it was not told and
// there is somebody to ask. A proxy's form has to be told of each day: without one an application goes by
// post. Exit code `done`, or that of the complaint.
int ask_who_has_come(const Context& context, const boost::json::object& visit, ResumeOptions& options);

// Nothing where whoever came before has come again.
int tell_visitor(const Context& context, const boost::json::object& visit, const ResumeOptions& options,
                 boost::json::object& facts);

// What the case knows of and still lies on the counter: nothing of another day, and of somebody else's papers
// those of the holder.
boost::json::array documents_still_here(const boost::json::object& visit, const ResumeOptions& options);

}  // namespace madoguchi::cli
