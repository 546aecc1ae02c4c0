// Is a certificate good? OCSP (RFC 6960) and CRLs (RFC 5280) from the register.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulated_issuer/ca_folder.hpp"
#include "simulated_issuer/register.hpp"

namespace madoguchi::simulated_ca {

// An OCSPResponse: good, revoked, or unknown for a serial never issued; signed by the responder of the CA
// that the request names, its nonce copied. "malformedRequest" or "unauthorized" (neither CA is named),
// unsigned, otherwise.
base::Result<base::Bytes> answer_ocsp(const simulated_issuer::CaFolder& folder,
                                      const simulated_issuer::Register& issued, base::ByteView request,
                                      base::Instant now);

// That CA's complete CRL, DER, good for a day.
base::Result<base::Bytes> make_crl(const simulated_issuer::CaFolder& folder,
                                   const simulated_issuer::Register& issued, simulated_issuer::Kind kind,
                                   base::Instant now);

}  // namespace madoguchi::simulated_ca
