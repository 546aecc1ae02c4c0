#include "cmp/ra_key.hpp"

#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include <array>
#include <cstring>
#include <utility>

namespace madoguchi::authority {
namespace {

using base::Code;

using LibraryPtr = Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using ProviderPtr = Owned<OSSL_PROVIDER, OSSL_PROVIDER_unload>;
using StoreCtxPtr = Owned<OSSL_STORE_CTX, OSSL_STORE_close>;
using StoreInfoPtr = Owned<OSSL_STORE_INFO, OSSL_STORE_INFO_free>;
using UiPtr = Owned<UI_METHOD, UI_destroy_method>;
using DigestPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr const char* digest = "SHA256";  // that of CMP's protection

base::Fault trouble(const char* what, const char* setting, std::string why,
                    Code code = Code::invalid_params) {
  const std::string pointer = std::string("/ra_key_store/") + setting;
  return library_fault(code, std::move(why), {{"pointer", pointer}, {"trouble", what}});
}

// Answers a provider that asks for the PIN of its token, and remembers that it did.
struct Asked {
  const base::Secret* pin;
  bool asked = false;
};

int answer(char* buffer, int size, int /*for_writing*/, void* data) {
  auto& asked = *static_cast<Asked*>(data);
  asked.asked = true;
  if (asked.pin == nullptr || asked.pin->empty() || std::cmp_greater(asked.pin->size(), size)) return -1;
  const auto bytes = asked.pin->reveal();
  std::memcpy(buffer, bytes.data(), bytes.size());
  return static_cast<int>(bytes.size());
}

struct Found {
  std::vector<KeyPtr> keys;
  bool opened = false;
};

// A store may hold certificates beside its key, and what nobody here can read: those are passed over.
constexpr int most_entries = 256;

Found look_into(const KeyStore& store, OSSL_LIB_CTX& library, Asked& asked) {
  Found found;
  const UiPtr ui(UI_UTIL_wrap_read_pem_callback(answer, 0));
  if (!ui) return found;
  const StoreCtxPtr context(
      OSSL_STORE_open_ex(store.uri.c_str(), &library, nullptr, ui.get(), &asked, nullptr, nullptr, nullptr));
  if (!context || OSSL_STORE_expect(context.get(), OSSL_STORE_INFO_PKEY) != 1) return found;
  found.opened = true;
  for (int i = 0; i < most_entries && OSSL_STORE_eof(context.get()) == 0; ++i) {
    const StoreInfoPtr entry(OSSL_STORE_load(context.get()));
    if (!entry) {
      if (OSSL_STORE_error(context.get()) != 0) break;
      continue;
    }
    if (OSSL_STORE_INFO_get_type(entry.get()) == OSSL_STORE_INFO_PKEY)
      found.keys.emplace_back(OSSL_STORE_INFO_get1_PKEY(entry.get()));
  }
  return found;
}

constexpr std::array<std::uint8_t, 9> sample{'m', 'a', 'd', 'o', 'g', 'u', 'c', 'h', 'i'};

bool verified(const X509& certificate, base::ByteView text, base::ByteView signature) {
  const DigestPtr context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr,
                                 X509_get0_pubkey(&certificate), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

// What OpenSSL's own provider can do, it should: a token also verifies, slower, and not everybody's keys. But
// OpenSSL 3.0 would ask tpm2's for the private key, get the public half without a complaint, and find only
// when it signs that something is missing. Then everything is the key's own provider's.
std::string preference(EVP_PKEY& key, OSSL_LIB_CTX& library) {
  constexpr const char* best = "?provider=default";
  const auto* own = EVP_PKEY_get0_provider(&key);
  if (own == nullptr) return best;
  const DigestPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* signs = nullptr;
  const bool begun =
      context && EVP_DigestSignInit_ex(context.get(), &signs, digest, &library, best, &key, nullptr) == 1;
  if (begun && EVP_PKEY_CTX_get0_provider(signs) == own) return best;
  ERR_clear_error();
  return std::string("?provider=") + OSSL_PROVIDER_get0_name(own);
}

}  // namespace

// Destroyed from below: the key before its provider, the provider before its library.
struct RaKey::Held {
  LibraryPtr library;
  std::vector<ProviderPtr> providers;
  KeyPtr key;
  bool asked = false;  // for a PIN
  // Prefers the key's own provider. Without it OpenSSL 3.0 asks a TPM's for the key, gets its public half
  // without a complaint, and finds only when it signs that there is no private one.
  std::string properties;

