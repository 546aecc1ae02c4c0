#include "store_key.hpp"

#include "base/key_file.hpp"
#include "base/secret.hpp"
#include "files.hpp"
#include "sealed_file.hpp"
#include "storage/key_places.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
using storage::SealingKey;
namespace fs = std::filesystem;

base::Result<SealingKey> key_in(std::string text, const fs::path& file) {
  auto key = SealingKey::from_text(text);
  base::wipe(text.data(), text.size());
  if (!key) return make_fault(key.error().code, file.string() + ": " + key.error().inner);
  return key;
}

base::Result<SealingKey> given_key(const fs::path& file) {
  if (const auto allowed = base::check_secret(file, "the key of the store"); !allowed) return allowed.error();
  auto text = read_text(file);
  if (!text) return text.error();
  return key_in(std::move(*text), file);
}

// The daemon's own; not_found.
base::Result<SealingKey> own_key(const fs::path& file) {
  auto text = read_own_key(file);
  if (!text) return text.error();
  return key_in(std::move(*text), file);
}

base::Result<SealingKey> make_own_key(const fs::path& file, base::Log& log) {
  auto key = SealingKey::generate();
  auto text = key.to_text() + "\n";
  const auto written = write_durably(file, text);
  base::wipe(text.data(), text.size());
  if (!written) return written.error();
  log.write(base::Level::info, "store.key_made", {{"file", file.string()}, {"key", key.id()}});
  return key;
}

storage::KeyPlaces places_of(const settings::StoreConfig& config, const fs::path& folder,
                             const fs::path& state, const std::optional<fs::path>& credential) {
  return storage::key_places(config.key, config.former_keys, folder, state, credential);
}

// Those that an administrator gives, the one that seals first.
base::Result<storage::Keyring> given_keys(const storage::KeyPlaces& places) {
  storage::Keyring ring;
  for (const auto& file : places.all()) {
    if (file == places.own) continue;
    auto key = given_key(file);
    if (!key) return key.error();
    ring.keys.push_back(std::move(*key));
  }
  return ring;
}

// All that opens, the one that seals first; empty where the daemon would make the first.
base::Result<storage::Keyring> ring_at(const storage::KeyPlaces& places) {
  auto ring = given_keys(places);
  if (!ring) return ring;
  auto own = own_key(places.own);
  if (!own && own.error().code != Code::not_found) return own.error();
  const bool given = places.given.has_value();
  if (own) ring->keys.insert(given ? ring->keys.end() : ring->keys.begin(), std::move(*own));
  // Former keys alone open, but nothing has said that one of them should go on sealing.
  if (!given && !own && !ring->keys.empty()) {
    return make_fault(Code::storage_unavailable,
                      places.own.string() +
                          ": not there, and no other key of the store was named to seal "
                          "with; former keys only open");
  }
  return ring;
}

}  // namespace

base::Result<storage::Keyring> store_keys(const settings::StoreConfig& config, const fs::path& folder,
                                          const fs::path& state, base::Log& log) {
  const auto places = places_of(config, folder, state, base::credential(storage::key_file_name));
  auto ring = ring_at(places);
  if (ring) ring->make = [file = places.own, &log] { return make_own_key(file, log); };
  return ring;
}

base::Result<storage::Keyring> present_store_keys(const settings::StoreConfig& config, const fs::path& folder,
                                                  const fs::path& state) {
  const auto places = places_of(config, folder, state, base::credential_of_service(storage::key_file_name));
  storage::Keyring ring;
  for (const auto& file : places.all()) {
    // By the rule that it is used by: what the daemon has made itself is for nobody else's eyes.
    auto key = file == places.own ? own_key(file) : given_key(file);
    if (!key && file == places.own && key.error().code == Code::not_found) continue;
    if (!key) {
      auto fault = key.error();
      fault.details["path"] = file.string();
      return fault;
    }
    ring.keys.push_back(std::move(*key));
  }
  return ring;
}

base::Result<storage::Keyring> starting_store_keys(const settings::StoreConfig& config,
                                                   const fs::path& folder, const fs::path& state) {
  return ring_at(places_of(config, folder, state, base::credential_of_service(storage::key_file_name)));
}

}  // namespace madoguchi::app
