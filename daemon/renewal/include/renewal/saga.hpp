// The renewal of one certificate as a value: where it stands, what comes next, what an outcome makes of it.
//
// The sequence is crash-safe because each phase is durable before the step that it announces is taken: after
// a crash the phase tells what is certain, what is unknown, and what to look at on the card first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "authority/authority.hpp"
#include "authority/terminal.hpp"
#include "base/calendar.hpp"
#include "mynumber/card.hpp"

namespace madoguchi::renewal {

using mynumber::CertificateName;
using mynumber::Slot;

enum class Action : std::uint8_t {
  renew,      // 更新: in the window and before the old certificate's end
  issue_new,  // 新規発行: the old one has ended or was revoked
};

enum class Phase : std::uint8_t {
  planned,              // nothing has touched the card
  handed_over,          // the official terminal may have changed the card: look at it
  key_intended,         // a key is about to be made in the slot; what was there before is known
  key_unknown,          // interrupted there: look at the slot's key
  key_made,             // the new public key is known
  request_signed,       // the card has signed its proof of possession
  enrolling,            // the request may have reached the authority: only its bytes may be sent again
  write_intended,       // the certificate has arrived and fits the key; it may be half on the card
  written,              // the write was reported done; to be read back and challenged
  activation_intended,  // proved in the spare slot; the slots are about to be exchanged
  activation_unknown,   // interrupted there: look at the active slot's key
  in_use,               // the card holds the new pair and its key has answered
  confirming,           // the confirmation may have reached the authority
  confirmed,            // the old certificate may be revoked now
  revoking,             // the revocation may have reached the authority
  done,
  refusing,  // the authority's certificate does not fit: it is being told so
  failed,    // ended without a new certificate; `failure` says why
};
std::string_view name(Phase phase);
std::optional<Phase> phase_named(std::string_view text);

// What happened. `interrupted` is applied to whatever is read back from the store before going on.
enum class Happening : std::uint8_t {
  interrupted,
  authority_answered,  // it is there and speaks to this counter
  key_seen_unchanged,  // the slot holds what it held before (or, at first, this is what it holds)
  key_seen_new,        // the slot holds another key than before: it had been made
  key_generated,
  key_lost,  // the card was renewed outside this saga: its certificate or the slot's key is another
  request_signed,
  message_outgoing,  // to be recorded before it is sent
  message_incoming,
  certificate_issued,
  certificate_refused,  // issued, but not for this key or subject
  rejected,             // the authority said no
  certificate_written,
  write_torn,      // reading back gave something else
  write_given_up,  // and did so too often
  proved_in_spare,
  proved_in_place,
  activated,
  not_activated,  // looked at after an interruption: the slots have not been exchanged
  confirmed,
  confirmation_unclear,  // the authority's answer to a confirmation that was sent is no answer
  status_good,           // asked then, it has the new certificate as good: its confirmation has counted
  status_revoked,        // it has revoked the new certificate
  status_unknown,        // it does not know
  status_unanswered,     // nobody said anything that can be believed
  revoked,
  revocation_needless,  // there is nothing to revoke: it has ended by itself
  revocation_withheld,  // there is, but the new certificate was never confirmed
  revocation_unclear,
  refusal_told,
  refusal_unclear,    // the authority did not take it: it may keep a certificate as good that nobody uses
  restarted,          // a person wants another try after a failure that left the key good
  restarted_anew,     // the same after one that left the key worthless
  restarted_writing,  // the same after a card that did not keep its certificate
  card_gone,    // a person says that the card is lost, broken or replaced: the certificate is given back
  withdrawn,    // a person has cancelled the case of a card that did not keep it: so it is as well
  put_off,      // no key was made on the day that it was decided for: it is for another one to decide
  handed_over,  // to the official terminal: recorded before the reader is let go
  terminal_unfinished,  // the card came back, and is not done as far as it was seen
  terminal_differs,     // the card came back with something else than was decided
  proved_from_card,
  accepted_by_clerk,    // what could not be proved, or differs and can be used
  hand_over_withdrawn,  // nothing was done with the card: it is for another decision
};
std::string_view name(Happening happening);

// What another try would have to be.
enum class Remedy : std::uint8_t {
  ask,       // the authority may know this request already (duplicateCertReq ...): a person asks there first
  same_key,  // nothing stands against another request for the same key
  // The authority was told to drop a certificate for this key. Many revoke it then and never certify the key
  // again.
  another_key,
  another_size,  // the same of one that the card's file does not hold: another will be as large, until
                 // the authority issues others
  write_again,   // the certificate is good, but the card did not keep it
  // The card was renewed outside the case meanwhile: none, unless it shows on another look that it was not.
  renewed_elsewhere,
  // None: the authority has the old certificate as revoked, which makes the renewal a new issuance with dates
  // of its own (規則 art. 13, 49): another case's.
  issue_anew,
  // None: the subject is taken over from the certificate that is replaced, and the card has none. The other
  // certificate's cannot stand in for it: each has an opaque name of its own, and only one tells where one
  // lives.
  no_subject,
  // None: the card works, but the authority has revoked its new certificate, so that the next one is a new
  // issuance: another case's.
  revoked_there,
  card_gone,  // none: there is no card to go on with
  given_up,   // none: the case was cancelled
};
std::string_view name(Remedy remedy);
std::optional<Remedy> remedy_named(std::string_view text);

struct Failure {
  base::Code code = base::Code::internal;
  std::string inner;
  Remedy remedy = Remedy::ask;
};

struct Saga {
  CertificateName certificate = CertificateName::authentication;
  Action action = Action::renew;
  Phase phase = Phase::planned;
  Slot slot = Slot::active;  // where the new key is made; Slot::active destroys the old key
  base::Date preview{};      // last day that the rules promise
  base::Bytes old_certificate;
  base::Bytes subject_der;
  base::Bytes key_before;     // the slot's public key before; empty: none
  bool emptied = false;       // a single slot no longer holds it, nor any other
  bool planned_anew = false;  // put off, or after a failure: before a key is made it is judged
  base::Bytes key;            // the new public key
  std::optional<base::Instant> authority_seen;  // when it last answered
  authority::Conversation enrolment;
  authority::Conversation revocation;
  base::Bytes new_certificate;
  int torn_writes = 0;
  bool confirmation_unclear = false;
  bool status_unknown = false;  // the authority was asked about the new certificate, and does not know
  int status_unanswered = 0;    // how often it was asked in vain
  bool revocation_unclear = false;
  bool refusal_unclear = false;  // of a certificate that is not used: other tries do not change it
  std::optional<Failure> failure;
  // On the official terminal's channel: since when, and what the card held then when `old_certificate` has
  // not been read; and what it showed when it was last looked at.
  base::Instant handed_over_at{};
  bool absent_before = false;
  std::string serial_before;
  bool undecided = false;  // the card came back with it; `preview` is the last day that it has
  std::optional<authority::terminal::Proof> proof;

