// An RA key that stays in an HSM or a TPM.
#pragma once

#include <filesystem>
#include <optional>

#include "authority/cmp.hpp"
#include "doctor/finding.hpp"
#include "settings/daemon_config.hpp"

namespace madoguchi::app {

// With the PIN read from its file. Relative paths are meant from `folder`.
base::Result<authority::KeyStore> key_store(const settings::KeyStoreConfig& config,
                                            const std::filesystem::path& folder);

// What the examination says of it: `fault` is what came of setting up its authority, if anything did. Nothing
// where the fault is not about the key.
std::optional<doctor::Finding> judge_key_store(const settings::AuthorityConfig& config,
                                               const std::filesystem::path& folder, const base::Fault* fault);

}  // namespace madoguchi::app
