#include "renewal/saga.hpp"

#include <array>

#include "renewal/transitions.hpp"

namespace madoguchi::renewal {
namespace {

using base::Code;
using base::make_fault;

constexpr std::array<std::string_view, 17> phase_names{"planned",
                                                       "key_intended",
                                                       "key_unknown",
                                                       "key_made",
                                                       "request_signed",
                                                       "enrolling",
                                                       "write_intended",
                                                       "written",
                                                       "activation_intended",
                                                       "activation_unknown",
                                                       "in_use",
                                                       "confirming",
                                                       "confirmed",
                                                       "revoking",
                                                       "done",
                                                       "refusing",
                                                       "failed"};
constexpr std::array<std::string_view, 27> happening_names{"interrupted",
                                                           "authority_answered",
                                                           "key_seen_unchanged",
                                                           "key_seen_new",
                                                           "key_generated",
                                                           "key_lost",
                                                           "request_signed",
                                                           "message_outgoing",
                                                           "message_incoming",
                                                           "certificate_issued",
                                                           "certificate_refused",
                                                           "rejected",
                                                           "certificate_written",
                                                           "write_torn",
                                                           "proved_in_spare",
                                                           "proved_in_place",
                                                           "activated",
                                                           "not_activated",
                                                           "confirmed",
                                                           "confirmation_unclear",
                                                           "revoked",
                                                           "revocation_needless",
                                                           "revocation_withheld",
                                                           "revocation_unclear",
                                                           "refusal_told",
                                                           "restarted",
                                                           "restarted_anew"};

// A certificate that comes back torn this often has a card that cannot hold it.
constexpr int max_torn_writes = 3;

authority::Conversation& conversation_in(Saga& saga) {
  return saga.phase == Phase::revoking ? saga.revocation : saga.enrolment;
}

base::Result<void> add_response(authority::Conversation& conversation, const base::Bytes& response) {
  if (conversation.exchanges.empty() || !conversation.exchanges.back().response.empty()) {
    return make_fault(Code::conflict, "an answer without a question");
  }
  conversation.exchanges.back().response = response;
  return {};
}

// Repeating the last unanswered message adds nothing; a new one is a new exchange.
void add_request(authority::Conversation& conversation, const base::Bytes& message) {
  const bool repeats = !conversation.exchanges.empty() && conversation.exchanges.back().response.empty() &&
                       conversation.exchanges.back().request == message;
  if (!repeats) conversation.exchanges.push_back({message, {}});
}

// What the event brings goes into the saga, whose phase is already the new one.
base::Result<void> take_in(Saga& saga, const Event& event) {
  switch (event.happening) {
    case Happening::authority_answered:
      saga.authority_seen = event.at;
      return {};
    case Happening::key_seen_unchanged:
      saga.key_before = event.bytes;
      return {};
    case Happening::key_seen_new:
    case Happening::key_generated:
      saga.key = event.bytes;
      return {};
    case Happening::request_signed:
      saga.enrolment = {event.transaction_id, event.bytes, {}};
      return {};
    case Happening::message_outgoing:
      if (saga.phase == Phase::revoking && saga.revocation.transaction_id.empty()) {
        saga.revocation.transaction_id = event.transaction_id;
      }
      add_request(conversation_in(saga), event.bytes);
      return {};
    case Happening::message_incoming:
      saga.authority_seen = event.at;
      return add_response(conversation_in(saga), event.bytes);
    case Happening::certificate_issued:
      saga.new_certificate = event.bytes;
      return {};
    case Happening::key_lost:
    case Happening::certificate_refused:
    case Happening::rejected:
      saga.failure = event.failure;
      return {};
    case Happening::write_torn:
      ++saga.torn_writes;
      return {};
    case Happening::confirmation_unclear:
      saga.confirmation_unclear = true;
      return {};
    case Happening::revocation_withheld:
    case Happening::revocation_unclear:
      saga.revocation_unclear = true;
      return {};
    case Happening::restarted_anew:
      saga.key.clear();
      saga.enrolment = {};
      saga.failure.reset();
      return {};
    case Happening::restarted:
      saga.enrolment = {};
      saga.failure.reset();
      return {};
    case Happening::interrupted:
    case Happening::certificate_written:
    case Happening::proved_in_spare:
    case Happening::proved_in_place:
    case Happening::activated:
    case Happening::not_activated:
    case Happening::confirmed:
    case Happening::revoked:
    case Happening::revocation_needless:
    case Happening::refusal_told:
      return {};
  }
  return {};
}

bool restarts(Happening happening) {
  return happening == Happening::restarted || happening == Happening::restarted_anew;
}

// An answer from the future is none: the clock has been set back.
bool authority_seen_lately(const Saga& saga, base::Instant now) {
  return saga.authority_seen && *saga.authority_seen <= now && now - *saga.authority_seen < answer_counts_for;
}

}  // namespace

std::string_view name(Phase phase) {
  return phase_names.at(static_cast<std::size_t>(phase));
}

std::optional<Phase> phase_named(std::string_view text) {
  for (std::size_t i = 0; i < phase_names.size(); ++i) {
    if (phase_names[i] == text) return static_cast<Phase>(i);
  }
  return std::nullopt;
}

std::string_view name(Happening happening) {
  return happening_names.at(static_cast<std::size_t>(happening));
}

Step next(const Saga& saga, base::Instant now) {
  switch (saga.phase) {
    case Phase::planned:
      if (!authority_seen_lately(saga, now)) return AskAuthority{};
      return ReadKey{saga.slot};
    case Phase::key_unknown:
      return ReadKey{saga.slot};
    case Phase::key_intended:
      if (!authority_seen_lately(saga, now)) return AskAuthority{};
      return GenerateKey{};
    case Phase::key_made:
      return SignRequest{};
    case Phase::request_signed:
    case Phase::enrolling:
      return Converse{Converse::About::enrolment};
    case Phase::write_intended:
      return WriteCertificate{};
    case Phase::written:
      return ReadBackAndProve{};
    case Phase::activation_intended:
      return Activate{};
    case Phase::activation_unknown:
      return ReadKey{Slot::active};
    case Phase::in_use:
    case Phase::confirming:
      return Converse{Converse::About::confirmation};
    case Phase::confirmed: {
      if (saga.old_certificate.empty()) return SkipRevocation{};
      const auto old = mynumber::parse_certificate(saga.old_certificate);
      const bool ended = !old || old->not_after <= now;
      if (ended) return SkipRevocation{};
      if (saga.confirmation_unclear) return SkipRevocation{.withheld = true};
      return Converse{Converse::About::revocation};
    }
    case Phase::revoking:
      return Converse{Converse::About::revocation};
    case Phase::refusing:
      return Converse{Converse::About::refusal};
    case Phase::done:
    case Phase::failed:
      return Nothing{};
  }
  return Nothing{};
}

bool needs_card(const Step& step) {
  return std::holds_alternative<ReadKey>(step) || std::holds_alternative<GenerateKey>(step) ||
         std::holds_alternative<SignRequest>(step) || std::holds_alternative<WriteCertificate>(step) ||
         std::holds_alternative<ReadBackAndProve>(step) || std::holds_alternative<Activate>(step);
}

bool needs_nobody(const Step& step) {
  return std::holds_alternative<Converse>(step) || std::holds_alternative<SkipRevocation>(step);
}

std::optional<mynumber::PinName> needs_pin(const Step& step, CertificateName certificate) {
  // Making a key needs none by itself, but a key that then cannot sign its request would be a key lost.
  if (std::holds_alternative<GenerateKey>(step) || std::holds_alternative<SignRequest>(step) ||
      std::holds_alternative<ReadBackAndProve>(step)) {
    return mynumber::pin_of(certificate);
  }
  return std::nullopt;
}

Event key_lost() {
  Failure failure{Code::conflict, "the slot holds another key than the one made in this case"};
  failure.key_lost = true;
  return {Happening::key_lost, {}, {}, std::move(failure)};
}

std::optional<Happening> restart_of(const Saga& saga) {
  if (saga.phase != Phase::failed || !saga.failure || !saga.failure->restartable) return std::nullopt;
  return saga.failure->key_burnt ? Happening::restarted_anew : Happening::restarted;
}

base::Result<Saga> apply(Saga saga, const Event& event) {
  const Transition* row = find_transition(saga.phase, event.happening);
  if (row == nullptr || (restarts(event.happening) && restart_of(saga) != event.happening)) {
    return make_fault(Code::conflict,
                      std::string(name(event.happening)) + " in " + std::string(name(saga.phase)));
  }
  saga.phase = row->to;
  if (const auto taken = take_in(saga, event); !taken) return taken.error();
  if (event.happening == Happening::write_torn && saga.torn_writes >= max_torn_writes) {
    return make_fault(Code::card_refused, "what was written reads back differently",
                      {{"command", "UPDATE BINARY"}, {"attempts", saga.torn_writes}});
  }
  return saga;
}

base::Result<authority::Enrolment> enrolment_of(const Saga& saga) {
  if (saga.subject_der.empty()) return make_fault(Code::internal, "an enrolment without a subject");
  return authority::Enrolment{saga.key, saga.subject_der, saga.old_certificate, saga.preview};
}

Happening judge_key(const Saga& saga, const std::optional<base::Bytes>& key_in_slot) {
  if (saga.phase == Phase::planned) return Happening::key_seen_unchanged;
  if (saga.phase == Phase::activation_unknown) {
    return key_in_slot == saga.key ? Happening::activated : Happening::not_activated;
  }
  const bool made = key_in_slot.has_value() && *key_in_slot != saga.key_before;
  return made ? Happening::key_seen_new : Happening::key_seen_unchanged;
}

base::Result<mynumber::Certificate> check_issued(const Saga& saga, base::ByteView der) {
  auto parsed = mynumber::parse_certificate(der);
  if (!parsed) return make_fault(Code::authority_mismatch, "not a certificate: " + parsed.error().inner);
  if (parsed->spki != saga.key) {
    return make_fault(Code::authority_mismatch, "issued for another key", {{"differs", "key"}});
  }
  if (parsed->subject_der != saga.subject_der) {
    return make_fault(Code::authority_mismatch, "issued for another subject", {{"differs", "subject"}});
  }
  if (!saga.old_certificate.empty()) {
    const auto old = mynumber::parse_certificate(saga.old_certificate);
    if (old && old->serial == parsed->serial && old->issuer_der == parsed->issuer_der) {
      return make_fault(Code::authority_mismatch, "the old serial again", {{"differs", "serial"}});
    }
  }
  if (parsed->not_after <= parsed->not_before) {
    return make_fault(Code::authority_mismatch, "ends before it begins", {{"differs", "validity"}});
  }
  if (parsed->last_day > saga.preview) {
    return make_fault(Code::authority_mismatch, "ends after the day that the rules allow",
                      {{"differs", "validity"}});
  }
  return std::move(*parsed);
}

}  // namespace madoguchi::renewal
