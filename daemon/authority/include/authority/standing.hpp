// What may be said of a certificate by whoever issued it, whichever way it is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/calendar.hpp"

namespace madoguchi::authority {

enum class Standing : std::uint8_t {
  good,
  revoked,
  unknown,  // nothing to rely on either way
};

// Why a certificate's standing is unknown.
enum class Doubt : std::uint8_t {
  none,          // it is known
  not_offered,   // neither a responder nor a list is configured
  other_issuer,  // none of the issuers that are known has signed it
  unreachable,   // no answer, or not in time
  unbelieved,    // an answer that is not signed by or for the issuer, or is not about this certificate
  out_of_date,   // the list's next update was due
  not_known,     // the responder does not know it
  on_hold,       // may be lifted (RFC 5280 5.3.1)
  before_it,     // what was known before the certificate began
  after_it,      // a list need not name what had ended before it was made (RFC 5280 3.3)
};

// Stable words for both, as programs read them.
std::string_view name(Standing standing);
std::string_view name(Doubt doubt);

struct Statement {
  Standing standing = Standing::unknown;
  Doubt doubt = Doubt::none;
  base::Instant as_of{};  // when that was so by the issuer's word (thisUpdate)
};

// What is asked about: the certificate, DER, and those that may have issued it, DER.
struct StatusOf {
  base::ByteView certificate;
  const std::vector<base::Bytes>& issuers;
};

// How far the issuer's clock may be off, and how old an answer may be that does not repeat the nonce or does
// not say until when it counts.
constexpr std::chrono::minutes status_skew{5};

}  // namespace madoguchi::authority
