// Where the keys of a store are looked for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace madoguchi::storage {

// Of the store's key, as a credential and beside the store.
inline constexpr const char* key_file_name = "store.key";

struct KeyPlaces {
  std::optional<std::filesystem::path> given{};  // an administrator's; there or not, it is meant to seal
  std::vector<std::filesystem::path> former{};
  std::filesystem::path own;  // the daemon's, beside the store

  // In the order in which they would seal.
  [[nodiscard]] std::vector<std::filesystem::path> all() const;
};

// `key` and `former` as the configuration names them, from its `folder`; without a key the service manager's
// `credential`. `state`: the store's folder.
KeyPlaces key_places(const std::string& key, const std::vector<std::string>& former,
                     const std::filesystem::path& folder, const std::filesystem::path& state,
                     const std::optional<std::filesystem::path>& credential);

}  // namespace madoguchi::storage
