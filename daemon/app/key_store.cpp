#include "key_store.hpp"

#include "doctor/examinations.hpp"
#include "files.hpp"

namespace madoguchi::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Code;

// The PIN stands there alone, with or without an end of its line.
base::Result<base::Secret> read_pin(const fs::path& path) {
  auto bytes = read_key(path);
  if (!bytes) return bytes.error();
  std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  base::Secret pin(text);
  base::wipe(bytes->data(), bytes->size());
  if (!pin.empty()) return pin;
  return base::make_fault(Code::invalid_params, path.string() + ": not a PIN of 1 to " +
                                                    std::to_string(base::Secret::capacity) + " bytes");
}

std::string in(const fs::path& folder, const std::string& path) {
  return path.empty() ? std::string() : (folder / path).string();
}

}  // namespace

base::Result<authority::KeyStore> key_store(const settings::KeyStoreConfig& config, const fs::path& folder) {
  authority::KeyStore store{config.uri, config.providers, in(folder, config.modules),
                            in(folder, config.openssl_conf), nullptr};
  if (config.pin.empty()) return store;
  auto pin = read_pin(folder / config.pin);
  if (!pin) {
    auto fault = pin.error();
    fault.details = {{"pointer", "/ra_key_store/pin"}, {"trouble", "pin_unreadable"}};
    return fault;
  }
  store.pin = std::make_shared<const base::Secret>(std::move(*pin));
  return store;
}

std::optional<doctor::Finding> judge_key_store(const settings::AuthorityConfig& config,
                                               const fs::path& folder, const base::Fault* fault) {
  const auto& store = *config.ra_key_store;
  json::object facts{{"name", config.name}, {"uri", store.uri}, {"pin", in(folder, store.pin)}};
  if (fault == nullptr) return doctor::Finding{doctor::State::ok, "ra_key.ok", std::move(facts)};
  const auto* trouble = fault->details.if_contains("trouble");
  if (trouble == nullptr) return std::nullopt;
  if (fault->code == Code::not_found && doctor::handed_over(folder / store.pin))
    return doctor::Finding{doctor::State::ok, "ra_key.handed_over", std::move(facts)};
  facts["why"] = fault->inner;
  return doctor::Finding{doctor::State::wrong, "ra_key." + std::string(trouble->as_string()),
                         std::move(facts)};
}

}  // namespace madoguchi::app
