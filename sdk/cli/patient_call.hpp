// A call that another one of the same case is in the way of for a moment.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "context.hpp"

namespace madoguchi::cli {

// Once more, for some seconds, while the daemon says that other work on the case goes on (it may ask the
// authority whether a certificate is good) or that it has too much to do: nothing has reached the card then,
// and no clerk has to see it. It waits as long as the daemon says (details.retry_after_ms). What another case
// holds is not waited for.
client::Reply call_patiently(const Context& context, client::Client& client, std::string_view method,
                             const boost::json::object& params, const client::CallOptions& options = {});

}  // namespace madoguchi::cli
