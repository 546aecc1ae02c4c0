// Small files of the administrator's, read whole.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "settings/name_of_secret.hpp"

namespace madoguchi::app {

// At most 1 MiB. not_found or internal, with the path in `inner`.
base::Result<std::string> read_text(const std::filesystem::path& path);
base::Result<base::Bytes> read_bytes(const std::filesystem::path& path);
// The same for a key: refused unless base::check_secret() lets it pass. Whoever takes it wipes it.
base::Result<base::Bytes> read_key(const std::filesystem::path& path);
// The same for 32 bytes in hexadecimal.
base::Result<base::Bytes> read_terminal_key(const std::filesystem::path& path);

// For a configuration in `folder`: names stay as written where they lead to something. Of another goes on as
// much as is there of the folder, with the place where it is written.
settings::NameOfSecret names_of_secrets(std::filesystem::path folder);

// Whoever may write to the store's folder could put another store, or another one's -wal, in the place of
// ours: refused where everybody may, in a sticky folder too. A group is let in on purpose, so that the doctor
// tells of it and the daemon starts. A folder that is not there passes.
base::Result<void> check_store_folder(const std::filesystem::path& folder);

}  // namespace madoguchi::app
