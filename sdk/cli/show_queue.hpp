// One office's waiting line in words.
#pragma once

#include <boost/json/object.hpp>

#include "context.hpp"

namespace madoguchi::cli {

// As fail(), and what it means where the city has no waiting line.
int fail_at_line(const Context& context, const client::RpcError& error);
void show_queue_line(const Context& context, const boost::json::object& office);

}  // namespace madoguchi::cli
