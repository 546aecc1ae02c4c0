#include "cmp_callbacks.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "cmp_messages.hpp"
#include "simulated_issuer/register.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_ca {
namespace {

using simulated_issuer::CertificateHandle;
using simulated_issuer::from_der;
using simulated_issuer::Handle;
using simulated_issuer::openssl_fault;
using OctetsHandle = Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using StoreHandle = Handle<X509_STORE, X509_STORE_free>;

void free_chain(STACK_OF(X509) * chain) {
  sk_X509_pop_free(chain, X509_free);
}
using ChainHandle = Handle<STACK_OF(X509), free_chain>;

void free_information(STACK_OF(OSSL_CMP_ITAV) * information) {
  sk_OSSL_CMP_ITAV_pop_free(information, OSSL_CMP_ITAV_free);
}
using InformationHandle = Handle<STACK_OF(OSSL_CMP_ITAV), free_information>;
using ValueHandle = Handle<ASN1_TYPE, ASN1_TYPE_free>;

constexpr int cessation_of_operation = 5;  // CRLReason

MessageRun& run_of(const OSSL_CMP_SRV_CTX* context) {
  return *static_cast<MessageRun*>(OSSL_CMP_SRV_CTX_get0_custom_ctx(context));
}

// Nothing may be thrown through OpenSSL's frames; what can be thrown is want of memory.
template <class F, class T>
T guarded(T otherwise, F&& call) noexcept {
  try {
    return call();
  } catch (...) {
    return otherwise;
  }
}

OSSL_CMP_PKISI* on_certificate_request(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int,
                                       const OSSL_CRMF_MSG* crmf, const X509_REQ* pkcs10, X509** certificate,
                                       STACK_OF(X509) * *chain, STACK_OF(X509) **) {
  return guarded<>(static_cast<OSSL_CMP_PKISI*>(nullptr),
                   [&] { return run_of(context).certificate_request(crmf, pkcs10, certificate, chain); });
}

OSSL_CMP_PKISI* on_revocation(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, const X509_NAME* issuer,
                              const ASN1_INTEGER* serial) {
  return guarded<>(static_cast<OSSL_CMP_PKISI*>(nullptr),
                   [&] { return run_of(context).revocation(issuer, serial); });
}

int on_general(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, const STACK_OF(OSSL_CMP_ITAV) * in,
               STACK_OF(OSSL_CMP_ITAV) * *out) {
  return guarded<>(0, [&] {
    if (run_of(context).refused_on_demand()) return 0;
    *out = run_of(context).information(in);
    return *out != nullptr ? 1 : 0;
  });
}

void on_error(OSSL_CMP_SRV_CTX*, const OSSL_CMP_MSG*, const OSSL_CMP_PKISI*, const ASN1_INTEGER*,
              const OSSL_CMP_PKIFREETEXT*) {}

int on_confirmation(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int, const ASN1_OCTET_STRING* hash,
                    const OSSL_CMP_PKISI* info) {
  return guarded<>(0, [&] { return run_of(context).confirmation(hash, info) ? 1 : 0; });
}

int on_poll(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int, OSSL_CMP_MSG** request,
            std::int64_t* check_after) {
  return guarded<>(0, [&] { return run_of(context).poll(request, check_after) ? 1 : 0; });
}

// OpenSSL would print errors on stderr; they are in the answer.
int discard_log(const char*, const char*, int, OSSL_CMP_severity, const char*) {
  return 1;
}

OSSL_CMP_PKISI* accepted(bool modified) {
  return OSSL_CMP_STATUSINFO_new(modified ? OSSL_CMP_PKISTATUS_grantedWithMods : OSSL_CMP_PKISTATUS_accepted,
                                 0, nullptr);
}

// SEQUENCE OF certificates, RFC 9483 4.3.1.
base::Bytes certificates_of_issuers(const simulated_issuer::CaFolder& folder) {
  constexpr std::uint32_t sequence = 0x30;
  base::Bytes all;
  for (const auto kind : simulated_issuer::kinds) {
    const auto der = simulated_issuer::to_der(folder.issuing(kind).certificate.get(), i2d_X509);
    all.insert(all.end(), der.begin(), der.end());
  }
  return smartcard::make_tlv(sequence, all);
}

OctetsHandle octets(base::ByteView bytes) {
  OctetsHandle made(ASN1_OCTET_STRING_new());
  if (made && ASN1_OCTET_STRING_set(made.get(), bytes.data(), static_cast<int>(bytes.size())) != 1)
    made.reset();
  return made;
}

// Messages that go on with an enrolment.
bool continues(int body) {
  return body == body::cert_conf || body == body::poll_req;
}

bool enrols(int body) {
  return continues(body) || body == body::ir || body == body::cr || body == body::p10cr || body == body::kur;
}

}  // namespace