  [[nodiscard]] bool ended() const { return phase == Phase::done || phase == Phase::failed; }
};

// An outcome with what it brings.
struct Event {
  Happening happening;
  base::Bytes bytes;           // key, message, response, certificate or request body
  base::Bytes transaction_id;  // with request_signed
  std::optional<Failure> failure;
  base::Instant at{};  // of the authority's answer: with authority_answered and message_incoming
  std::optional<authority::terminal::Proof> proof{};  // of the card that came back from the official terminal
};

// What is to be done next. Steps on the card name what they need; Converse is for the authority.
struct AskAuthority {};  // is it there? Nothing is remembered of it on either side
struct ReadKey {
  Slot slot;  // the slot where the key is made, or the active one after an activation
};
struct GenerateKey {};
struct SignRequest {};
struct Converse {
  enum class About : std::uint8_t { enrolment, confirmation, refusal, revocation };
  About about;
};
struct WriteCertificate {};
struct ReadBackAndProve {};
struct Activate {};
struct AskStatus {
};  // does the authority stand by the new certificate? Nothing is remembered of it on its side
struct SkipRevocation {
  // The authority never confirmed the new certificate and may have dropped it: then the old one is the only
  // good one, and revoking it is for a person to decide.
  bool withheld = false;
};
struct TakeBack {};  // looks at what the official terminal has done, once a clerk has the card again
struct Nothing {};
using Step = std::variant<AskAuthority, ReadKey, GenerateKey, SignRequest, Converse, WriteCertificate,
                          ReadBackAndProve, Activate, AskStatus, SkipRevocation, TakeBack, Nothing>;

// The card is left as it is until the authority has answered lately: an authority that is away must not cost
// the holder a key, which on a card with a single slot is the only one. `now` decides whether that is so, and
// whether the old certificate still needs revoking.
constexpr std::chrono::minutes answer_counts_for{2};
// What the saga's authority can be asked beside its own conversation.
struct Offers {
  bool status = false;  // whether a certificate is good
};
// A status that nobody answers is asked for so often, once a run, and is then a person's to find out: with
// the pauses of what goes on by itself that is within the hour, and a clerk who does not want to wait gets to
// the end by going on.
constexpr int max_status_unanswered = 4;
Step next(const Saga& saga, base::Instant now, Offers offers = {});
bool needs_card(const Step& step);
// Can it be taken without the card and without a person? Only words with the authority about what has begun.
bool needs_nobody(const Step& step);
// The PIN that must have been verified for it; nullopt when none is needed.
std::optional<mynumber::PinName> needs_pin(const Step& step, CertificateName certificate);

// Does a saga that has come to a stop leave the next one its turn? What cannot be issued here at all, and
// what only the authority still has to tell while the card is done.
bool lets_the_next_go_on(const Saga& saga);

// Is `new_certificate` the card's, or going to be? One that was given back is kept only because the card may
// still hold it, or a part of it.
bool has_new_certificate(const Saga& saga);

// Is the authority still to be told of a certificate that will not be used, or to say what became of the
// request?
bool owes_the_authority(const Saga& saga);
// What is to be done with the certificate of a case that was cancelled, with its card gone or without;
// nullopt where there is none to give back.
std::optional<Event> given_back(const Saga& saga, bool card_gone);

// Has anything been done for it? Planned once more after a key that was burnt, it has.
bool begun(const Saga& saga);

// A single slot's own key, or whatever a spare slot held, is what it was when the saga began, if nothing was
// made since: nobody has lost anything, and what is to be done can be decided anew.
bool nothing_lost(const Saga& saga);
// How one that is about to make a key, and is seen not to have, leaves it to another decision; what is lost
// stays known as lost, so that it is not cancelled meanwhile.
std::optional<Event> put_off(const Saga& saga);

// How another try begins after a failure; nullopt when there has been none, or the case is to be cancelled:
// then the card's old pair is as it was, or worth nothing whatever this case does.
std::optional<Happening> restart_of(const Saga& saga);
// Is a key still to be made for it, the first or another in place of one that was given up? Then nothing of
// it is settled, and the day that it is made on decides about it.
bool key_to_be_made(const Saga& saga);
// May one still have to be made, be it only because the authority or the card turns away what there is? Not
// once the card uses the new pair, nor of what the official terminal does: it asks for the PINs itself.
bool may_yet_make_a_key(const Saga& saga);
// Only where the card has been looked at again, and shows that the failure was none: what a reader altered on
// the way must not end a case for ever.
bool looks_before_restart(const Saga& saga);
// Of such a one: a single slot's old key is gone by then, or may be. Unless the card shows that it works
// without this case it is not cancelled, and goes on on another day too.
bool old_key_at_stake(const Saga& saga);

// The saga after the event; conflict when the table has no such transition, or when a restart is not the one
// that restart_of() names: a key that is good is never replaced, one that is burnt never used again.
base::Result<Saga> apply(Saga saga, const Event& event);

// What to ask the authority for.
base::Result<authority::Enrolment> enrolment_of(const Saga& saga);

}  // namespace madoguchi::renewal
