#include "authority/cmp.hpp"

#include <algorithm>

#include "cmp/credentials.hpp"
#include "cmp/failure.hpp"
#include "cmp/message.hpp"
#include "cmp/proof.hpp"
#include "cmp/replay.hpp"
#include "cmp/shown.hpp"

namespace madoguchi::authority {
namespace {

using base::Code;
using base::Fault;
using base::Result;

constexpr int reason_superseded = 4;  // CRLReason, RFC 5280 5.3.1
// The authority does not know, or not believe, who has signed.
constexpr int not_our_signer =
    1 << OSSL_CMP_PKIFAILUREINFO_signerNotTrusted | 1 << OSSL_CMP_PKIFAILUREINFO_notAuthorized |
    1 << OSSL_CMP_PKIFAILUREINFO_badMessageCheck | 1 << OSSL_CMP_PKIFAILUREINFO_wrongIntegrity;
constexpr int not_for_us =
    not_our_signer | 1 << OSSL_CMP_PKIFAILUREINFO_wrongAuthority | 1 << OSSL_CMP_PKIFAILUREINFO_badTime;
// A renewal takes minutes; one that has begun should not outlive what it is asked with.
constexpr std::chrono::hours renewal_at_most{1};

int request_type(BodyType body) {
  switch (body) {
    case BodyType::cr:
      return OSSL_CMP_CR;
    case BodyType::p10cr:
      return OSSL_CMP_P10CR;
    case BodyType::kur:
      return OSSL_CMP_KUR;
  }
  return OSSL_CMP_CR;
}

// A key update names what it updates (RFC 9483 4.1.3); a new issuance has nothing to name.
BodyType body_for(BodyType set, const Enrolment& enrolment) {
  return set == BodyType::kur && enrolment.old_certificate.empty() ? BodyType::cr : set;
}

// What the conversation's request is carried by, which the setting says only before there is one.
BodyType body_of(BodyType set, const Enrolment& enrolment, const Conversation& conversation) {
  if (!conversation.exchanges.empty()) {
    const auto sent = read_message(conversation.exchanges.front().request);
    if (sent && sent->is(Body::p10cr)) return BodyType::p10cr;
    if (sent && sent->is(Body::kur)) return BodyType::kur;
    if (sent && sent->is(Body::cr)) return BodyType::cr;
  }
  const bool pkcs10 = from_der<CsrPtr>(conversation.body, d2i_X509_REQ) != nullptr;
  ERR_clear_error();
  if (pkcs10) return BodyType::p10cr;
  return set == BodyType::p10cr ? BodyType::cr : body_for(set, enrolment);
}

// What the certConf callback is told and what it saw.
struct Confirmation {
  const Enrolment& enrolment;
  Verdict verdict;
  Replay& replay;
  base::Bytes certificate = {};  // not empty: an accepted answer brought one
  bool other_key = false;
  std::size_t answers_before = 0;  // how many answers had been used when it came
};

int on_certificate(OSSL_CMP_CTX* context, X509* certificate, int fail_info, const char** text) noexcept {
  constexpr int unfit = 1 << OSSL_CMP_PKIFAILUREINFO_incorrectData;
  auto& seen = *static_cast<Confirmation*>(OSSL_CMP_CTX_get_certConf_cb_arg(context));
  seen.certificate = to_der(certificate, i2d_X509);
  seen.answers_before = seen.replay.answers_used();
  const auto key = key_from_spki(seen.enrolment.spki);
  seen.other_key = fail_info != 0 || !key || EVP_PKEY_eq(X509_get0_pubkey(certificate), key.get()) != 1;
  if (seen.verdict == Verdict::accepted && !seen.other_key) return 0;
  // OpenSSL now builds a certConf that refuses; only a decided refusal may go out.
  if (seen.verdict != Verdict::refused) seen.replay.hold_back();
  *text = "the certificate cannot be used";
  return fail_info | unfit;
}

// The exchange that waits for its answer, if any; conflict when one before it waits, too.
Result<std::optional<base::Bytes>> unanswered(const Conversation& conversation) {
  for (std::size_t i = 0; i < conversation.exchanges.size(); ++i) {
    const auto& exchange = conversation.exchanges[i];
    if (!exchange.response.empty()) continue;
    if (i + 1 < conversation.exchanges.size()) {
      return base::make_fault(Code::conflict, "an exchange before the last has no answer");
    }
    return std::optional(exchange.request);
  }
  return std::optional<base::Bytes>{};
}

bool has_reason(const LibraryErrors& errors, int reason) {
  return std::ranges::find(errors.cmp_reasons, reason) != errors.cmp_reasons.end();
}

bool refused_by_authority(const LibraryErrors& errors) {
  return has_reason(errors, CMP_R_RECEIVED_ERROR) || has_reason(errors, CMP_R_REQUEST_REJECTED_BY_SERVER);
}

// The confirmation's exchange itself went well: what remains is OpenSSL reporting the refusal it was told to
// send.
bool only_our_refusal(const LibraryErrors& errors) {
  return errors.cmp_reasons == std::vector<int>{CMP_R_CERTIFICATE_NOT_ACCEPTED};
}

Fault refusal_fault(const OSSL_CMP_CTX& context, Code code, std::string inner) {
  const int failure = OSSL_CMP_CTX_get_failInfoCode(&context);
  auto fault = base::make_fault(
      code, std::move(inner),
      {{"status", status_name(OSSL_CMP_CTX_get_status(&context))}, {"failure", failure_names(failure)}});
  if (failure > 0 && (failure & not_our_signer) != 0) {
    fault.details["ja"] =
        "認証局が、この窓口のRA証明書を認めていません。申請の内容の問題ではないため、管理者に連絡してください"
        "(madoguchi doctor)。";
    fault.details["en"] =
        "The certification authority does not accept this counter's RA certificate, whatever is applied for; "
        "tell the administrator (madoguchi doctor).";
  }
  return fault;
}

// The last answer could not be used, so it must not stay in the conversation.
Fault unusable_answer(const Replay& replay, const Conversation& conversation, const std::string& errors) {
  if (!replay.all_used()) {  // it had been good when it came: setting aside the last one would not help
    return base::make_fault(Code::authority_mismatch, "an earlier answer is no longer accepted: " + errors);
  }
  const auto answer = read_message(conversation.exchanges.back().response);
  if (answer && answer->is(Body::error) && !answer->is_protected) {
    // Anybody can write one, but it mostly is the authority in trouble: a reason to try again, never a
    // decision.
    return base::make_fault(Code::authority_unreachable, "unsigned error: " + claimed_text(*answer),
                            {{"set_aside", true}, {"unsigned", true}});
  }
  return base::make_fault(Code::authority_mismatch, "unusable answer: " + errors, {{"set_aside", true}});
}

Result<Next> conclude_failure(const OSSL_CMP_CTX& context, const Replay& replay,
                              const Conversation& conversation, const LibraryErrors& errors,
                              bool confirming) {
  if (replay.answers_used() == 0)
    return base::make_fault(Code::internal, "no message was built: " + errors.text);
  if (!refused_by_authority(errors)) return unusable_answer(replay, conversation, errors.text);
  const Meaning meaning = meaning_of(OSSL_CMP_CTX_get_failInfoCode(&context));
  if (meaning == Meaning::transient) {
    Fault fault = refusal_fault(context, Code::authority_unreachable, errors.text);
    fault.details["set_aside"] = true;
    return fault;
  }
  // A confirmation that is refused may have counted before its first answer was lost: unknown, not failed.
  return Next(Rejected{.fault = refusal_fault(context, Code::authority_rejected, errors.text),
                       .reconcile = confirming || meaning == Meaning::reconcile,
                       .revoked = meaning == Meaning::already_revoked});
}

// When the last answer was written by its sender's clock. Asked only once OpenSSL has believed the answer.
std::optional<base::Instant> told_at(const Conversation& conversation) {
  if (conversation.exchanges.empty()) return std::nullopt;
  const auto answer = read_message(conversation.exchanges.back().response);
  return answer && answer->is_protected ? answer->time : std::nullopt;
}

class CmpAuthority final : public Authority {
 public:
  CmpAuthority(BodyType body, Credentials credentials) : body_(body), credentials_(std::move(credentials)) {}

