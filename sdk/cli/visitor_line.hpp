// The options of `renew` that say who has come, and with what.
#pragma once

#include "command_tree.hpp"

namespace madoguchi::cli {

void add_visitor(CommandTree& tree, CLI::App& renew, CLI::Option& proxy, RenewOptions& options);
void add_documents(CommandTree& tree, CLI::App& to, std::vector<std::string>& documents);
void add_forgotten(CommandTree& tree, CLI::App& to, std::vector<std::string>& forgotten);

}  // namespace madoguchi::cli