  base::Result<void> load(const KeyStore& store);
  base::Result<void> open(const KeyStore& store);
  [[nodiscard]] base::Bytes sign(base::ByteView text) const;  // empty: it cannot
};

// A library of its own: what a city's provider does instead of OpenSSL's must not reach anything but this
// key.
base::Result<void> RaKey::Held::load(const KeyStore& store) {
  library.reset(OSSL_LIB_CTX_new());
  if (!library) return trouble("no_provider", "providers", "no library for a provider");
  if (!store.modules.empty() &&
      OSSL_PROVIDER_set_default_search_path(library.get(), store.modules.c_str()) != 1)
    return trouble("no_provider", "modules", store.modules);
  if (!store.openssl_conf.empty() && OSSL_LIB_CTX_load_config(library.get(), store.openssl_conf.c_str()) != 1)
    return trouble("no_conf", "openssl_conf", store.openssl_conf);
  providers.emplace_back(OSSL_PROVIDER_load(library.get(), "default"));
  for (const auto& name : store.providers) {
    providers.emplace_back(OSSL_PROVIDER_load(library.get(), name.c_str()));
    if (!providers.back()) return trouble("no_provider", "providers", "provider " + name);
  }
  return {};
}

base::Result<void> RaKey::Held::open(const KeyStore& store) {
  Asked answers{store.pin.get()};
  auto found = look_into(store, *library, answers);
  base::wipe_stack();
  asked = answers.asked;
  if (found.keys.size() == 1 && found.keys.front()) {
    key = std::move(found.keys.front());
    properties = preference(*key, *library);
    return {};
  }
  if (found.keys.size() > 1)
    return trouble("several", "uri", std::to_string(found.keys.size()) + " private keys at " + store.uri);
  if (asked && (!store.pin || store.pin->empty()))
    return trouble("pin_missing", "pin", "asked for at " + store.uri);
  if (asked) return trouble("pin_refused", "pin", "not accepted at " + store.uri, Code::forbidden);
  if (!found.opened) return trouble("unopened", "uri", store.uri);
  return trouble("no_key", "uri", "no private key at " + store.uri);
}

base::Bytes RaKey::Held::sign(base::ByteView text) const {
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, digest, library.get(), properties.c_str(), key.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, text.data(), text.size()) != 1)
    return {};
  base::Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

RaKey::RaKey() = default;
RaKey::~RaKey() = default;
RaKey::RaKey(RaKey&&) noexcept = default;
RaKey& RaKey::operator=(RaKey&&) noexcept = default;

base::Result<RaKey> RaKey::from_pem(base::ByteView pem) {
  const auto no_password = [](char*, int, int, void*) { return -1; };
  RaKey made;
  made.held_ = std::make_unique<Held>();
  if (const auto reader = reader_of(pem))
    made.held_->key.reset(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, nullptr));
  if (!made.held_->key)
    return library_fault(Code::invalid_params, "not a private key in PEM without a password",
                         {{"pointer", "/ra_key"}});
  return made;
}

base::Result<RaKey> RaKey::from_store(const KeyStore& store) {
  RaKey made;
  made.held_ = std::make_unique<Held>();
  if (const auto loaded = made.held_->load(store); !loaded) return loaded.error();
  if (const auto opened = made.held_->open(store); !opened) return opened.error();
  return made;
}

base::Result<void> RaKey::check(const X509& certificate) const {
  const bool in_store = held_->library != nullptr;
  if (X509_check_private_key(&certificate, held_->key.get()) != 1) {
    const char* why = "not the key of the counter's certificate";
    if (in_store) return trouble("foreign", "uri", why);
    return library_fault(Code::invalid_params, why, {{"pointer", "/ra_key"}});
  }
  if (!in_store) return {};
  const auto signature = held_->sign(sample);
  if (signature.empty()) {
    return held_->asked ? trouble("pin_refused", "pin", "it does not sign with this PIN", Code::forbidden)
                        : trouble("silent", "uri", "it does not sign");
  }
  if (!verified(certificate, sample, signature))
    return trouble("silent", "uri", "the certificate does not verify what it signs");
  return {};
}

CmpContextPtr RaKey::new_context() const {
  auto* library = held_->library.get();
  CmpContextPtr context(OSSL_CMP_CTX_new(library, library != nullptr ? held_->properties.c_str() : nullptr));
  if (context && OSSL_CMP_CTX_set1_pkey(context.get(), held_->key.get()) != 1) return nullptr;
  return context;
}

std::span<const std::string_view> key_troubles() {
  static constexpr std::array<std::string_view, 9> all{"no_provider", "no_conf", "unopened",
                                                       "no_key",      "several", "pin_missing",
                                                       "pin_refused", "foreign", "silent"};
  return all;
}

}  // namespace madoguchi::authority
