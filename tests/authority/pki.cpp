#include "pki.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace madoguchi::authority::test {
namespace {

void must(bool done) {
  if (!done) throw std::runtime_error(take_errors().text);
}

void add_extension(X509& certificate, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  must(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

base::Bytes contents(BIO& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&memory, &data);
  return {data, data + size};
}

}  // namespace

KeyPtr new_rsa_key() {
  return KeyPtr(EVP_RSA_gen(2048));
}
KeyPtr new_ec_key() {
  return KeyPtr(EVP_EC_gen("P-256"));
}

NamePtr name_of(const std::string& common_name) {
  NamePtr name(X509_NAME_new());
  const auto add = [&](const char* type, const std::string& value) {
    must(X509_NAME_add_entry_by_txt(name.get(), type, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0) == 1);
  };
  add("C", "JP");
  add("O", "JPKI-TEST");
  add("CN", common_name);
  return name;
}

CertificatePtr certify(const std::string& common_name, EVP_PKEY& key, const Identity* issuer, Use use,
                       const std::string& dns) {
  static std::atomic<long> serial = 1000;
  CertificatePtr certificate(X509_new());
  X509& self = *certificate;
  X509& above = issuer ? *issuer->certificate : self;
  const auto subject = name_of(common_name);
  must(X509_set_version(&self, X509_VERSION_3) == 1 &&
       ASN1_INTEGER_set(X509_get_serialNumber(&self), serial++) == 1 &&
       X509_set_subject_name(&self, subject.get()) == 1 &&
       X509_set_issuer_name(&self, issuer ? X509_get_subject_name(&above) : subject.get()) == 1 &&
       X509_gmtime_adj(X509_getm_notBefore(&self), -3600) != nullptr &&
       X509_gmtime_adj(X509_getm_notAfter(&self), 10L * 24 * 3600) != nullptr &&
       X509_set_pubkey(&self, &key) == 1);
  add_extension(self, above, NID_basic_constraints,
                use == Use::ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (use == Use::ocsp_signer) add_extension(self, above, NID_ext_key_usage, "OCSPSigning");
  if (!dns.empty()) add_extension(self, above, NID_subject_alt_name, "DNS:" + dns);
  must(X509_sign(&self, issuer ? issuer->key.get() : &key, EVP_sha256()) > 0);
  return certificate;
}

Identity new_identity(const std::string& common_name, const Identity* issuer, Use use,
                      const std::string& dns) {
  auto key = new_ec_key();
  auto certificate = certify(common_name, *key, issuer, use, dns);
  return {std::move(key), std::move(certificate)};
}

base::Bytes certificate_pem(const X509& certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_X509(memory.get(), &certificate) == 1);
  return contents(*memory);
}

base::Bytes key_pem(const EVP_PKEY& key) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return contents(*memory);
}

base::Bytes spki_of(const EVP_PKEY& key) {
  return to_der(&key, i2d_PUBKEY);
}

const Pki& pki() {
  static const Pki made;
  return made;
}

EVP_PKEY& card_key(std::size_t number) {
  static const std::array keys{new_rsa_key(), new_rsa_key()};
  return *keys.at(number);
}

base::Bytes card_signs(EVP_PKEY& key, base::ByteView to_be_signed) {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  must(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
       EVP_DigestSign(context.get(), nullptr, &size, to_be_signed.data(), to_be_signed.size()) == 1);
  base::Bytes signature(size);
  must(EVP_DigestSign(context.get(), signature.data(), &size, to_be_signed.data(), to_be_signed.size()) == 1);
  signature.resize(size);
  return signature;
}

Enrolment enrolment_for(EVP_PKEY& key) {
  static const CertificatePtr old = certify("citizen", *new_ec_key(), &pki().issuing, Use::end_entity);
  using namespace std::chrono;
  return {.spki = spki_of(key),
          .subject_der = to_der(X509_get_subject_name(old.get()), i2d_X509_NAME),
          .old_certificate = der_of(*old),
          .last_day = year(2031) / May / 5};
}

CmpSettings settings_for(BodyType body) {
  return {.body = body,
          .ra_certificate = certificate_pem(*pki().counter.certificate),
          .ra_key = key_pem(*pki().counter.key),
          .trusted = certificate_pem(*pki().root.certificate),
          .expected_sender = "/C=JP/O=JPKI-TEST/CN=cmp-server",
          .recipient = {}};
}

std::unique_ptr<Authority> authority_for(BodyType body) {
  auto made = make_cmp_authority(settings_for(body));
  if (!made) throw std::runtime_error(base::describe(made.error()));
  return std::move(*made);
}

}  // namespace madoguchi::authority::test
