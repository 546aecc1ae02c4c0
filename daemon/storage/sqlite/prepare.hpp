// How an open database becomes a case store that may be written to.
#pragma once

#include "sqlite/connection.hpp"

namespace madoguchi::storage {

// Refuses what is not ours or not writable, brings the tables up to date, and sets how durably and how
// sparingly the connection works. Faults as those of open_sqlite().
base::Result<void> prepare_store(Connection& connection);

}  // namespace madoguchi::storage
