// The store's keys in its own words: which it was sealed with, and the SQL functions that seal and open.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sqlite/connection.hpp"
#include "sqlite/sealer.hpp"
#include "storage/keyring.hpp"

namespace madoguchi::storage {

// Ids of those that anything in a sealed store may be sealed with.
base::Result<std::vector<std::string>> keys_of_store(Connection& connection);

// Of a store that is known: the sealer that opens everything in it, or storage.unavailable naming the keys
// that are missing. For one that was never sealed, with the ring's first key or the one that it makes; then
// with a new key for looking up, which the migration keeps.
base::Result<std::unique_ptr<Sealer>> make_sealer(Connection& connection, const Keyring& ring);

// From now on the connection's statements may say, of a text and the place that it stands in:
//   seal(column, row, text)          a blob
//   unseal(column, row, blob)        the text; NULL for what does not open
//   seal_if_any, unseal_if_any       the same, but nothing stays nothing
//   reseal(column, row, blob)        sealed with the key in use; as it is where it does not open
//   is_old(blob)                     1 when another key than that one has sealed it
//   pseudonym(text)                  what stands for it where rows are looked up; empty for nothing
//   sealing_key()                    the id of the key in use
//   sealed_lookup()                  the key for looking up, sealed to be kept
// The sealer outlives the connection.
base::Result<void> define_sealing(Connection& connection, Sealer& sealer);

// Writes down that the key in use is in use, before anything is sealed with it.
base::Result<void> note_key(Connection& connection);

}  // namespace madoguchi::storage
