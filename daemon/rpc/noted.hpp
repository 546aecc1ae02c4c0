// What a caller gets to know of a fault, and what only the log does.
#pragma once

#include <string_view>

#include "base/fault.hpp"
#include "base/log.hpp"

namespace madoguchi::rpc {

// Writes it to the log (null: there is none any more). What happened inside is not for the caller: it gets an
// incident number to ask about.
base::Fault noted(base::Log* log, base::Fault fault, std::string_view method);

}  // namespace madoguchi::rpc
