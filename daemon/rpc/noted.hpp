// What a caller gets to know of a fault, and what only the log does.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/fault.hpp"
#include "base/log.hpp"

namespace madoguchi::rpc {

// Longer ones are cut in the log: they may repeat what a caller has sent.
inline constexpr std::size_t longest_refusal = 300;

// Writes it to the log (null: there is none any more). What happened inside is not for the caller: it gets an
// incident number to ask about. `write_refusal` is asked whether that a caller was refused is to be written,
// too.
base::Fault noted(base::Log* log, base::Fault fault, std::string_view method,
                  const std::function<bool()>& write_refusal);

}  // namespace madoguchi::rpc
