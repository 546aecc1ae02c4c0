// Until when what is still to be renewed works.
#pragma once

#include <boost/json/object.hpp>

#include "context.hpp"

namespace madoguchi::cli {

// And which services stop then. Nothing where no certificate is still in force.
void tell_last_day(const Context& context, const boost::json::object& facts,
                   const boost::json::object& decision);

}  // namespace madoguchi::cli
