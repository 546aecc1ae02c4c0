#include "simulated_ca/certificate_status.hpp"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "simulated_issuer/handle.hpp"

namespace madoguchi::simulated_ca {
namespace {

using simulated_issuer::CaFolder;
using simulated_issuer::Entry;
using simulated_issuer::from_der;
using simulated_issuer::Handle;
using simulated_issuer::Kind;
using simulated_issuer::openssl_fault;
using simulated_issuer::Register;
using simulated_issuer::to_der;

using OcspRequestHandle = Handle<OCSP_REQUEST, OCSP_REQUEST_free>;
using OcspResponseHandle = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using OcspBasicHandle = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertIdHandle = Handle<OCSP_CERTID, OCSP_CERTID_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using RevokedHandle = Handle<X509_REVOKED, X509_REVOKED_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using ReasonHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

constexpr auto crl_lifetime = std::chrono::hours(24);
constexpr auto ocsp_lifetime = std::chrono::minutes(5);

TimeHandle time_of(base::Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  return TimeHandle(ASN1_TIME_set(nullptr, static_cast<time_t>(seconds)));
}

base::Result<base::Bytes> unsigned_answer(int status) {
  const OcspResponseHandle answer(OCSP_response_create(status, nullptr));
  if (!answer) return openssl_fault("make an OCSP answer");
  return to_der(answer.get(), i2d_OCSP_RESPONSE);
}

ASN1_INTEGER* serial_of(OCSP_CERTID* id) {
  ASN1_INTEGER* serial = nullptr;
  OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, id);
  return serial;
}

bool is_issued_by(OCSP_CERTID* id, const X509* issuer) {
  ASN1_OBJECT* digest_name = nullptr;
  OCSP_id_get0_info(nullptr, &digest_name, nullptr, nullptr, id);
  const auto* digest = EVP_get_digestbyobj(digest_name);
  if (digest == nullptr) return false;
  const CertIdHandle own(OCSP_cert_id_new(digest, X509_get_subject_name(issuer),
                                          X509_get0_pubkey_bitstr(issuer), serial_of(id)));
  return own && OCSP_id_issuer_cmp(own.get(), id) == 0;
}

std::optional<Kind> kind_of(const CaFolder& folder, OCSP_REQUEST* request) {
  for (int i = 0; i < OCSP_request_onereq_count(request); ++i) {
    auto* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i));
    for (const auto kind : simulated_issuer::kinds) {
      if (is_issued_by(id, folder.issuing(kind).certificate.get())) return kind;
    }
  }
  return std::nullopt;
}

base::Result<void> add_status(OCSP_BASICRESP* answer, OCSP_CERTID* id, const std::optional<Entry>& entry,
                              base::Instant now) {
  const auto this_update = time_of(now);
  const auto next_update = time_of(now + ocsp_lifetime);
  TimeHandle revoked_at;
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  if (entry) status = entry->revocation ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD;
  if (entry && entry->revocation) {
    revoked_at = time_of(entry->revocation->at);
    if (entry->revocation->reason != 0) reason = entry->revocation->reason;
  }
  if (OCSP_basic_add1_status(answer, id, status, reason, revoked_at.get(), this_update.get(),
                             next_update.get()) == nullptr) {
    return openssl_fault("add an OCSP status");
  }
  return {};
}

bool add_revoked(X509_CRL* crl, const Entry& entry) {
  const auto certificate = from_der<simulated_issuer::CertificateHandle>(entry.certificate, d2i_X509);
  RevokedHandle revoked(X509_REVOKED_new());
  const auto at = time_of(entry.revocation->at);
  if (!certificate || !revoked || !at) return false;
  bool made = X509_REVOKED_set_serialNumber(revoked.get(), X509_get_serialNumber(certificate.get())) == 1 &&
              X509_REVOKED_set_revocationDate(revoked.get(), at.get()) == 1;
  if (made && entry.revocation->reason != 0) {  // "unspecified" is to be left out (RFC 5280 5.3.1)
    const ReasonHandle reason(ASN1_ENUMERATED_new());
    made = reason && ASN1_ENUMERATED_set(reason.get(), entry.revocation->reason) == 1 &&
           X509_REVOKED_add1_ext_i2d(revoked.get(), NID_crl_reason, reason.get(), 0, 0) == 1;
  }
  if (!made || X509_CRL_add0_revoked(crl, revoked.get()) != 1) return false;
  static_cast<void>(revoked.release());
  return true;
}

