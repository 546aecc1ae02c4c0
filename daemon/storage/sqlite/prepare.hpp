// How an open database becomes a case store that may be written to.
#pragma once

#include <memory>

#include "sqlite/connection.hpp"
#include "sqlite/sealer.hpp"

namespace madoguchi::storage {

// Refuses what is not ours, not writable or sealed with a key that is not in the ring, brings the tables up
// to date, and sets how durably and how sparingly the connection works. What it returns has to outlive the
// connection. Faults as those of open_sqlite().
base::Result<std::unique_ptr<Sealer>> prepare_store(Connection& connection, const Keyring& ring);

}  // namespace madoguchi::storage
