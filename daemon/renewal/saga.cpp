#include "renewal/saga.hpp"

#include <array>
#include <utility>

#include "authority/conversation.hpp"
#include "renewal/transitions.hpp"

namespace madoguchi::renewal {
namespace {

using base::Code;
using base::make_fault;

constexpr std::array<std::string_view, 18> phase_names{"planned",
                                                       "handed_over",
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
constexpr std::array<std::string_view, 43> happening_names{"interrupted",
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
                                                           "write_given_up",
                                                           "proved_in_spare",
                                                           "proved_in_place",
                                                           "activated",
                                                           "not_activated",
                                                           "confirmed",
                                                           "confirmation_unclear",
                                                           "status_good",
                                                           "status_revoked",
                                                           "status_unknown",
                                                           "status_unanswered",
                                                           "revoked",
                                                           "revocation_needless",
                                                           "revocation_withheld",
                                                           "revocation_unclear",
                                                           "refusal_told",
                                                           "refusal_unclear",
                                                           "restarted",
                                                           "restarted_anew",
                                                           "restarted_writing",
                                                           "card_gone",
                                                           "withdrawn",
                                                           "put_off",
                                                           "handed_over",
                                                           "terminal_unfinished",
                                                           "terminal_differs",
                                                           "proved_from_card",
                                                           "accepted_by_clerk",
                                                           "hand_over_withdrawn"};
constexpr std::array<std::string_view, 11> remedy_names{
    "ask",        "same_key",   "another_key",   "another_size", "write_again", "renewed_elsewhere",
    "issue_anew", "no_subject", "revoked_there", "card_gone",    "given_up"};

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

// What the event brings goes into the saga, whose phase is already the new one.
base::Result<void> take_in(Saga& saga, const Event& event) {
  switch (event.happening) {
    case Happening::authority_answered:
      saga.authority_seen = event.at;
      return {};
    case Happening::key_seen_unchanged:
      // An interruption may have cost the only key: what was there is not forgotten because it is gone.
      saga.emptied = saga.slot == Slot::active && event.bytes.empty() && !saga.key_before.empty();
      if (!saga.emptied) saga.key_before = event.bytes;
      saga.planned_anew = false;
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
      authority::add_request(conversation_in(saga), event.bytes);
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
    case Happening::write_given_up:
    case Happening::card_gone:
    case Happening::withdrawn:
      saga.failure = event.failure;
      return {};
    case Happening::put_off:
      // What is lost stays known as lost.
      if (nothing_lost(saga)) saga.key_before.clear();
      saga.planned_anew = true;
      return {};
    case Happening::handed_over:
      saga.handed_over_at = event.at;
      return {};
    case Happening::terminal_unfinished:
    case Happening::terminal_differs:
    case Happening::proved_from_card:
    case Happening::accepted_by_clerk:
      saga.proof = event.proof;
      saga.new_certificate = event.bytes;
      return {};
    case Happening::hand_over_withdrawn:
      saga.handed_over_at = {};
      saga.proof.reset();
      saga.new_certificate.clear();
      return {};
    case Happening::write_torn:
      ++saga.torn_writes;
      return {};
    case Happening::confirmation_unclear:
      saga.confirmation_unclear = true;
      return {};
    case Happening::status_good:
      saga.confirmation_unclear = false;
      return {};
    case Happening::status_revoked:
      saga.failure = event.failure;
      // Which of the two it wants to be good, only the authority can say.
      saga.revocation_unclear = !saga.old_certificate.empty();
      return {};
    case Happening::status_unknown:
      saga.status_unknown = true;
      return {};
    case Happening::status_unanswered:
      ++saga.status_unanswered;
      return {};
    case Happening::revocation_withheld:
    case Happening::revocation_unclear:
      saga.revocation_unclear = true;
      return {};
    case Happening::refusal_unclear:
      saga.refusal_unclear = true;
      return {};
    case Happening::restarted_writing:
      saga.torn_writes = 0;
      saga.failure.reset();
      return {};
    case Happening::restarted_anew:
      // With none of its own, one may have been made all the same: what was there is not forgotten.
      if (!saga.key.empty()) saga.key_before = std::exchange(saga.key, {});
      saga.planned_anew = true;
      saga.torn_writes = 0;
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
  return happening == Happening::restarted || happening == Happening::restarted_anew ||
         happening == Happening::restarted_writing;
}

// An answer from the future is none: the clock has been set back.
bool authority_seen_lately(const Saga& saga, base::Instant now) {
  return saga.authority_seen && *saga.authority_seen <= now && now - *saga.authority_seen < answer_counts_for;
}

bool asks_status(const Saga& saga) {
  return saga.confirmation_unclear && !saga.status_unknown && saga.status_unanswered < max_status_unanswered;
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

std::string_view name(Remedy remedy) {
  return remedy_names.at(static_cast<std::size_t>(remedy));
}

std::optional<Remedy> remedy_named(std::string_view text) {
  for (std::size_t i = 0; i < remedy_names.size(); ++i) {
    if (remedy_names[i] == text) return static_cast<Remedy>(i);
  }
  return std::nullopt;
}

std::string_view name(Happening happening) {
  return happening_names.at(static_cast<std::size_t>(happening));
}

Step next(const Saga& saga, base::Instant now, Offers offers) {
  switch (saga.phase) {
    case Phase::planned:
      if (!authority_seen_lately(saga, now)) return AskAuthority{};
      return ReadKey{saga.slot};
    case Phase::handed_over:
      return TakeBack{};
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
      if (offers.status && asks_status(saga)) return AskStatus{};
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
         std::holds_alternative<ReadBackAndProve>(step) || std::holds_alternative<Activate>(step) ||
         std::holds_alternative<TakeBack>(step);
}

bool needs_nobody(const Step& step) {
  return std::holds_alternative<Converse>(step) || std::holds_alternative<AskStatus>(step) ||
         std::holds_alternative<SkipRevocation>(step);
}

bool lets_the_next_go_on(const Saga& saga) {
  if (saga.phase == Phase::failed && saga.failure) {
    return saga.failure->remedy == Remedy::no_subject || saga.failure->remedy == Remedy::revoked_there;
  }
  return saga.phase == Phase::confirmed && saga.confirmation_unclear && saga.status_unanswered > 0;
}

std::optional<mynumber::PinName> needs_pin(const Step& step, CertificateName certificate) {
  // Making a key needs none by itself, but a key that then cannot sign its request would be a key lost.
  if (std::holds_alternative<GenerateKey>(step) || std::holds_alternative<SignRequest>(step) ||
      std::holds_alternative<ReadBackAndProve>(step)) {
    return mynumber::pin_of(certificate);
  }
  return std::nullopt;
}

bool has_new_certificate(const Saga& saga) {
  if (saga.new_certificate.empty()) return false;
  if (saga.phase != Phase::failed)
    return saga.phase == Phase::handed_over ||
           (saga.phase >= Phase::write_intended && saga.phase <= Phase::done);
  return saga.failure &&
         (saga.failure->remedy == Remedy::write_again || saga.failure->remedy == Remedy::revoked_there);
}

bool owes_the_authority(const Saga& saga) {
  if (saga.phase == Phase::failed) return saga.failure && saga.failure->remedy == Remedy::write_again;
  return (saga.phase >= Phase::enrolling && saga.phase < Phase::done) || saga.phase == Phase::refusing;
}

std::optional<Event> given_back(const Saga& saga, bool card_gone) {
  const auto happening = card_gone ? Happening::card_gone : Happening::withdrawn;
  if (!owes_the_authority(saga) || find_transition(saga.phase, happening) == nullptr) return std::nullopt;
  auto failure = card_gone ? Failure{Code::conflict, "the card is gone", Remedy::card_gone}
                           : Failure{Code::conflict, "the case was cancelled", Remedy::given_up};
  return Event{happening, {}, {}, std::move(failure)};
}

bool begun(const Saga& saga) {
  return saga.phase != Phase::planned || !saga.key_before.empty();
}

bool nothing_lost(const Saga& saga) {
  if (saga.slot == Slot::spare || saga.key_before.empty()) return true;
  if (saga.emptied) return false;
  const auto old = mynumber::parse_certificate(saga.old_certificate);
  return !old || old->spki == saga.key_before;
}

std::optional<Event> put_off(const Saga& saga) {
  if (saga.phase != Phase::key_intended) return std::nullopt;
  return Event{Happening::put_off, {}, {}, {}};
}

bool looks_before_restart(const Saga& saga) {
  return saga.phase == Phase::failed && saga.failure && saga.failure->remedy == Remedy::renewed_elsewhere;
}

bool old_key_at_stake(const Saga& saga) {
  return looks_before_restart(saga) && saga.slot == Slot::active &&
         (!saga.key.empty() || !saga.key_before.empty());
}

std::optional<Happening> restart_of(const Saga& saga) {
  if (saga.phase != Phase::failed || !saga.failure) return std::nullopt;
  switch (saga.failure->remedy) {
    case Remedy::same_key:
      return Happening::restarted;
    case Remedy::another_key:
    case Remedy::another_size:
    case Remedy::renewed_elsewhere:
      return Happening::restarted_anew;
    case Remedy::write_again:
      return Happening::restarted_writing;
    case Remedy::ask:
      // A single slot's old key is gone: without a way on the card would stay as it is for ever. Whatever the
      // authority knows of this key, it knows nothing of the next.
      if (saga.slot == Slot::active) return Happening::restarted_anew;
      return std::nullopt;
    case Remedy::issue_anew:
    case Remedy::no_subject:
    case Remedy::revoked_there:
    case Remedy::card_gone:
    case Remedy::given_up:
      return std::nullopt;
  }
  return std::nullopt;
}

bool key_to_be_made(const Saga& saga) {
  if (saga.phase == Phase::planned) return true;
  const bool anew = restart_of(saga) == Happening::restarted_anew;
  return anew && (!looks_before_restart(saga) || old_key_at_stake(saga));
}

bool may_yet_make_a_key(const Saga& saga) {
  switch (saga.phase) {
    case Phase::planned:
    case Phase::key_intended:
    case Phase::key_unknown:
    case Phase::key_made:
    case Phase::request_signed:
    case Phase::enrolling:
    case Phase::write_intended:
    case Phase::written:
    case Phase::activation_intended:
    case Phase::activation_unknown:
    case Phase::refusing:
      return true;
    case Phase::failed:
      return restart_of(saga).has_value();
    case Phase::handed_over:
    case Phase::in_use:
    case Phase::confirming:
    case Phase::confirmed:
    case Phase::revoking:
    case Phase::done:
      return false;
  }
  return false;
}

base::Result<Saga> apply(Saga saga, const Event& event) {
  const Transition* row = find_transition(saga.phase, event.happening);
  const bool gone = event.happening == Happening::card_gone;
  const bool refused = (restarts(event.happening) && restart_of(saga) != event.happening) ||
                       ((gone || event.happening == Happening::withdrawn) && !given_back(saga, gone)) ||
                       (event.happening == Happening::put_off && !put_off(saga));
  if (row == nullptr || refused) {
    return make_fault(Code::conflict,
                      std::string(name(event.happening)) + " in " + std::string(name(saga.phase)));
  }
  saga.phase = row->to;
  if (const auto taken = take_in(saga, event); !taken) return taken.error();
  return saga;
}

base::Result<authority::Enrolment> enrolment_of(const Saga& saga) {
  if (saga.subject_der.empty()) return make_fault(Code::internal, "an enrolment without a subject");
  // A new issuance updates nothing (oldCertID, RFC 4211 6.5), and an authority refuses one that names a
  // revoked certificate.
  auto predecessor = saga.action == Action::renew ? saga.old_certificate : base::Bytes{};
  return authority::Enrolment{saga.key, saga.subject_der, std::move(predecessor), saga.preview};
}

}  // namespace madoguchi::renewal
