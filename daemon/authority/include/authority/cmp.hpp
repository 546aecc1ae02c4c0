// The authority port spoken as CMP (RFC 4210, profile RFC 9483) to a certification authority, with the
// counter as registration authority: the counter's key protects every message, the card's own key proves its
// possession.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/secret.hpp"

namespace madoguchi::authority {

// What carries the request; a setting for each authority.
enum class BodyType : std::uint8_t {
  cr,     // certificate request naming the old certificate by oldCertID (RFC 9483 5.3.1); what a strict CA
          // expects
  p10cr,  // PKCS#10: neither the old certificate nor the last day can be told
  kur,    // key update request signed by the counter; some authorities ask for it, RFC 9483 4.1.3 forbids it
};

// A private key that never leaves its HSM or TPM: opened and used by OpenSSL's providers.
struct KeyStore {
  std::string uri;                          // e.g. pkcs11:token=ra;object=ra or handle:0x81000001?pass
  std::vector<std::string> providers;       // loaded beside `default`, by name
  std::string modules;                      // folder of the providers; empty: OpenSSL's own
  std::string openssl_conf;                 // file with the providers' own parameters; empty: none
  std::shared_ptr<const base::Secret> pin;  // null: none
};

struct CmpSettings {
  BodyType body = BodyType::cr;
  // The counter's certificate as DER, or as PEM with the certificates of its issuers behind it.
  base::Bytes ra_certificate;
  // The counter's private key as PEM without a password. Overwritten once parsed, whatever comes of it.
  base::Bytes ra_key;
  // Instead of ra_key.
  std::optional<KeyStore> ra_key_store = std::nullopt;
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

// What can be the matter with a key in a store, as it stands in a fault's details.trouble.
std::span<const std::string_view> key_troubles();

// invalid_params with details.pointer naming the setting (e.g. `/ra_key`) when one cannot be used;
// forbidden when the PIN of a key store was refused. The result may be used from any thread.
base::Result<std::unique_ptr<Authority>> make_cmp_authority(CmpSettings settings);

}  // namespace madoguchi::authority
