// Certificates of certification authorities, made for a test.
#pragma once

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/calendar.hpp"

namespace madoguchi::tests {

using KeyOfCa = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline KeyOfCa key_of_ca() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

// Self-signed, DER. Two with one name and two keys are two generations of one CA.
inline base::Bytes ca_certificate(const X509_NAME& name, EVP_PKEY& key, base::Instant from, base::Instant to,
                                  const char* constraints = "critical,CA:TRUE") {
  const auto seconds = [](base::Instant at) {
    return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
  };
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> basic(
      X509V3_EXT_nconf_nid(nullptr, nullptr, NID_basic_constraints, constraints), &X509_EXTENSION_free);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds(from));
  ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds(to));
  const bool whole = X509_set_version(made.get(), 2) == 1 && X509_set_subject_name(made.get(), &name) == 1 &&
                     X509_set_issuer_name(made.get(), &name) == 1 && X509_set_pubkey(made.get(), &key) == 1 &&
                     X509_add_ext(made.get(), basic.get(), -1) == 1 &&
                     X509_sign(made.get(), &key, EVP_sha256()) > 0;
  const int size = whole ? i2d_X509(made.get(), nullptr) : 0;
  if (size <= 0) throw std::runtime_error("a certificate could not be made");
  base::Bytes der(static_cast<std::size_t>(size));
  auto* at = der.data();
  i2d_X509(made.get(), &at);
  return der;
}

}  // namespace madoguchi::tests
