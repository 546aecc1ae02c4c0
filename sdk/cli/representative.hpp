// Who comes for a child or an adult ward by law, and what spares them a paper.
#pragma once

#include <boost/json/object.hpp>

#include "commands.hpp"

namespace madoguchi::cli {

// Puts what was told into the facts, with the holder's date of birth there already; the clerk is asked for
// what was not, where `may_ask`. Exit code `done`, or that of the complaint.
int complete_representative(const Context& context, bool may_ask, RepresentativeOptions options,
                            boost::json::object& facts);

}  // namespace madoguchi::cli
