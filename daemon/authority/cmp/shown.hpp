// What an authority shows of its CAs.
#pragma once

#include "authority/authority.hpp"
#include "cmp/openssl.hpp"

namespace madoguchi::authority {

// Puts the question into the general message that this context is about to send.
bool ask_for_issuers(OSSL_CMP_CTX& context);

// What came with the last answer, once OpenSSL has believed it in this context.
ShownIssuers shown_with(const OSSL_CMP_CTX& context, const Conversation& conversation);

}  // namespace madoguchi::authority
