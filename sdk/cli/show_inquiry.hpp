// The inquiry of a proxy's case in words for a clerk, as the plugin proxy-two-visit tells it.
#pragma once

#include <boost/json/object.hpp>

#include "context.hpp"

namespace madoguchi::cli {

// As fail() does; where the service knows no inquiries at all it says that.
int fail_inquiry(const Context& context, const client::RpcError& error);

// One line, for lists.
void show_inquiry_line(const Context& context, const boost::json::object& inquiry);
// All of it, what is to be done next, and what the proxy brings.
void show_inquiry(const Context& context, const boost::json::object& inquiry);

// Is the proxy still to come again?
bool waits_for_second_visit(const boost::json::object& inquiry);
// What a visitor who goes home is told: what happens, when it is likely to go on, what to bring then.
void show_way_to_second_visit(const Context& context, const boost::json::object& inquiry);

}  // namespace madoguchi::cli
