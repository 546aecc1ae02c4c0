#include "crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_card {
namespace {

using simulated_issuer::Handle;
using simulated_issuer::KeyHandle;
using ContextHandle = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using PrivateKeyInfo = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

constexpr std::size_t modulus_size = 256;
// PKCS#1 v1.5 needs 11 bytes of padding.
constexpr std::size_t max_verbatim = modulus_size - 11;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(simulated_issuer::openssl_fault(what).inner);
}

KeyHandle parse(base::ByteView private_key) {
  const unsigned char* at = private_key.data();
  KeyHandle key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(private_key.size())));
  if (!key) fail("d2i_AutoPrivateKey");
  return key;
}

base::Bytes sign_padded(EVP_PKEY* key, int padding, bool with_info, base::ByteView data) {
  const ContextHandle context(EVP_PKEY_CTX_new(key, nullptr));
  if (!context || EVP_PKEY_sign_init(context.get()) != 1) fail("EVP_PKEY_sign_init");
  if (EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1) fail("padding");
  if (with_info && EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) != 1) fail("digest");
  if (padding == RSA_PKCS1_PSS_PADDING &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) != 1) {
    fail("salt length");
  }
  base::Bytes signature(modulus_size);
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, data.data(), data.size()) != 1) {
    fail("EVP_PKEY_sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace

base::Bytes hmac_sha256(base::ByteView key, base::ByteView message) {
  base::Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
           digest.data(), &size) == nullptr) {
    fail("HMAC");
  }
  digest.resize(size);
  return digest;
}

base::Bytes generate_rsa_2048() {
  const auto key = simulated_issuer::make_rsa_key();
  if (!key) fail("make_rsa_key");
  const PrivateKeyInfo info(EVP_PKEY2PKCS8(key.get()));
  auto der = simulated_issuer::to_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
  if (der.empty()) fail("i2d_PKCS8_PRIV_KEY_INFO");
  return der;
}

base::Bytes public_key_info(base::ByteView private_key) {
  auto der = simulated_issuer::to_der(parse(private_key).get(), i2d_PUBKEY);
  if (der.empty()) fail("i2d_PUBKEY");
  return der;
}

base::Bytes modulus(base::ByteView private_key) {
  const auto key = parse(private_key);
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_RSA_N, &number) != 1) fail("modulus");
  base::Bytes bytes(modulus_size);
  const int written = BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size()));
  BN_free(number);
  if (written < 0) fail("BN_bn2binpad");
  return bytes;
}

std::optional<base::Bytes> sign(base::ByteView private_key, SignatureForm form, base::ByteView data) {
  base::Sha256 digest{};
  switch (form) {
    case SignatureForm::verbatim:
      if (data.empty() || data.size() > max_verbatim) return std::nullopt;
      break;
    case SignatureForm::digest_with_info:
    case SignatureForm::digest_pss:
      if (data.size() != digest.size()) return std::nullopt;
      break;
    case SignatureForm::hash_bare:
    case SignatureForm::hash_with_info:
    case SignatureForm::hash_pss:
      if (data.empty()) return std::nullopt;
      digest = base::sha256(data);
      data = digest;
      break;
  }
  const auto key = parse(private_key);
  const bool pss = form == SignatureForm::digest_pss || form == SignatureForm::hash_pss;
  const bool bare = form == SignatureForm::verbatim || form == SignatureForm::hash_bare;
  return sign_padded(key.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING, !bare, data);
}

}  // namespace madoguchi::simulated_card
