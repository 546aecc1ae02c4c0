// Does whoever issued a certificate stand by it? OCSP (RFC 6960) as a codec: bytes in, bytes out; no I/O.
#pragma once

#include <chrono>
#include <vector>

#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/result.hpp"

namespace madoguchi::authority {

enum class Standing : std::uint8_t {
  good,
  revoked,
  // The responder does not know it, or answers with what it knew before the certificate began; also a hold,
  // which may be lifted (RFC 5280 5.3.1): nothing to rely on either way.
  unknown,
};

// What is asked about: the certificate, DER, and those that may have issued it, DER.
struct StatusOf {
  base::ByteView certificate;
  const std::vector<base::Bytes>& issuers;
};

// An OCSPRequest with that nonce (RFC 8954: 1 to 32 bytes). authority.mismatch when none of the issuers has
// signed the certificate.
base::Result<base::Bytes> make_status_request(const StatusOf& about, base::ByteView nonce);

// How far the responder's clock may be off, and how old an answer may be that does not repeat the nonce or
// does not say until when it counts.
constexpr std::chrono::minutes status_skew{5};

// What the answer to that request says. Believed only when signed by the certificate's own issuer, or by
// somebody whom that has certified for it (id-kp-OCSPSigning), when it is about this certificate, repeats the
// nonce (or is as fresh as one that did) and counts at `now`; authority.mismatch otherwise.
// authority.unreachable when the responder says that it cannot tell just now: such an answer is unsigned and
// decides nothing.
base::Result<Standing> read_status(const StatusOf& about, base::ByteView request, base::ByteView response,
                                   base::Instant now);

}  // namespace madoguchi::authority
