// What an authority's refusal means for the case.
#pragma once

#include <string>

namespace madoguchi::authority {

enum class Meaning : std::uint8_t {
  refused,    // as it stands the request will never be granted
  transient,  // the authority is there but cannot work now: the same request may succeed later
  reconcile,  // the authority may have acted on this before: a person must look
  already_revoked,
};

// `failure_bits` as OSSL_CMP_CTX_get_failInfoCode() gives them: bit n is PKIFailureInfo n; negative: none
// given.
Meaning meaning_of(int failure_bits);

// The names of RFC 4210 appendix F, e.g. `badPOP,badCertTemplate`; empty when none is given.
std::string failure_names(int failure_bits);

// Name of a PKIStatus; `unknown` for numbers RFC 4210 does not have.
std::string status_name(int status);

}  // namespace madoguchi::authority
