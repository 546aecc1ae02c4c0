// The card's proof of possession: what it signs, how its signature becomes a request, and the guard on that
// request.
#pragma once

#include "authority/authority.hpp"
#include "authority/cmp.hpp"

namespace madoguchi::authority {

// The DER that the card signs: CertRequest (RFC 4211) or CertificationRequestInfo (RFC 2986). The same
// enrolment gives the same bytes.
base::Result<base::Bytes> proof_input(BodyType type, const Enrolment& enrolment);

// CertReqMsg or CertificationRequest. Checked by check_request().
base::Result<base::Bytes> assemble_request(BodyType type, const Enrolment& enrolment,
                                           base::ByteView to_be_signed, base::ByteView signature);

// That `request` carries the enrolment's key and subject and a signature by that key over itself;
// authority.mismatch otherwise. OpenSSL fills fields that are missing with the counter's own key and name.
base::Result<void> check_request(BodyType type, const Enrolment& enrolment, base::ByteView request);

}  // namespace madoguchi::authority
