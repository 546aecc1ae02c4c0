// The daemon's key for its audit log: an administrator's, a credential of the service manager's, or its own.
#pragma once

#include <filesystem>
#include <vector>

#include "audit/key.hpp"
#include "base/log.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

struct AuditKeys {
  audit::SigningKey own;
  std::vector<audit::PublicKey> believed;  // the own one's first, then the former ones
};

// `folder`: of the configuration, `state`: of the store. The configured file, else the credential
// "audit.key", else audit.key in `state`, made there when there is none. forbidden for a key that others may
// read or change, not_found for a configured one that is not there, internal for what is no Ed25519 key.
base::Result<AuditKeys> audit_keys(const settings::AuditConfig& config, const std::filesystem::path& folder,
                                   const std::filesystem::path& state, base::Log& log);
// The same from beside the daemon and without making one; for a check before a start.
base::Result<void> check_audit_keys(const settings::AuditConfig& config, const std::filesystem::path& folder,
                                    const std::filesystem::path& state);

// Whose statements this daemon would believe. not_found: it has no key yet.
base::Result<std::vector<audit::PublicKey>> present_audit_keys(const settings::AuditConfig& config,
                                                               const std::filesystem::path& folder,
                                                               const std::filesystem::path& state);
// A key of the daemon's own beside the store was made with it: where it is, there was a store.
bool had_store(const settings::AuditConfig& config, const std::filesystem::path& folder,
               const std::filesystem::path& store);
// And now there is none, or an empty file.
bool store_is_lost(const settings::AuditConfig& config, const std::filesystem::path& folder,
                   const std::filesystem::path& store);
// Where its own key is, or would be made.
std::filesystem::path audit_key_file(const settings::AuditConfig& config, const std::filesystem::path& folder,
                                     const std::filesystem::path& state);

}  // namespace madoguchi::app
