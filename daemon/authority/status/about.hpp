// A certificate and whoever issued it, and OpenSSL's times against the clock.
#pragma once

#include "authority/standing.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority {

struct Pair {
  CertificatePtr certificate;
  CertificatePtr issuer;
};

// authority.mismatch when none of the issuers has signed the certificate; details.doubt tells that apart.
base::Result<Pair> parsed(const StatusOf& about);

base::Fault not_believed(std::string why, Doubt doubt = Doubt::unbelieved);
// Of a fault of this room.
Doubt doubt_of(const base::Fault& fault);

// No time at all is neither.
bool before(const ASN1_TIME* time, base::Instant instant);
bool after(const ASN1_TIME* time, base::Instant instant);
time_t seconds(base::Instant instant);
// nullopt: not a time.
std::optional<base::Instant> instant_of(const ASN1_TIME* time);

// "Good" may mean no more than "not on my list" (RFC 6960 2.2): one from before the certificate says nothing.
bool precedes(const ASN1_TIME* made, const X509& certificate);

}  // namespace madoguchi::authority
