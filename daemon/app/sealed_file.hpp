// Files of the daemon's own: whole or not there, on stable storage, and nobody else's.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace madoguchi::app {

// Replaces the file in one step; when this returns it outlives a power cut. Readable by its owner only.
// storage.full or storage.unavailable, and what was there before is still there.
base::Result<void> write_durably(const std::filesystem::path& file, std::string_view text);

// not_found; storage.unavailable when it is no plain file, not the daemon's or root's, or others may change
// or read it.
base::Result<std::string> read_own(const std::filesystem::path& file);
// The same of a key: not_found, or forbidden with what is to be done.
base::Result<std::string> read_own_key(const std::filesystem::path& file);

// Makes the folder if there is none, for its owner only.
base::Result<void> make_own_folder(const std::filesystem::path& folder);

// Hexadecimal SHA-256.
std::string digest_of(std::string_view text);

}  // namespace madoguchi::app
