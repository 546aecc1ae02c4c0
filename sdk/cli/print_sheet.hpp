// A sheet that madoguchi-print makes of a document.
#pragma once

#include <boost/json/object.hpp>

#include "commands.hpp"

namespace madoguchi::cli {

// `done` once the file is there whole, else the exit code of what has been said.
int print_sheet(const Context& context, std::string_view sheet, const boost::json::object& document,
                const SheetOptions& options);

}  // namespace madoguchi::cli