const PlannedFault* MessageRun::fault(FaultKind kind) const {
  const auto found =
      std::find_if(faults_.begin(), faults_.end(), [&](const auto& f) { return f.kind == kind; });
  return found == faults_.end() ? nullptr : &*found;
}

base::Result<ServerContextHandle> MessageRun::make_context() {
  ServerContextHandle context(OSSL_CMP_SRV_CTX_new(nullptr, nullptr));
  StoreHandle trusted(X509_STORE_new());
  OSSL_CMP_CTX* cmp = context ? OSSL_CMP_SRV_CTX_get0_cmp_ctx(context.get()) : nullptr;
  // Only the counter's RA may ask: its issuer is trusted, and nobody else of that issuer's.
  const bool made =
      cmp != nullptr && trusted && OSSL_CMP_CTX_set_log_cb(cmp, discard_log) == 1 &&
      OSSL_CMP_SRV_CTX_init(context.get(), this, on_certificate_request, on_revocation, on_general, on_error,
                            on_confirmation, on_poll) == 1 &&
      OSSL_CMP_CTX_set1_cert(cmp, folder_.cmp().certificate.get()) == 1 &&
      OSSL_CMP_CTX_set1_pkey(cmp, folder_.cmp().key.get()) == 1 &&
      X509_STORE_add_cert(trusted.get(), folder_.root().certificate.get()) == 1 &&
      OSSL_CMP_CTX_set1_expected_sender(cmp, X509_get_subject_name(folder_.ra().certificate.get())) == 1 &&
      OSSL_CMP_CTX_set0_trustedStore(cmp, trusted.get()) == 1;
  if (!made) return openssl_fault("make a CMP context");
  static_cast<void>(trusted.release());
  OSSL_CMP_SRV_CTX_set_send_unprotected_errors(context.get(),
                                               fault(FaultKind::unsigned_error) != nullptr ? 1 : 0);
  return context;
}

// Brings a fresh context to where the transaction's last answer left it. false: there is no such transaction.
base::Result<bool> MessageRun::resume(OSSL_CMP_SRV_CTX* context) {
  if (!transaction_) return false;
  const auto request = from_der<MessageHandle>(transaction_->request, d2i_OSSL_CMP_MSG);
  const auto nonce = octets(transaction_->last_nonce);
  if (!request || !nonce) return openssl_fault("read the transaction's request");
  replaying_ = true;
  const MessageHandle unsent(OSSL_CMP_SRV_process_request(context, request.get()));
  replaying_ = false;
  // A nonce of that answer has never been sent; the client repeats that of the one which has.
  OSSL_CMP_CTX* cmp = OSSL_CMP_SRV_CTX_get0_cmp_ctx(context);
  if (!unsent || OSSL_CMP_CTX_set1_senderNonce(cmp, nonce.get()) != 1)
    return openssl_fault("replay a request");
  ERR_clear_error();
  return true;
}

base::Result<base::Bytes> MessageRun::process(const OSSL_CMP_MSG* message, base::ByteView bytes) {
  bytes_ = bytes;
  const auto id = transaction_of(message);
  auto found = journal_.find(id);
  if (!found) return found.error();
  transaction_ = *std::move(found);
  known_ = transaction_.has_value();
  auto context = make_context();
  if (!context) return context.error();
  const int body = OSSL_CMP_MSG_get_bodytype(message);
  enrolment_ = enrols(body);
  if (!continues(body)) {
    if (!known_) transaction_ = Transaction{.id = id, .request = {bytes.begin(), bytes.end()}};
  } else if (auto resumed = resume(context->get()); !resumed) {
    return resumed.error();
  }
  const MessageHandle answer(OSSL_CMP_SRV_process_request(context->get(), message));
  ERR_clear_error();
  if (failed_) return *failed_;
  if (!answer) return base::Bytes();
  auto der = simulated_issuer::to_der(answer.get(), i2d_OSSL_CMP_MSG);
  if (OSSL_CMP_MSG_get_bodytype(answer.get()) != body::error) return der;
  memorable_ = false;
  // OpenSSL calls everything a badRequest; an authority says whom it does not know.
  const bool refused_on_order = fault(FaultKind::unsigned_error) != nullptr;
  return refused_on_order || knows_signer(message) ? der : refusing_signer(der, folder_.cmp().key.get());
}

