// A citizen's visit as a value: facts, decision, PIN outcomes, and the certificates' sagas.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/actor.hpp"
#include "base/calendar.hpp"
#include "mynumber/card.hpp"
#include "renewal/attention.hpp"
#include "renewal/saga.hpp"

namespace madoguchi::renewal {

enum class State : std::uint8_t {
  open,              // facts and decision
  waiting,           // for the second visit
  ready,             // every PIN that is asked for has been checked, or set anew
  issuing,           // begun; safe to go on after any failure
  attention,         // something is unknown or needs a person
  partly_completed,  // one certificate is done, another is not
  completed,
  cancelled,
};
std::string_view name(State state);
std::optional<State> state_named(std::string_view text);
// Those of a case whose issuing has begun and not ended.
std::span<const State> states_under_way();
bool under_way(State state);

enum class PinOutcome : std::uint8_t { unverified, matched, mismatched, locked, reset, forgotten };
std::string_view name(PinOutcome outcome);
// What a clerk can tell of a PIN that was tried elsewhere; nullopt for anything else, unverified too.
std::optional<PinOutcome> outcome_named(std::string_view text);
// Has it been entered as it is, so that the card is open by it while its session lasts?
bool opens_the_card(PinOutcome outcome);

// Who issues: a certification authority that this counter speaks to, or the official terminal, on which a
// clerk works.
enum class Channel : std::uint8_t { cmp, terminal };
std::string_view name(Channel channel);

struct PinRecord {
  PinOutcome outcome = PinOutcome::unverified;
  std::string entered_by;  // "holder" or "staff"
  base::Instant at{};
};

// What the decision asks for, as far as a case needs it.
struct Plan {
  struct Certificate {
    Action action;
    std::optional<base::Date> preview;
  };
  std::string outcome;
  std::map<CertificateName, Certificate> certificates;  // only those with an action
  std::vector<mynumber::PinName> pins_required;
  std::vector<mynumber::PinName> pin_resets;
};
// Reads a decision document (contract/decision.md); internal when it is not one.
base::Result<Plan> plan_of(const boost::json::object& decision);

// Why a plugin holds a case back.
struct Hold {
  std::string ja;
  std::string en;
};

struct Case {
  std::string id;
  std::int64_t revision = 0;
  State state = State::open;
  Channel channel = Channel::cmp;  // the counter's, until the issuing begins
  base::Instant opened_at{};
  base::Instant updated_at{};
  base::Instant received_at{};  // of the reception that facts and decision are of: of the last visit's
  std::optional<base::Instant> papers_at{};  // when the documents were told, where that was later
  std::string staff;
  std::string reader;  // empty: none attached
  std::string card;    // identity; empty until a card was read
  boost::json::object facts;
  boost::json::object seen;  // what the card said, which wins over what is told (the counter's form)
  boost::json::object decision;
  std::map<mynumber::PinName, PinRecord> pins;
  std::vector<Saga> sagas;  // the authentication certificate first; empty until the issuing begins
  std::optional<Attention> attention;
  std::string cancel_reason;
  bool given_up = false;   // a clerk has cancelled it: so it is as soon as its authority knows
  bool card_gone = false;  // since the card is lost, broken or replaced, a clerk says
  // Unfinished cases with the same card that a clerk decided to pass over for this one, naming each.
  std::vector<std::string> begun_beside;
  bool has_waited = false;              // it has had a first visit, which a second one follows
  std::map<std::string, Hold> holds{};  // by the plugin, which alone lets go again
  // The digest of the policy that had decided when the case was last recorded. Not stored.
  std::string recorded_policy;
  // Who has done what is recorded now; of nobody's doing but the daemon's unless told. Not stored.
  base::Actor by{};
};

// May facts, reader and PINs still change what will be done? True until the first saga exists.
bool undecided(const Case& visit);
// Does the card hold none of that kind, as far as these facts tell, those of a case or those that were seen
// on the card? Then nothing is asked for it, no PIN either: such a card may have none.
bool absent(const boost::json::object& facts, CertificateName which);
// The first PIN that the decision asks for and that has neither matched nor been reset; nullopt: none.
std::optional<mynumber::PinName> unchecked_pin(const Case& visit);
// Is it a case whose decision has no certificate issued: a reset of PINs, or the last day looked up? Once it
// is ready, it is complete.
bool nothing_to_issue(const Case& visit);
// Has issuing begun on paper only, so that it can be decided anew? The card is as it was.
bool untouched(const Case& visit);
// The state that the PIN outcomes make of an undecided case whose decision allows it to go on.
State settled(const Case& visit);
// The state after a run of the sagas that ended with `fault` or at their end, and what a person must look at.
void settle_after_run(Case& visit, const std::optional<base::Fault>& fault);
// cancelled is possible while the old key is in place and the authority has no request, or once every begun
// saga has failed so. With a card that is gone there is nothing to save: then also wherever the new pair is
// not in use yet; from there on a case ends by itself. What is given up already can be given up again.
bool may_cancel(const Case& visit, bool card_gone = false);
// Has one that is cancelled words to exchange with its authority before it ends?
bool owes_the_authority(const Case& visit);
// Does it wait for its authority alone, so that it can go on without card and clerk?
bool waits_for_authority(const Case& visit, base::Instant now);
// May a PIN be entered now? Also while issuing, since a card forgets.
bool may_verify(const Case& visit);

// The sagas for a plan, authentication first (公的個人認証法施行規則 art. 13: the signature certificate may
// not outlive it). `old` are the card's certificates as read; `spare_slot` where the card has one. The saga
// of a certificate that the card has none of has failed from its beginning (Remedy::no_subject); the other
// goes on.
base::Result<std::vector<Saga>> plan_sagas(const Plan& plan,
                                           const std::map<CertificateName, base::Bytes>& old,
                                           bool spare_slot);
// The signature certificate's last day is capped by what the authority really gave for authentication.
void cap_by_authentication(std::vector<Saga>& sagas);

}  // namespace madoguchi::renewal
