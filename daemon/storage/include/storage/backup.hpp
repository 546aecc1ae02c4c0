// Copies of a store, and a store from a copy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "storage/reading.hpp"

namespace madoguchi::storage {

// Copies the store at `from` as it stands now, beside a daemon that goes on with it, into one new file for
// its owner only, and goes through what was written: under its name is a copy that is whole and durable, or
// nothing. An audit log that is not whole is copied as it is, and the report says so (audit_flaws); one that
// the copy alone has spoilt is not. It is sealed as the store is, and never holds the key; report.keys names
// what is needed to open it. `to` must not exist. storage.full, storage.unavailable (as StoreReading, of the
// store or the copy).
base::Result<StoreReport> back_up_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

struct Restored {
  StoreReport report{};
  std::filesystem::path before{};  // where what stood there was kept; empty: nothing did
};
// Puts the copy in the place of the store, in one step: after a crash there is the one or the other.
// `stamp` is part of the name of what stood there, e.g. the time. conflict while a daemon has the store;
// storage.unavailable (details.trouble as StoreReading) for a copy that is not whole, but for its audit log
// (as above), that a newer program made, or that is sealed (`sealed`, and which in details.keys) with a key
// that is not in the ring: then nothing was changed.
base::Result<Restored> restore_sqlite(const std::filesystem::path& copy, const std::filesystem::path& store,
                                      const std::string& stamp, const Keyring& ring);

// Whether the store has been put in place from a copy since a daemon last had it, and then up to which number
// the audit log of what stood there went (0: not known). Until it is forgotten, which is once that is
// entered.
std::optional<std::int64_t> restored_over(const std::filesystem::path& store);
void forget_restored(const std::filesystem::path& store);

}  // namespace madoguchi::storage