  [[nodiscard]] Result<base::Bytes> to_be_signed(const Enrolment& enrolment) const override {
    ERR_clear_error();
    return proof_input(body_for(body_, enrolment), enrolment);
  }

  [[nodiscard]] Result<base::Bytes> assemble(const Enrolment& enrolment, base::ByteView to_be_signed,
                                             base::ByteView signature) const override {
    ERR_clear_error();
    return assemble_request(body_for(body_, enrolment), enrolment, to_be_signed, signature);
  }

  [[nodiscard]] Result<Next> enrol(const Enrolment& enrolment, const Conversation& conversation,
                                   Verdict verdict, bool waited) const override;
  [[nodiscard]] Result<Next> revoke(base::ByteView old_certificate,
                                    const Conversation& conversation) const override;
  [[nodiscard]] Result<Next> preflight(const Conversation& conversation, base::Instant now) const override {
    return general(conversation, now, nullptr);
  }
  [[nodiscard]] Result<Next> ask_issuers(const Conversation& conversation, base::Instant now) const override {
    return general(conversation, now, ask_for_issuers);
  }

  [[nodiscard]] Result<void> check_response(base::ByteView request, base::ByteView response) const override {
    return check_exchange(request, response);
  }

 private:
  // A general message, with a question or without one.
  [[nodiscard]] Result<Next> general(const Conversation& conversation, base::Instant now,
                                     bool (*question)(OSSL_CMP_CTX&)) const;
  [[nodiscard]] Result<CmpContextPtr> enrolment_context(BodyType body, const Enrolment& enrolment,
                                                        const Conversation& conversation) const;
  [[nodiscard]] Result<Next> step(OSSL_CMP_CTX& context, BodyType body, const Enrolment& enrolment,
                                  const Conversation& conversation, Verdict verdict, bool waited) const;