bool MessageRun::knows_signer(const OSSL_CMP_MSG* message) {
  const auto context = make_context();
  const auto ra =
      simulated_issuer::to_der(X509_get_subject_name(folder_.ra().certificate.get()), i2d_X509_NAME);
  const bool known = context && sender_of(bytes_) == ra &&
                     OSSL_CMP_validate_msg(OSSL_CMP_SRV_CTX_get0_cmp_ctx(context->get()), message) == 1;
  ERR_clear_error();
  return known;
}

OSSL_CMP_PKISI* MessageRun::refuse(int failure, const std::string& text) {
  return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, 1 << failure, text.c_str());
}

bool MessageRun::failed(const base::Fault& fault) {
  failed_ = fault;
  memorable_ = false;
  return false;
}

OSSL_CMP_PKISI* MessageRun::undecided(const base::Fault& fault) {
  failed(fault);
  return nullptr;
}

bool MessageRun::refused_on_demand() {
  const bool refused = fault(FaultKind::unsigned_error) != nullptr || fault(FaultKind::reject) != nullptr;
  if (refused) memorable_ = false;
  return refused;
}

STACK_OF(OSSL_CMP_ITAV) * MessageRun::information(const STACK_OF(OSSL_CMP_ITAV) * asked) const {
  bool for_issuers = false;
  for (int i = 0; i < sk_OSSL_CMP_ITAV_num(asked); ++i) {
    const auto* type = OSSL_CMP_ITAV_get0_type(sk_OSSL_CMP_ITAV_value(asked, i));
    for_issuers = for_issuers || OBJ_obj2nid(type) == NID_id_it_caCerts;
  }
  // Of all else there is nothing to tell: who asks wants to see that somebody answers.
  if (!for_issuers) return sk_OSSL_CMP_ITAV_deep_copy(asked, OSSL_CMP_ITAV_dup, OSSL_CMP_ITAV_free);
  InformationHandle told(sk_OSSL_CMP_ITAV_new_null());
  auto certificates = from_der<ValueHandle>(certificates_of_issuers(folder_), d2i_ASN1_TYPE);
  if (!told || !certificates) return nullptr;
  auto* named = OSSL_CMP_ITAV_create(OBJ_nid2obj(NID_id_it_caCerts), certificates.get());
  if (named == nullptr) return nullptr;
  static_cast<void>(certificates.release());
  if (sk_OSSL_CMP_ITAV_push(told.get(), named) > 0) return told.release();
  OSSL_CMP_ITAV_free(named);
  return nullptr;
}

OSSL_CMP_PKISI* MessageRun::certificate_request(const OSSL_CRMF_MSG* crmf, const X509_REQ* pkcs10,
                                                X509** certificate, STACK_OF(X509) * *chain) {
  if (replaying_) {
    if (transaction_->waiting) return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0, nullptr);
    auto entry = issued_.find(transaction_->serial);
    if (!entry) return undecided(entry.error());
    return *entry ? hand_out(**entry, false, certificate, chain) : nullptr;
  }
  if (refused_on_demand()) {
    const auto* order = fault(FaultKind::reject);
    return order != nullptr ? refuse(order->failure, order->text) : nullptr;
  }
  const auto& first = transaction_->request;
  if (known_ && !polled_ && !std::equal(first.begin(), first.end(), bytes_.begin(), bytes_.end())) {
    return refuse(OSSL_CMP_PKIFAILUREINFO_transactionIdInUse, "that transaction has another request");
  }
  const auto request = crmf != nullptr ? read_request(crmf) : read_request(pkcs10);
  if (!request)
    return refuse(OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "no public key, no subject or a half oldCertID");
  if (const auto* order = fault(FaultKind::waiting)) return begin_waiting(*order);
  return grant(*request, certificate, chain);
}

