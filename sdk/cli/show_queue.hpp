// One office's waiting line in words.
#pragma once

#include <boost/json/object.hpp>

#include "context.hpp"

namespace madoguchi::cli {

void show_queue_line(const Context& context, const boost::json::object& office);

}  // namespace madoguchi::cli
