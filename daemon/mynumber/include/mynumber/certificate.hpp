// A certificate's facts that renewal needs, read from its DER form.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"

namespace madoguchi::mynumber {

struct Certificate {
  base::Bytes der;
  base::Bytes spki;        // SubjectPublicKeyInfo, DER
  std::string serial;      // hexadecimal, lower case, no leading zeros
  std::string issuer;      // RFC 2253, UTF-8
  std::string subject;     // RFC 2253, UTF-8
  base::Bytes issuer_der;  // Name, DER
  base::Bytes subject_der;
  base::Instant not_before;
  base::Instant not_after;
  base::Date issued_on;  // not_before's date in Japan
  base::Date last_day;   // last day on which it is valid in Japan (not_after is 23:59:59 of that day)
  int key_bits = 0;
  base::Bytes key_usage;  // the extensions' values, DER; empty: it has none
  base::Bytes extended_key_usage;
};

// Exactly one certificate; bytes behind it are an error. card.unknown on anything else.
base::Result<Certificate> parse_certificate(base::ByteView der);

// Is one of those certificates its issuer: by name, and by the key that signed it? Generations of an issuer
// have one name, so that only the key tells them apart. What is no certificate is nobody's issuer.
bool issued_by(base::ByteView der, const std::vector<base::Bytes>& issuers);
// Those of the certificates that have its issuer's name, whichever of them has signed it.
std::vector<base::Bytes> generations_of_issuer(base::ByteView der,
                                               const std::vector<base::Bytes>& certificates);

// `signature` over the SHA-256 digest `digest` by PKCS#1 v1.5 under `spki`?
bool verifies(base::ByteView spki, const base::Sha256& digest, base::ByteView signature);

}  // namespace madoguchi::mynumber
