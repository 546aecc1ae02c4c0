// A failure of the command's own, in the words of the catalogue.
#pragma once

#include "context.hpp"

namespace madoguchi::cli {

// As JSON: {"error": {"reason": reason, ...}}. `what` stands in the text as {0}.
int fail_saying(const Context& context, const char* reason, Key key, std::string_view what);

}  // namespace madoguchi::cli
