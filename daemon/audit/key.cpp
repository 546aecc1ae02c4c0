#include "audit/key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace madoguchi::audit {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using Bio = std::unique_ptr<BIO, FreeBio>;

constexpr std::size_t public_size = 32;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

base::Fault no_key() {
  ERR_clear_error();
  return base::make_fault(base::Code::internal, "not an Ed25519 key in PEM");
}

Bio reader(std::string_view pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::string content(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// Of a key that is protected by a password nobody is asked for one.
int no_password(char*, int, int, void*) {
  return -1;
}

}  // namespace

struct PublicKey::Inside {
  Key key;
  std::string id;
};

namespace {

base::Result<std::shared_ptr<const PublicKey::Inside>> taken(Key key) {
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return no_key();
  base::Bytes raw(public_size);
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1 || size != public_size) return no_key();
  return std::make_shared<const PublicKey::Inside>(
      PublicKey::Inside{std::move(key), base::to_hex(base::sha256(raw))});
}

}  // namespace

base::Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  const auto bio = reader(pem);
  auto inside = taken(Key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr)));
  if (!inside) return inside.error();
  return PublicKey(std::move(*inside));
}

std::string PublicKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PUBKEY(bio.get(), inside_->key.get()) != 1)
    throw std::runtime_error("PEM_write_bio_PUBKEY");
  return content(bio.get());
}

std::string PublicKey::id() const {
  return inside_->id;
}

bool PublicKey::verifies(std::string_view text, base::ByteView signature) const {
  const Context context(EVP_MD_CTX_new());
  const bool verified =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, inside_->key.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(text), text.size()) == 1;
  ERR_clear_error();
  return verified;
}

SigningKey SigningKey::generate() {
  auto inside = taken(Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
  if (!inside) throw std::runtime_error("no Ed25519 key can be made");
  return SigningKey(std::move(*inside));
}

base::Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  const auto bio = reader(pem);
  auto inside = taken(Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)));
  if (!inside) return inside.error();
  return SigningKey(std::move(*inside));
}

std::string SigningKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), inside_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
      1)
    throw std::runtime_error("PEM_write_bio_PKCS8PrivateKey");
  return content(bio.get());
}

base::Bytes SigningKey::sign(std::string_view text) const {
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 64;
  base::Bytes signature(size);
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, inside_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(text), text.size()) != 1)
    throw std::runtime_error("EVP_DigestSign");
  signature.resize(size);
  return signature;
}

}  // namespace madoguchi::audit
