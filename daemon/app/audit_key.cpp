#include "audit_key.hpp"

#include <optional>

#include "base/key_file.hpp"
#include "base/secret.hpp"
#include "files.hpp"
#include "sealed_file.hpp"

namespace madoguchi::app {
namespace {

using base::Code;
using base::make_fault;
namespace fs = std::filesystem;

constexpr const char* file_name = "audit.key";

base::Result<audit::SigningKey> key_in(std::string text, const fs::path& file) {
  auto key = audit::SigningKey::from_pem(text);
  base::wipe(text.data(), text.size());
  if (!key) return make_fault(key.error().code, file.string() + ": " + key.error().inner);
  return key;
}

base::Result<audit::SigningKey> given_key(const fs::path& file) {
  // Whoever may read it may write a log of their own; whoever may change it may make ours worthless.
  if (const auto allowed = base::check_secret(file, "the key of the audit log"); !allowed)
    return allowed.error();
  auto text = read_text(file);
  if (!text) return text.error();
  return key_in(std::move(*text), file);
}

// The daemon's own; not_found.
base::Result<audit::SigningKey> present_own_key(const fs::path& file) {
  auto text = read_own_key(file);
  if (!text) return text.error();
  return key_in(std::move(*text), file);
}

// Made at its first start.
base::Result<audit::SigningKey> own_key(const fs::path& file, base::Log& log) {
  auto present = present_own_key(file);
  if (present || present.error().code != Code::not_found) return present;
  auto key = audit::SigningKey::generate();
  auto pem = key.to_pem();
  const auto written = write_durably(file, pem);
  base::wipe(pem.data(), pem.size());
  if (!written) return written.error();
  log.write(base::Level::info, "audit.key_made", {{"file", file.string()}, {"key", key.public_key().id()}});
  return key;
}

base::Result<std::vector<audit::PublicKey>> former_keys(const settings::AuditConfig& config,
                                                        const fs::path& folder) {
  std::vector<audit::PublicKey> keys;
  for (const auto& name : config.former_keys) {
    const auto text = read_text(folder / name);
    if (!text) return text.error();
    auto key = audit::PublicKey::from_pem(*text);
    if (!key) return make_fault(key.error().code, (folder / name).string() + ": " + key.error().inner);
    keys.push_back(std::move(*key));
  }
  return keys;
}

std::optional<fs::path> given(const settings::AuditConfig& config, const fs::path& folder) {
  return config.key.empty() ? base::credential(file_name) : folder / config.key;
}

}  // namespace

base::Result<AuditKeys> audit_keys(const settings::AuditConfig& config, const fs::path& folder,
                                   const fs::path& state, base::Log& log) {
  const auto file = given(config, folder);
  auto own = file ? given_key(*file) : own_key(state / file_name, log);
  if (!own) return own.error();
  auto former = former_keys(config, folder);
  if (!former) return former.error();
  std::vector<audit::PublicKey> believed{own->public_key()};
  believed.insert(believed.end(), former->begin(), former->end());
  return AuditKeys{std::move(*own), std::move(believed)};
}

fs::path audit_key_file(const settings::AuditConfig& config, const fs::path& folder, const fs::path& state) {
  if (!config.key.empty()) return folder / config.key;
  return base::credential_of_service(file_name).value_or(state / file_name);
}

bool had_store(const settings::AuditConfig& config, const fs::path& folder, const fs::path& store) {
  std::error_code error;
  return !given(config, folder) && fs::exists(store.parent_path() / file_name, error);
}

bool store_is_lost(const settings::AuditConfig& config, const fs::path& folder, const fs::path& store) {
  std::error_code error;
  return had_store(config, folder, store) && (!fs::exists(store, error) || fs::file_size(store, error) == 0);
}

base::Result<std::vector<audit::PublicKey>> present_audit_keys(const settings::AuditConfig& config,
                                                               const fs::path& folder,
                                                               const fs::path& state) {
  const auto file = audit_key_file(config, folder, state);
  // By the rule that it is used by: what the daemon has made itself is for nobody else's eyes.
  const auto own = file == state / file_name ? present_own_key(file) : given_key(file);
  if (!own) return own.error();
  auto former = former_keys(config, folder);
  if (!former) return former.error();
  std::vector<audit::PublicKey> believed{own->public_key()};
  believed.insert(believed.end(), former->begin(), former->end());
  return believed;
}

base::Result<void> check_audit_keys(const settings::AuditConfig& config, const fs::path& folder,
                                    const fs::path& state) {
  const auto keys = present_audit_keys(config, folder, state);
  if (keys) return {};
  // The daemon's own is made by the first start.
  const bool own = audit_key_file(config, folder, state) == state / file_name;
  std::error_code error;
  if (keys.error().code == Code::not_found && own && !fs::exists(state / file_name, error)) {
    const auto former = former_keys(config, folder);
    return former ? base::Result<void>() : former.error();
  }
  return keys.error();
}

}  // namespace madoguchi::app