OSSL_CMP_PKISI* MessageRun::begin_waiting(const PlannedFault& order) {
  transaction_->waiting = true;
  transaction_->polls_left = order.polls;
  transaction_->check_after = order.check_after;
  return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0, nullptr);
}

OSSL_CMP_PKISI* MessageRun::grant(const CertificateRequest& request, X509** certificate,
                                  STACK_OF(X509) * *chain) {
  Distortion distortion;
  distortion.other_key = fault(FaultKind::wrong_key) != nullptr;
  distortion.other_subject = fault(FaultKind::wrong_subject) != nullptr;
  if (const auto* order = fault(FaultKind::wrong_dates)) distortion.days = order->days;
  auto decision = issuing_.decide(request, transaction_->id, distortion, now_);
  if (!decision) return undecided(decision.error());
  transaction_->waiting = false;
  if (const auto* refused = std::get_if<Refused>(&*decision)) return refuse(refused->failure, refused->text);
  const auto& granted = std::get<Granted>(*decision);
  transaction_->serial = granted.entry.serial;
  return hand_out(granted.entry, granted.modified, certificate, chain);
}

OSSL_CMP_PKISI* MessageRun::hand_out(const simulated_issuer::Entry& entry, bool modified, X509** certificate,
                                     STACK_OF(X509) * *chain) {
  auto made = from_der<CertificateHandle>(entry.certificate, d2i_X509);
  X509* issuer = folder_.issuing(entry.kind).certificate.get();
  ChainHandle above(sk_X509_new_null());
  if (!made || !above || X509_up_ref(issuer) != 1) return nullptr;
  if (sk_X509_push(above.get(), issuer) <= 0) {
    X509_free(issuer);
    return nullptr;
  }
  *certificate = made.release();
  *chain = above.release();
  return accepted(modified);
}

OSSL_CMP_PKISI* MessageRun::revocation(const X509_NAME* issuer, const ASN1_INTEGER* serial) {
  if (refused_on_demand()) {
    const auto* order = fault(FaultKind::reject);
    return order != nullptr ? refuse(order->failure, order->text) : nullptr;
  }
  if (issuer == nullptr || serial == nullptr) {
    return refuse(OSSL_CMP_PKIFAILUREINFO_addInfoNotAvailable, "issuer and serial number are needed");
  }
  const CertificateName name{simulated_issuer::to_der(issuer, i2d_X509_NAME),
                             simulated_issuer::serial_text(serial)};
  auto refused = issuing_.revoke(name, revocation_reason(bytes_), now_);
  if (!refused) return undecided(refused.error());
  return *refused ? refuse((*refused)->failure, (*refused)->text) : accepted(false);
}

bool MessageRun::confirmation(const ASN1_OCTET_STRING* hash, const OSSL_CMP_PKISI* info) {
  if (refused_on_demand()) return false;
  auto entry = issued_.find(transaction_->serial);
  if (!entry) return failed(entry.error());
  const auto certificate = *entry ? from_der<CertificateHandle>((*entry)->certificate, d2i_X509) : nullptr;
  const OctetsHandle digest(certificate ? X509_digest_sig(certificate.get(), nullptr, nullptr) : nullptr);
  if (!digest || hash == nullptr || ASN1_OCTET_STRING_cmp(digest.get(), hash) != 0) {
    ERR_raise_data(ERR_LIB_CMP, CMP_R_CERTHASH_UNMATCHED, "that is not the certificate of this transaction");
    return false;
  }
  const bool good = info == nullptr || status_of(info) == OSSL_CMP_PKISTATUS_accepted;
  if (good) {
    auto confirmed = issued_.confirm((*entry)->serial);
    return confirmed || failed(confirmed.error());
  }
  // A certificate that its holder does not want must not be usable by anybody.
  auto revoked = issued_.revoke((*entry)->serial, {now_, cessation_of_operation});
  return revoked || failed(revoked.error());
}

bool MessageRun::poll(OSSL_CMP_MSG** request, std::int64_t* check_after) {
  if (refused_on_demand() || !transaction_->waiting) return false;
  *request = nullptr;
  if (transaction_->polls_left > 0) {
    --transaction_->polls_left;
    *check_after = transaction_->check_after;
    return true;
  }
  polled_ = true;
  *request = from_der<MessageHandle>(transaction_->request, d2i_OSSL_CMP_MSG).release();
  return *request != nullptr;
}

}  // namespace madoguchi::simulated_ca
