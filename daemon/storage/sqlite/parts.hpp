// The parts of a case, each a row of its own.
#pragma once

#include <array>
#include <map>
#include <string>

#include "sqlite/connection.hpp"
#include "sqlite/statements.hpp"

namespace madoguchi::storage {

using Parts = std::map<std::string, std::string>;

base::Result<Parts> read_parts(std::array<Statement, sql_count>& prepared, const std::string& case_id);
// Makes the stored parts these, and touches no row of one that is so already.
base::Result<void> write_parts(std::array<Statement, sql_count>& prepared, const std::string& case_id,
                               const Parts& parts);

}  // namespace madoguchi::storage
