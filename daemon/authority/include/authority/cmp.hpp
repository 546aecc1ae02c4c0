// The authority port spoken as CMP (RFC 4210, profile RFC 9483) to a certification authority, with the
// counter as registration authority: the counter's key protects every message, the card's own key proves its
// possession.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "authority/authority.hpp"

namespace madoguchi::authority {

// What carries the request; a setting for each authority.
enum class BodyType : std::uint8_t {
  cr,     // certificate request naming the old certificate by oldCertID (RFC 9483 5.3.1); what a strict CA
          // expects
  p10cr,  // PKCS#10: neither the old certificate nor the last day can be told
  kur,    // key update request signed by the counter; some authorities ask for it, RFC 9483 4.1.3 forbids it
};

struct CmpSettings {
  BodyType body = BodyType::cr;
  // The counter's certificate as DER, or as PEM with the certificates of its issuers behind it.
  base::Bytes ra_certificate;
  // The counter's private key as PEM without a password. Overwritten once parsed, whatever comes of it.
  base::Bytes ra_key;
  // Certificates under which the authority's CMP signer must be: DER, or PEM with any number of them. Where
  // the counter's own certificate is under the same ones, `expected_sender` has to be set as well.
  base::Bytes trusted;
  // Subject of the authority's CMP signer as `/C=JP/O=.../CN=...` (`\/` for a slash inside); empty: any
  // trusted one.
  std::string expected_sender;
  // Recipient named in the messages, same form; empty: the expected sender, else the issuer of the counter's
  // certificate.
  std::string recipient;
};

// The certificates in `pem_or_der` as DER, one after another; empty when there are none.
std::vector<base::Bytes> certificates_in(base::ByteView pem_or_der);

// invalid_params with details.pointer naming the setting (e.g. `/ra_key`) when one cannot be used. The result
// may be used from any thread.
base::Result<std::unique_ptr<Authority>> make_cmp_authority(CmpSettings settings);

}  // namespace madoguchi::authority
