// Keys and certificates made for a test, and a card made of software.
#pragma once

#include <openssl/evp.h>

#include <string>

#include "authority/authority.hpp"
#include "authority/cmp.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority::test {

struct Identity {
  KeyPtr key;
  CertificatePtr certificate;
};

enum class Use { ca, end_entity, ocsp_signer };

KeyPtr new_rsa_key();
KeyPtr new_ec_key();
NamePtr name_of(const std::string& common_name);

// Valid from an hour ago for ten days; under its own key when `issuer` is null. `dns`: subjectAltName, if
// any.
CertificatePtr certify(const std::string& common_name, EVP_PKEY& key, const Identity* issuer, Use use,
                       const std::string& dns = {});
Identity new_identity(const std::string& common_name, const Identity* issuer, Use use,
                      const std::string& dns = {});

base::Bytes certificate_pem(const X509& certificate);
base::Bytes key_pem(const EVP_PKEY& key);
inline base::Bytes der_of(const X509& certificate) {
  return to_der(&certificate, i2d_X509);
}
base::Bytes spki_of(const EVP_PKEY& key);

// What stands at the two ends of CMP. Made once a program, since keys take time.
struct Pki {
  Identity root = new_identity("root", nullptr, Use::ca);
  Identity issuing = new_identity("issuing", nullptr, Use::ca);
  Identity server = new_identity("cmp-server", &root, Use::end_entity);
  Identity counter = new_identity("counter", &root, Use::end_entity);
};
const Pki& pki();

// RSA-2048 keys of "cards"; the same number gives the same key.
EVP_PKEY& card_key(std::size_t number);

// PKCS#1 v1.5 (or ECDSA) over SHA-256: what a card makes of a DigestInfo.
base::Bytes card_signs(EVP_PKEY& key, base::ByteView to_be_signed);

Enrolment enrolment_for(EVP_PKEY& key);
CmpSettings settings_for(BodyType body);
std::unique_ptr<Authority> authority_for(BodyType body);

}  // namespace madoguchi::authority::test
