#include "support/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace madoguchi::mynumber::testing {
namespace {

template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

void require(bool good) {
  if (!good) throw std::runtime_error("OpenSSL failed while a test certificate was made");
}

EVP_PKEY* test_key() {
  static const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(EVP_RSA_gen(2048));
  require(key != nullptr);
  return key.get();
}

void add(X509_NAME* name, const char* field, const std::string& value) {
  require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0) == 1);
}

void set_serial(X509* x509, const std::string& hex) {
  BIGNUM* number = nullptr;
  require(BN_hex2bn(&number, hex.c_str()) != 0);
  const std::unique_ptr<BIGNUM, Free<BN_free>> owned(number);
  require(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nullptr);
}

void set_time(ASN1_TIME* time, const std::string& text) {
  require(ASN1_TIME_set_string_X509(time, text.c_str()) == 1);
}

void pad(X509* x509, std::size_t size) {
  if (size == 0) return;
  const std::string comment(size, 'x');
  const std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>> value(ASN1_OCTET_STRING_new());
  require(ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(comment.data()),
                                static_cast<int>(comment.size())) == 1);
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509_EXTENSION_create_by_NID(nullptr, NID_netscape_comment, 0, value.get()));
  require(extension && X509_add_ext(x509, extension.get(), -1) == 1);
}

}  // namespace

base::Bytes make_certificate(const CertificateForm& form) {
  const std::unique_ptr<X509, Free<X509_free>> x509(X509_new());
  require(x509 != nullptr && X509_set_version(x509.get(), X509_VERSION_3) == 1);
  set_serial(x509.get(), form.serial);
  set_time(X509_getm_notBefore(x509.get()), form.not_before);
  set_time(X509_getm_notAfter(x509.get()), form.not_after);
  const std::unique_ptr<X509_NAME, Free<X509_NAME_free>> subject(X509_NAME_new());
  add(subject.get(), "C", "JP");
  if (!form.locality.empty()) add(subject.get(), "L", form.locality);
  add(subject.get(), "CN", form.common_name);
  const std::unique_ptr<X509_NAME, Free<X509_NAME_free>> issuer(X509_NAME_new());
  add(issuer.get(), "C", "JP");
  add(issuer.get(), "O", "JPKI-TEST");
  require(X509_set_subject_name(x509.get(), subject.get()) == 1);
  require(X509_set_issuer_name(x509.get(), issuer.get()) == 1);
  require(X509_set_pubkey(x509.get(), test_key()) == 1);
  pad(x509.get(), form.padding);
  require(X509_sign(x509.get(), test_key(), EVP_sha256()) > 0);
  base::Bytes der(static_cast<std::size_t>(i2d_X509(x509.get(), nullptr)));
  unsigned char* at = der.data();
  i2d_X509(x509.get(), &at);
  return der;
}

base::Bytes test_public_key() {
  base::Bytes der(static_cast<std::size_t>(i2d_PUBKEY(test_key(), nullptr)));
  unsigned char* at = der.data();
  i2d_PUBKEY(test_key(), &at);
  return der;
}

base::Bytes test_signature(const base::Sha256& digest) {
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new(test_key(), nullptr));
  require(EVP_PKEY_sign_init(context.get()) == 1);
  require(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  require(EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1);
  base::Bytes signature(256);
  std::size_t size = signature.size();
  require(EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) == 1);
  return signature;
}

base::Bytes modulus_of(base::ByteView spki) {
  const unsigned char* at = spki.data();
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  require(key != nullptr);
  BIGNUM* n = nullptr;
  require(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_RSA_N, &n) == 1);
  const std::unique_ptr<BIGNUM, Free<BN_free>> owned(n);
  base::Bytes bytes(static_cast<std::size_t>(BN_num_bytes(n)));
  BN_bn2bin(n, bytes.data());
  return bytes;
}

}  // namespace madoguchi::mynumber::testing
