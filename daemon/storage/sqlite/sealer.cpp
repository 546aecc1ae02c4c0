#include "sqlite/sealer.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "base/bytes.hpp"

namespace madoguchi::storage {
namespace {

// A sealed value: mark (form, id of the key), nonce, what is sealed, tag. The form is the first byte, so that
// another one can come.
constexpr char sealed_form = 1;
constexpr std::size_t mark_size = 9;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t pseudonym_size = 16;

unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
int size(std::string_view text) {
  return static_cast<int>(text.size());
}

void must(bool done, const char* what) {
  if (done) return;
  ERR_clear_error();
  throw std::runtime_error(what);
}

std::string mark_of(const std::string& id) {
  std::string mark(1, sealed_form);
  const auto raw = base::from_hex(id).value();
  mark.append(raw.begin(), raw.end());
  return mark;
}

// With the place before the value: a column's name has no zero byte, so no two places read alike.
bool tell_place(EVP_CIPHER_CTX* context, Spot spot, std::string_view mark) {
  constexpr std::string_view end("\0", 1);
  for (const auto part : {mark, spot.column, end, spot.row}) {
    int ignored = 0;
    if (EVP_CipherUpdate(context, nullptr, &ignored, bytes(part), size(part)) != 1) return false;
  }
  return true;
}

}  // namespace

void Sealer::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Sealer::Sealer(const std::vector<SealingKey>& keys) {
  for (const auto& key : keys) {
    for (const bool seals : {true, false}) {
      if (seals && sealing_) continue;
      Context context(EVP_CIPHER_CTX_new());
      must(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.reveal().data(), nullptr,
                             seals ? 1 : 0) == 1,
           "AES-256-GCM");
      if (seals) {
        sealing_ = std::move(context);
        mark_ = mark_of(key.id());
      } else {
        opening_.try_emplace(mark_of(key.id()), std::move(context));
      }
    }
    ids_.push_back(key.id());
  }
}

Sealer::~Sealer() = default;

std::string Sealer::seal(Spot spot, std::string_view text) {
  std::string sealed = mark_;
  sealed.resize(mark_size + nonce_size + text.size() + tag_size);
  auto* nonce = bytes(sealed) + mark_size;
  auto* body = nonce + nonce_size;
  must(RAND_bytes(nonce, nonce_size) == 1, "RAND_bytes");
  auto* context = sealing_.get();
  int written = 0;
  int rest = 0;
  must(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce) == 1 &&
           tell_place(context, spot, mark_) &&
           EVP_EncryptUpdate(context, body, &written, bytes(text), size(text)) == 1 &&
           EVP_EncryptFinal_ex(context, body + written, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_size, body + text.size()) == 1,
       "AES-256-GCM");
  return sealed;
}

std::optional<std::string> Sealer::open(Spot spot, std::string_view sealed) {
  if (sealed.size() < mark_size + nonce_size + tag_size) return std::nullopt;
  const auto mark = sealed.substr(0, mark_size);
  const auto found = opening_.find(mark);
  if (found == opening_.end()) return std::nullopt;
  const auto nonce = sealed.substr(mark_size, nonce_size);
  const auto body = sealed.substr(mark_size + nonce_size, sealed.size() - mark_size - nonce_size - tag_size);
  std::string tag(sealed.substr(sealed.size() - tag_size));
  std::string text(body.size(), '\0');
  auto* context = found->second.get();
  int written = 0;
  int rest = 0;
  const bool whole = EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, bytes(nonce)) == 1 &&
                     tell_place(context, spot, mark) &&
                     EVP_DecryptUpdate(context, bytes(text), &written, bytes(body), size(body)) == 1 &&
                     EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
                     EVP_DecryptFinal_ex(context, bytes(text) + written, &rest) == 1;
  if (whole) return text;
  ERR_clear_error();
  base::wipe(text.data(), text.size());
  return std::nullopt;
}

std::string Sealer::pseudonym(std::string_view text) const {
  if (text.empty()) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int written = 0;
  const auto key = lookup_.reveal();
  must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), digest.data(),
            &written) != nullptr,
       "HMAC");
  return {digest.begin(), digest.begin() + pseudonym_size};
}

}  // namespace madoguchi::storage
