// Whether the tables are those that this program makes.
#pragma once

#include <string>
#include <vector>

#include "sqlite/connection.hpp"

namespace madoguchi::storage {

// What is missing, there besides or other than migrations() make it, each as "trigger journal_is_kept:
// missing". What keeps journal and audit log from being changed are triggers: whoever drops one leaves every
// page and reference whole. Only of a store of the newest version.
base::Result<std::vector<std::string>> changed_in_schema(Connection& connection);

}  // namespace madoguchi::storage
