#include "authority/ocsp.hpp"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "status/about.hpp"

namespace madoguchi::authority {
namespace {

using base::Code;

using RequestPtr = Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
using ResponsePtr = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicPtr = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using StatusIdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;

void free_stack(STACK_OF(X509) * certificates) {
  sk_X509_free(certificates);  // not what is on it
}
using StackPtr = Owned<STACK_OF(X509), free_stack>;

StatusIdPtr id_of(const Pair& pair) {
  // SHA-1 only names the issuer here; other digests are not understood by every responder (RFC 5019 2.1.1).
  return StatusIdPtr(OCSP_cert_to_id(EVP_sha1(), pair.certificate.get(), pair.issuer.get()));
}

// Signed by the issuer itself or by whom it has certified for that: nobody above it, and nobody beside it.
bool signed_for(OCSP_BASICRESP& basic, X509& issuer, base::Instant now) {
  const StorePtr store(X509_STORE_new());
  const StackPtr known(sk_X509_new_null());
  if (!store || !known || X509_STORE_add_cert(store.get(), &issuer) != 1 ||
      sk_X509_push(known.get(), &issuer) <= 0) {
    return false;
  }
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), seconds(now));
  return OCSP_basic_verify(&basic, known.get(), store.get(), OCSP_NOEXPLICIT) == 1;
}

struct Told {
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  ASN1_GENERALIZEDTIME* made = nullptr;   // these belong to the answer
  ASN1_GENERALIZEDTIME* until = nullptr;  // may be missing
};

base::Result<void> check_times(const Told& told, bool nonce_repeated, base::Instant now) {
  if (!before(told.made, now + status_skew)) return not_believed("from the future");
  if (told.until != nullptr && !after(told.until, now - status_skew)) return not_believed("no longer counts");
  const bool fresh = after(told.made, now - status_skew);
  if (!nonce_repeated && !fresh) return not_believed("old, and without the nonce");
  if (told.until == nullptr && !fresh) return not_believed("old, and without an end");
  return {};
}

Statement statement_of(const Told& told, const X509& certificate, base::Instant now) {
  const auto as_of = instant_of(told.made).value_or(now);
  if (told.status == V_OCSP_CERTSTATUS_REVOKED) {
    if (told.reason != OCSP_REVOKED_STATUS_CERTIFICATEHOLD) return {Standing::revoked, Doubt::none, as_of};
    return {Standing::unknown, Doubt::on_hold, as_of};
  }
  if (told.status != V_OCSP_CERTSTATUS_GOOD) return {Standing::unknown, Doubt::not_known, as_of};
  if (precedes(told.made, certificate)) return {Standing::unknown, Doubt::before_it, as_of};
  return {Standing::good, Doubt::none, as_of};
}

base::Result<BasicPtr> basic_of(base::ByteView response) {
  const auto whole = from_der<ResponsePtr>(response, d2i_OCSP_RESPONSE);
  if (!whole) return not_believed("not an OCSP answer");
  const int status = OCSP_response_status(whole.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return base::make_fault(Code::authority_unreachable,
                            std::string("the OCSP responder says ") + OCSP_response_status_str(status));
  }
  BasicPtr basic(OCSP_response_get1_basic(whole.get()));
  if (!basic) return not_believed("an OCSP answer of another kind");
  return basic;
}

}  // namespace

base::Result<base::Bytes> make_status_request(const StatusOf& about, base::ByteView nonce) {
  const auto pair = parsed(about);
  if (!pair) return pair.error();
  const RequestPtr request(OCSP_REQUEST_new());
  auto id = id_of(*pair);
  base::Bytes copy(nonce.begin(), nonce.end());
  if (!request || !id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
    return library_fault(Code::internal, "make an OCSP request");
  }
  static_cast<void>(id.release());
  if (OCSP_request_add1_nonce(request.get(), copy.data(), static_cast<int>(copy.size())) != 1) {
    return library_fault(Code::internal, "make an OCSP request");
  }
  return to_der(request.get(), i2d_OCSP_REQUEST);
}

base::Result<Statement> read_status(const StatusOf& about, base::ByteView request, base::ByteView response,
                                    base::Instant now) {
  const auto pair = parsed(about);
  if (!pair) return pair.error();
  const auto asked = from_der<RequestPtr>(request, d2i_OCSP_REQUEST);
  const auto id = id_of(*pair);
  if (!asked || !id) return library_fault(Code::internal, "not an OCSP request");
  const auto basic = basic_of(response);
  if (!basic) return basic.error();
  const int nonce = OCSP_check_nonce(asked.get(), basic->get());
  if (nonce == 0) return not_believed("another nonce");
  if (!signed_for(**basic, *pair->issuer, now)) return not_believed("not signed by or for the issuer");
  Told told;
  if (OCSP_resp_find_status(basic->get(), id.get(), &told.status, &told.reason, nullptr, &told.made,
                            &told.until) != 1) {
    return not_believed("about another certificate");
  }
  if (const auto counts = check_times(told, nonce == 1, now); !counts) return counts.error();
  return statement_of(told, *pair->certificate, now);
}

}  // namespace madoguchi::authority