  BodyType body_;
  Credentials credentials_;
};

// A message that leaves carries exactly the request that the card signed.
Result<void> check_outgoing(base::ByteView message, const Conversation& conversation) {
  const auto view = read_message(message);
  if (!view) return base::make_fault(Code::internal, "what was built is not a PKIMessage");
  if (!view->is(Body::cr) && !view->is(Body::p10cr) && !view->is(Body::kur)) return {};
  const auto request = enclosed_request(*view);
  if (!request || !same_bytes(*request, conversation.body)) {
    return base::make_fault(Code::authority_mismatch, "the message does not carry the card's request");
  }
  return {};
}

Result<CmpContextPtr> CmpAuthority::enrolment_context(BodyType body, const Enrolment& enrolment,
                                                      const Conversation& conversation) const {
  auto context = credentials_.new_context(conversation.transaction_id);
  if (!context) return context;
  auto key = key_from_spki(enrolment.spki);
  bool ready = key != nullptr;
  if (body == BodyType::p10cr) {
    const auto csr = from_der<CsrPtr>(conversation.body, d2i_X509_REQ);
    ready = ready && csr && OSSL_CMP_CTX_set1_p10CSR(context->get(), csr.get()) == 1;
  } else {
    ready = ready && OSSL_CMP_CTX_set0_newPkey(context->get(), 0, key.get()) == 1;
    if (ready) static_cast<void>(key.release());
  }
  if (!ready) return library_fault(Code::internal, "no CMP context for this request");
  return context;
}

Result<Next> CmpAuthority::enrol(const Enrolment& enrolment, const Conversation& conversation,
                                 Verdict verdict, bool waited) const {
  ERR_clear_error();
  const BodyType body = body_of(body_, enrolment, conversation);
  if (const auto sound = check_request(body, enrolment, conversation.body); !sound) return sound.error();
  auto pending = unanswered(conversation);
  if (!pending) return pending.error();
  if (*pending) {
    if (const auto sound = check_outgoing(**pending, conversation); !sound) return sound.error();
    return Next(Send{std::move(**pending)});
  }
  const auto context = enrolment_context(body, enrolment, conversation);
  if (!context) return context.error();
  return step(**context, body, enrolment, conversation, verdict, waited);
}

Result<Next> CmpAuthority::step(OSSL_CMP_CTX& context, BodyType body, const Enrolment& enrolment,
                                const Conversation& conversation, Verdict verdict, bool waited) const {
  Replay replay(context, conversation, credentials_);
  Confirmation seen{.enrolment = enrolment, .verdict = verdict, .replay = replay};
  OSSL_CMP_CTX_set_certConf_cb(&context, on_certificate);
  OSSL_CMP_CTX_set_certConf_cb_arg(&context, &seen);
  const auto crmf =
      body == BodyType::p10cr ? nullptr : from_der<CrmfPtr>(conversation.body, d2i_OSSL_CRMF_MSG);
  int result = 0;
  int check_after = 0;
  // Each pass uses up an answer or ends: -1 comes with the answer to a poll.
  while ((result = OSSL_CMP_try_certreq(&context, request_type(body), crmf.get(), &check_after)) < 0) {
    if (!replay.all_used()) continue;
    if (!waited) return Next(Wait{std::chrono::seconds(check_after)});
  }
  const auto errors = take_errors();
  if (replay.fault()) return *replay.fault();
  if (replay.outgoing()) {
    if (const auto sound = check_outgoing(*replay.outgoing(), conversation); !sound) return sound.error();
    return Next(Send{*replay.outgoing()});
  }
  if (result > 0) return Next(Finished{});
  const bool confirming = !seen.certificate.empty();
  if (confirming && verdict != Verdict::refused && seen.other_key) {
    return base::make_fault(Code::authority_mismatch, "the certificate is for another key: " + errors.text,
                            {{"differs", "key"}});
  }
  if (confirming && verdict == Verdict::undecided) return Next(Issued{std::move(seen.certificate)});
  if (confirming && verdict == Verdict::refused && only_our_refusal(errors)) {
    if (replay.answers_used() > seen.answers_before) return Next(Finished{});
    // It was confirmed implicitly, so there is nothing to refuse any more.
    return Next(
        Rejected{.fault = base::make_fault(Code::authority_rejected, "the certificate counts as confirmed"),
                 .reconcile = true});
  }
  return conclude_failure(context, replay, conversation, errors, confirming);
}

Result<Next> CmpAuthority::revoke(base::ByteView old_certificate, const Conversation& conversation) const {
  auto pending = unanswered(conversation);
  if (!pending) return pending.error();
  if (*pending) return Next(Send{std::move(**pending)});
  const auto context = credentials_.new_context(conversation.transaction_id);
  if (!context) return context.error();
  const auto old = certificate_from_der(old_certificate);
  if (!old) return library_fault(Code::authority_mismatch, "the old certificate cannot be read");
  if (OSSL_CMP_CTX_set1_oldCert(context->get(), old.get()) != 1 ||
      OSSL_CMP_CTX_set_option(context->get(), OSSL_CMP_OPT_REVOCATION_REASON, reason_superseded) != 1) {
    return library_fault(Code::internal, "no CMP context for a revocation");
  }
  Replay replay(**context, conversation, credentials_);
  const bool done = OSSL_CMP_exec_RR_ses(context->get()) == 1;
  const auto errors = take_errors();
  if (replay.fault()) return *replay.fault();
  if (replay.outgoing()) return Next(Send{*replay.outgoing()});
  if (done) return Next(Finished{});
  if (refused_by_authority(errors) &&
      meaning_of(OSSL_CMP_CTX_get_failInfoCode(context->get())) == Meaning::already_revoked) {
    return Next(Finished{});
  }
  return conclude_failure(**context, replay, conversation, errors, false);
}

Result<Next> CmpAuthority::general(const Conversation& conversation, base::Instant now,
                                   bool (*question)(OSSL_CMP_CTX&)) const {
  if (!credentials_.valid_throughout(now, now + renewal_at_most)) {
    return base::make_fault(Code::authority_rejected, "the counter's certificate has ended or not begun",
                            {{"failure", "counter_certificate"}});
  }
  auto pending = unanswered(conversation);
  if (!pending) return pending.error();
  if (*pending) return Next(Send{std::move(**pending)});
  const auto context = credentials_.new_context(conversation.transaction_id);
  if (!context) return context.error();
  if (question != nullptr && !question(**context))
    return library_fault(Code::internal, "no CMP context for a question");
  Replay replay(**context, conversation, credentials_);
  const Owned<STACK_OF(OSSL_CMP_ITAV),
              [](STACK_OF(OSSL_CMP_ITAV) * list) { sk_OSSL_CMP_ITAV_pop_free(list, OSSL_CMP_ITAV_free); }>
      answered(OSSL_CMP_exec_GENM_ses(context->get()));
  const auto errors = take_errors();
  if (replay.fault()) return *replay.fault();
  if (replay.outgoing()) return Next(Send{*replay.outgoing()});
  const auto believed = [&] {
    return Next(Finished{.told_at = told_at(conversation), .shown = shown_with(**context, conversation)});
  };
  if (answered) return believed();
  const int failure = OSSL_CMP_CTX_get_failInfoCode(context->get());
  // Many authorities know no general message and say so in a signed error: that is an answer, too.
  const bool here = refused_by_authority(errors) && meaning_of(failure) != Meaning::transient &&
                    (failure < 0 || (failure & not_for_us) == 0);
  if (here) return believed();
  auto concluded = conclude_failure(**context, replay, conversation, errors, false);
  if (!concluded) return concluded;
  if (auto* rejected = std::get_if<Rejected>(&*concluded)) rejected->told_at = told_at(conversation);
  return concluded;
}

}  // namespace

std::vector<base::Bytes> certificates_in(base::ByteView pem_or_der) {
  std::vector<base::Bytes> all;
  for (const auto& certificate : parse_certificates(pem_or_der)) {
    all.push_back(to_der(certificate.get(), i2d_X509));
  }
  ERR_clear_error();
  return all;
}

base::Result<std::unique_ptr<Authority>> make_cmp_authority(CmpSettings settings) {
  auto credentials = Credentials::parse(settings);
  if (!credentials) return credentials.error();
  return std::unique_ptr<Authority>(std::make_unique<CmpAuthority>(settings.body, std::move(*credentials)));
}

}  // namespace madoguchi::authority
