// The options of `renew` and `cases resume` that say who has come, and with what.
#pragma once

#include "command_tree.hpp"

namespace madoguchi::cli {

void add_visitor(CommandTree& tree, CLI::App& renew, CLI::Option& proxy, RenewOptions& options);
void add_todays_visitor(CommandTree& tree, CLI::App& resume, CLI::Option& second_visit,
                        VisitorOptions& visitor);
void add_documents(CommandTree& tree, CLI::App& to, std::vector<std::string>& documents);
void add_forgotten(CommandTree& tree, CLI::App& to, std::vector<std::string>& forgotten);
void add_set_anew(CommandTree& tree, CLI::App& to, std::vector<std::string>& set_anew);

}  // namespace madoguchi::cli