bool add_crl_extensions(X509_CRL* crl, X509* issuer, base::Instant now) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
  const Handle<X509_EXTENSION, X509_EXTENSION_free> key(
      X509V3_EXT_nconf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  // CRL numbers have to grow; milliseconds do, without a counter to keep.
  const IntegerHandle number(ASN1_INTEGER_new());
  return key && X509_CRL_add_ext(crl, key.get(), -1) == 1 && number &&
         ASN1_INTEGER_set_int64(number.get(), now.time_since_epoch().count()) == 1 &&
         X509_CRL_add1_ext_i2d(crl, NID_crl_number, number.get(), 0, 0) == 1;
}

}  // namespace

base::Result<base::Bytes> answer_ocsp(const CaFolder& folder, const Register& issued, base::ByteView request,
                                      base::Instant now) {
  const auto asked = from_der<OcspRequestHandle>(request, d2i_OCSP_REQUEST);
  if (!asked || OCSP_request_onereq_count(asked.get()) <= 0) {
    simulated_issuer::openssl_errors();
    return unsigned_answer(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
  }
  const auto kind = kind_of(folder, asked.get());
  if (!kind) return unsigned_answer(OCSP_RESPONSE_STATUS_UNAUTHORIZED);
  const auto& responder = folder.ocsp(*kind);
  const OcspBasicHandle basic(OCSP_BASICRESP_new());
  if (!basic) return openssl_fault("make an OCSP answer");
  for (int i = 0; i < OCSP_request_onereq_count(asked.get()); ++i) {
    auto* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), i));
    std::optional<Entry> entry;
    if (is_issued_by(id, folder.issuing(*kind).certificate.get())) {
      auto found = issued.find(simulated_issuer::serial_text(serial_of(id)));
      if (!found) return found.error();
      if (*found && (*found)->kind == *kind) entry = *std::move(found);
    }
    if (auto added = add_status(basic.get(), id, entry, now); !added) return added.error();
  }
  OCSP_copy_nonce(basic.get(), asked.get());
  if (OCSP_basic_sign(basic.get(), responder.certificate.get(), responder.key.get(), EVP_sha256(), nullptr,
                      0) != 1) {
    return openssl_fault("sign an OCSP answer");
  }
  const OcspResponseHandle answer(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  if (!answer) return openssl_fault("make an OCSP answer");
  return to_der(answer.get(), i2d_OCSP_RESPONSE);
}

base::Result<base::Bytes> make_crl(const CaFolder& folder, const Register& issued, Kind kind,
                                   base::Instant now) {
  const auto& ca = folder.issuing(kind);
  const CrlHandle crl(X509_CRL_new());
  const auto begin = time_of(now);
  const auto end = time_of(now + crl_lifetime);
  bool made = crl && begin && end && X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1 &&
              X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(ca.certificate.get())) == 1 &&
              X509_CRL_set1_lastUpdate(crl.get(), begin.get()) == 1 &&
              X509_CRL_set1_nextUpdate(crl.get(), end.get()) == 1 &&
              add_crl_extensions(crl.get(), ca.certificate.get(), now);
  if (!made) return openssl_fault("make a CRL");
  auto entries = issued.all();
  if (!entries) return entries.error();
  for (const auto& entry : *entries) {
    if (entry.kind == kind && entry.revocation && !add_revoked(crl.get(), entry))
      return openssl_fault("fill a CRL");
  }
  made = X509_CRL_sort(crl.get()) == 1 && X509_CRL_sign(crl.get(), ca.key.get(), EVP_sha256()) > 0;
  if (!made) return openssl_fault("sign a CRL");
  return to_der(crl.get(), i2d_X509_CRL);
}

}  // namespace madoguchi::simulated_ca
