// The embedded store: one SQLite file, one daemon.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "storage/audit_trail.hpp"
#include "storage/case_store.hpp"
#include "storage/holdings.hpp"
#include "storage/keyring.hpp"

namespace madoguchi::storage {

// One file holds all of it, so that a case's change and its audit entries are durable together.
class Store : public CaseStore, public AuditTrail, public Holdings {};

// What is held about people is sealed (AES-256-GCM) with the ring's first key.
// Opens the store at `path`, makes it if there is none, and brings an older one up to date. The folder must
// exist. The file is readable by its owner only, and so are SQLite's files beside it; `<path>.lock` holds the
// right to be the only daemon on it until the store is destroyed or the process ends in whatever way.
// storage.unavailable: another daemon has it, a newer program made it (it is left untouched), it is not a
// case store, it is damaged, it is sealed with a key that is not in the ring (it is left untouched), or the
// file system refuses; the fault's inner text says which. storage.full: no room to make it. The store may be
// used from several threads; calls take turns.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path, const Keyring& ring);

}  // namespace madoguchi::storage
