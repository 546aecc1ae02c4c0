// What OpenSSL 3.0 has no public reader for: names of bodies and failures, and fields inside CMP and CRMF
// messages.
#pragma once

#include <openssl/cmp.h>
#include <openssl/crmf.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "issuing.hpp"
#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_ca {

using MessageHandle = simulated_issuer::Handle<OSSL_CMP_MSG, OSSL_CMP_MSG_free>;

// PKIBody's alternatives that matter here; cmp.h names only some of them (RFC 4210 5.1.2).
namespace body {
inline constexpr int ir = 0, cr = 2, p10cr = 4, kur = 7, rr = 11, genm = 21, error = 23, cert_conf = 24,
                     poll_req = 25;
}

// "cr", "certConf" ...; "other" for what a server is not asked.
std::string_view body_name(int body);
bool is_request_body(std::string_view name);
// The bit of PKIFailureInfo by its name.
std::optional<int> failure_bit(std::string_view name);

std::string transaction_of(const OSSL_CMP_MSG* message);  // hexadecimal; empty when absent
base::Bytes sender_nonce_of(base::ByteView message);      // empty when absent
base::Bytes sender_of(base::ByteView message);            // its name, DER; empty when it is no name
int status_of(const OSSL_CMP_PKISI* info);                // PKIStatus; -1 when it cannot be read
// CRLReason of a revocation request's first entry; 0 (unspecified) when there is none.
int revocation_reason(base::ByteView message);

// What a ir, cr or kur asks for; nullopt when it has no public key or subject.
std::optional<CertificateRequest> read_request(const OSSL_CRMF_MSG* request);
std::optional<CertificateRequest> read_request(const X509_REQ* request);

// `message` as an answer to another request: another recipNonce, protected anew with `key`. Empty when that
// cannot be.
base::Bytes answer_to_another(base::ByteView message, EVP_PKEY* key);
// `message`, an error, as the refusal of whoever has signed the request (signerNotTrusted), protected anew
// with `key`. Empty when that cannot be.
base::Bytes refusing_signer(base::ByteView message, EVP_PKEY* key);
// `message` with one bit of its protection flipped; empty when it has none.
base::Bytes with_broken_signature(base::ByteView message);

}  // namespace madoguchi::simulated_ca
