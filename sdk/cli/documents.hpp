// The papers that a visitor shows: as the clerk names them, and asked for where some are missing.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"

namespace madoguchi::cli {

// `TYPE`, `TYPE@YYYY-MM-DD` with its day of issue, and `:copy` behind either for what is not the original.
// nullopt: it is none of them.
std::optional<boost::json::object> document_named(std::string_view given);

// Behind the documents that are there.
void add_documents(const std::vector<std::string>& given, boost::json::object& facts);

// How the clerk names what is missing once it is there: `--document drivers_licence ...`.
std::string options_for(const std::vector<std::string>& missing);
// The types that serve as well as the one that is named there, in words; empty: there is but one.
std::string others_for(const Context& context, const std::vector<std::string>& missing);

// Asks the clerk, where there is a terminal, which of the papers that the case misses are there after all,
// and tells the daemon: `visit` is then the case as it decides now. The exit code where it ended there.
std::optional<int> ask_for_documents(const Context& context, client::Client& client,
                                     boost::json::object& visit, const std::string& staff);

}  // namespace madoguchi::cli
