// The parts that certificates are put together from; null or false means that OpenSSL's error queue says why.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "simulated_issuer/handle.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_issuer {

struct NamePart {
  int nid;
  std::string_view value;  // UTF-8
};
NameHandle make_name(std::span<const NamePart> parts);

// A version 3 certificate with a random serial number, not yet signed.
CertificateHandle begin_certificate(const X509_NAME* subject, const X509_NAME* issuer, EVP_PKEY* key,
                                    base::Instant not_before, base::Instant not_after);
// `value` in OpenSSL's configuration syntax. `issuer` may be the certificate itself.
bool add_extension(X509* certificate, X509* issuer, int nid, const char* value);
// One distribution point, a directory name.
bool add_crl_point(X509* certificate, X509_NAME* name);
// subjectAltName: one directory name.
bool add_directory_name(X509* certificate, X509_NAME* name);
// subjectAltName: the holder's attributes, in the order of genuine certificates.
bool add_holder(X509* certificate, const Holder& holder);
// subjectAltName: a GeneralNames value as it is.
bool add_alternative_names(X509* certificate, base::ByteView general_names);
// sha256WithRSAEncryption.
bool sign_certificate(X509* certificate, EVP_PKEY* key);

}  // namespace madoguchi::simulated_issuer
