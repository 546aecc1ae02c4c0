// The keys that the store seals with: an administrator's, a credential of the service manager's, or the
// daemon's own.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "settings/daemon_config.hpp"
#include "storage/keyring.hpp"

namespace madoguchi::app {

// `folder`: of the configuration, `state`: of the store. The configured file seals, else the credential
// "store.key", else store.key in `state`, which a new store's ring makes; the former keys open, and so does
// store.key in `state` wherever it is there. forbidden for a key that others may read or change, not_found
// for a configured one that is not there, storage.unavailable for former ones alone, internal for what is no
// key. `log` outlives the ring.
base::Result<storage::Keyring> store_keys(const settings::StoreConfig& config,
                                          const std::filesystem::path& folder,
                                          const std::filesystem::path& state, base::Log& log);
// What of them is there, for whoever looks from beside the daemon; empty where there is none yet. Faults as
// above.
base::Result<storage::Keyring> present_store_keys(const settings::StoreConfig& config,
                                                  const std::filesystem::path& folder,
                                                  const std::filesystem::path& state);
// Those that a start would take, from beside the daemon and without making one; empty where a start would
// make the first.
base::Result<storage::Keyring> starting_store_keys(const settings::StoreConfig& config,
                                                   const std::filesystem::path& folder,
                                                   const std::filesystem::path& state);

}  // namespace madoguchi::app
