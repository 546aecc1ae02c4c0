// Does whoever issued a certificate stand by it? OCSP (RFC 6960) as a codec: bytes in, bytes out; no I/O.
#pragma once

#include "authority/standing.hpp"
#include "base/result.hpp"

namespace madoguchi::authority {

// An OCSPRequest with that nonce (RFC 8954: 1 to 32 bytes). authority.mismatch when none of the issuers has
// signed the certificate.
base::Result<base::Bytes> make_status_request(const StatusOf& about, base::ByteView nonce);

// What the answer to that request says. Believed only when signed by the certificate's own issuer, or by
// somebody whom that has certified for it (id-kp-OCSPSigning), when it is about this certificate, repeats the
// nonce (or is as fresh as one that did) and counts at `now`; authority.mismatch otherwise.
// authority.unreachable when the responder says that it cannot tell just now: such an answer is unsigned and
// decides nothing.
base::Result<Statement> read_status(const StatusOf& about, base::ByteView request, base::ByteView response,
                                    base::Instant now);

}  // namespace madoguchi::authority
