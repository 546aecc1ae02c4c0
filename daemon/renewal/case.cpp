#include "renewal/case.hpp"

#include <algorithm>
#include <array>

#include "renewal/terminal.hpp"

namespace madoguchi::renewal {
namespace {

using base::Code;
using base::make_fault;
namespace json = boost::json;

constexpr std::array<std::string_view, 8> state_names{
    "open", "waiting", "ready", "issuing", "attention", "partly_completed", "completed", "cancelled"};
constexpr std::array under_way_states{State::issuing, State::attention, State::partly_completed};
constexpr std::array<std::string_view, 6> outcome_names{"unverified", "matched", "mismatched",
                                                        "locked",     "reset",   "forgotten"};

base::Result<std::vector<mynumber::PinName>> pins_in(const json::object& decision, std::string_view key) {
  std::vector<mynumber::PinName> pins;
  const auto* list = decision.if_contains(key);
  if (list == nullptr) return pins;
  if (!list->is_array()) return make_fault(Code::internal, "a decision whose PINs are no list");
  for (const auto& item : list->get_array()) {
    const auto pin = item.is_string() ? mynumber::pin_named(item.get_string()) : std::nullopt;
    if (!pin) return make_fault(Code::internal, "a decision with a PIN of another kind");
    pins.push_back(*pin);
  }
  return pins;
}

std::optional<Action> action_in(const json::object& certificate) {
  const auto* action = certificate.if_contains("action");
  if (action == nullptr || !action->is_string()) return std::nullopt;
  if (action->get_string() == "renew") return Action::renew;
  if (action->get_string() == "issue_new") return Action::issue_new;
  return std::nullopt;
}

bool all_done(const std::vector<Saga>& sagas) {
  return std::all_of(sagas.begin(), sagas.end(), [](const Saga& s) { return s.phase == Phase::done; });
}
bool any_done(const std::vector<Saga>& sagas) {
  return std::any_of(sagas.begin(), sagas.end(), [](const Saga& s) { return s.phase == Phase::done; });
}

}  // namespace

std::string_view name(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<State> state_named(std::string_view text) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (state_names[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

std::span<const State> states_under_way() {
  return under_way_states;
}

bool under_way(State state) {
  return std::find(under_way_states.begin(), under_way_states.end(), state) != under_way_states.end();
}

std::string_view name(PinOutcome outcome) {
  return outcome_names.at(static_cast<std::size_t>(outcome));
}

std::optional<PinOutcome> outcome_named(std::string_view text) {
  const auto found = std::find(outcome_names.begin() + 1, outcome_names.end(), text);
  if (found == outcome_names.end()) return std::nullopt;
  return static_cast<PinOutcome>(found - outcome_names.begin());
}

bool opens_the_card(PinOutcome outcome) {
  return outcome == PinOutcome::matched || outcome == PinOutcome::reset;
}

std::string_view name(Channel channel) {
  return channel == Channel::terminal ? "terminal" : "cmp";
}

base::Result<Plan> plan_of(const json::object& decision) {
  Plan plan;
  const auto* outcome = decision.if_contains("outcome");
  const auto* certificates = decision.if_contains("certificates");
  if (outcome == nullptr || !outcome->is_string() || certificates == nullptr || !certificates->is_object()) {
    return make_fault(Code::internal, "not a decision");
  }
  plan.outcome = outcome->get_string();
  for (const auto& [key, value] : certificates->get_object()) {
    const auto which = mynumber::certificate_named(key);
    if (!which || !value.is_object())
      return make_fault(Code::internal, "a decision about another certificate");
    const auto action = action_in(value.get_object());
    if (!action) continue;
    const auto* day = value.get_object().if_contains("new_expires_on");
    const auto preview =
        day != nullptr && day->is_string() ? base::parse_date(day->get_string()) : std::nullopt;
    plan.certificates.emplace(*which, Plan::Certificate{*action, preview});
  }
  auto required = pins_in(decision, "pins_required");
  if (!required) return required.error();
  auto resets = pins_in(decision, "pin_resets");
  if (!resets) return resets.error();
  plan.pins_required = std::move(*required);
  plan.pin_resets = std::move(*resets);
  return plan;
}

bool undecided(const Case& visit) {
  return visit.sagas.empty() && visit.state != State::completed && visit.state != State::cancelled;
}

bool absent(const json::object& facts, CertificateName which) {
  const auto* certificates = facts.if_contains("certificates");
  const auto* about = certificates != nullptr && certificates->is_object()
                          ? certificates->get_object().if_contains(mynumber::name(which))
                          : nullptr;
  const auto* state =
      about != nullptr && about->is_object() ? about->get_object().if_contains("state") : nullptr;
  return state != nullptr && *state == "absent";
}

std::optional<mynumber::PinName> unchecked_pin(const Case& visit) {
  const auto plan = plan_of(visit.decision);
  if (!plan) return std::nullopt;
  for (const auto pin : plan->pins_required) {
    bool needless = false;
    for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
      needless = needless || (mynumber::pin_of(which) == pin && absent(visit.facts, which));
    }
    const auto found = visit.pins.find(pin);
    // Told to be forgotten after it has matched, it is set anew first: a genuine card's at the official
    // terminal, which is one of the things that it is handed over for.
    const bool lost =
        std::find(plan->pin_resets.begin(), plan->pin_resets.end(), pin) != plan->pin_resets.end();
    const bool checked =
        found != visit.pins.end() && (found->second.outcome == PinOutcome::reset ||
                                      (found->second.outcome == PinOutcome::matched && !lost));
    const bool there = lost && visit.channel == Channel::terminal;
    if (!needless && !checked && !there) return pin;
  }
  return std::nullopt;
}

bool untouched(const Case& visit) {
  if (visit.state == State::completed || visit.state == State::cancelled || visit.sagas.empty()) return false;
  return std::all_of(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) {
    const bool nothing_to_do = saga.failure && saga.failure->remedy == Remedy::no_subject;
    return nothing_to_do || !begun(saga);
  });
}

namespace {

// Whoever came for something else than certificates: for a PIN, once each that was lost has been set anew;
// for the last day nothing is kept in the case, since card.check_expiry tells it.
bool served_without_issuing(const Case& visit, const Plan& plan) {
  const auto* purpose = visit.facts.if_contains("purpose");
  if (purpose == nullptr || !purpose->is_string()) return false;
  if (purpose->get_string() == "expiry_check") return true;
  const auto set_anew = [&](mynumber::PinName pin) {
    const auto found = visit.pins.find(pin);
    return found != visit.pins.end() && found->second.outcome == PinOutcome::reset;
  };
  const bool any = std::any_of(visit.pins.begin(), visit.pins.end(),
                               [](const auto& pin) { return pin.second.outcome == PinOutcome::reset; });
  return purpose->get_string() == "pin_reset" && any &&
         std::all_of(plan.pin_resets.begin(), plan.pin_resets.end(), set_anew);
}

State decided(const Case& visit) {
  const auto plan = plan_of(visit.decision);
  if (!plan) return State::open;
  if (plan->outcome == "two_visits") return State::waiting;
  if (plan->outcome != "complete_today") return State::open;
  if (plan->certificates.empty()) return served_without_issuing(visit, *plan) ? State::ready : State::open;
  return unchecked_pin(visit) ? State::open : State::ready;
}

}  // namespace

bool nothing_to_issue(const Case& visit) {
  const auto plan = plan_of(visit.decision);
  return undecided(visit) && plan && plan->certificates.empty();
}

State settled(const Case& visit) {
  const auto state = decided(visit);
  // Whoever holds it back can only do that: what the decision does not allow stays so when it is let go.
  return visit.holds.empty() ? state : State::waiting;
}

void settle_after_run(Case& visit, const std::optional<base::Fault>& fault) {
  visit.attention.reset();
  if (all_done(visit.sagas)) {
    visit.state = State::completed;
    return;
  }
  if (visit.given_up) {
    // There is nothing that a person could look at or go on with.
    const bool open = owes_the_authority(visit);
    visit.state = !open ? State::cancelled : any_done(visit.sagas) ? State::partly_completed : State::issuing;
    return;
  }
  visit.attention = attention_after(visit.sagas, fault);
  if (any_done(visit.sagas)) {
    visit.state = State::partly_completed;
  } else {
    visit.state = visit.attention ? State::attention : State::issuing;
  }
}

bool may_cancel(const Case& visit, bool card_gone) {
  if (visit.state == State::completed || visit.state == State::cancelled) return false;
  // Only its end has not been written down.
  if (!visit.sagas.empty() && all_done(visit.sagas)) return false;
  if (visit.given_up) return true;
  return std::all_of(visit.sagas.begin(), visit.sagas.end(), [card_gone](const Saga& saga) {
    const bool failed = saga.phase == Phase::failed;
    if (card_gone) return saga.phase < Phase::in_use || saga.phase == Phase::refusing || saga.ended();
    // Planned once more after a key that was burnt, a single slot has lost the old key already. Beside a
    // spare one the old pair works, and nobody else knows of the new key before the request is sent.
    const bool untouched = saga.slot == Slot::spare
                               ? saga.phase <= Phase::request_signed && saga.phase != Phase::handed_over
                               : !begun(saga);
    const bool old_key_lives = failed && saga.slot == Slot::spare;
    // The card's pair is another case's, or its old certificate has been worth nothing before.
    const bool nothing_to_save =
        failed && saga.failure &&
        (saga.failure->remedy == Remedy::renewed_elsewhere || saga.failure->remedy == Remedy::issue_anew ||
         saga.failure->remedy == Remedy::no_subject || saga.failure->remedy == Remedy::revoked_there);
    // Whoever cancels has had the card looked at first.
    const bool came_back = saga.phase == Phase::handed_over && as_handed_over(saga);
    return untouched || old_key_lives || nothing_to_save || came_back || saga.phase == Phase::done;
  });
}

bool owes_the_authority(const Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(),
                     [](const Saga& saga) { return owes_the_authority(saga); });
}

bool waits_for_authority(const Case& visit, base::Instant now) {
  if (visit.state == State::completed || visit.state == State::cancelled) return false;
  // What is left of it needs no card, be it only the record of its end.
  if (visit.given_up) return true;
  const auto current =
      std::find_if(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) { return !saga.ended(); });
  // Ended between its last step and the record of its end.
  if (current == visit.sagas.end()) return !visit.sagas.empty() && all_done(visit.sagas);
  return needs_nobody(next(*current, now));
}

bool may_verify(const Case& visit) {
  // Of what was given up nothing touches the card any more.
  return !visit.given_up && visit.state != State::completed && visit.state != State::cancelled &&
         visit.state != State::waiting;
}

base::Result<std::vector<Saga>> plan_sagas(const Plan& plan,
                                           const std::map<CertificateName, base::Bytes>& old,
                                           bool spare_slot) {
  std::vector<Saga> sagas;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    const auto planned = plan.certificates.find(which);
    if (planned == plan.certificates.end()) continue;
    const auto before = old.find(which);
    if (!planned->second.preview) return make_fault(Code::internal, "an action without a preview");
    Saga saga;
    saga.certificate = which;
    saga.action = planned->second.action;
    saga.slot = spare_slot ? Slot::spare : Slot::active;
    saga.preview = *planned->second.preview;
    if (before == old.end()) {
      saga.phase = Phase::failed;
      saga.failure =
          Failure{Code::conflict, "no old certificate to take the subject from", Remedy::no_subject};
      sagas.push_back(std::move(saga));
      continue;
    }
    const auto parsed = mynumber::parse_certificate(before->second);
    if (!parsed) return parsed.error();
    saga.old_certificate = before->second;
    saga.subject_der = parsed->subject_der;
    sagas.push_back(std::move(saga));
  }
  return sagas;
}

void cap_by_authentication(std::vector<Saga>& sagas) {
  if (sagas.size() != 2 || !has_new_certificate(sagas[0])) return;
  const auto authentication = mynumber::parse_certificate(sagas[0].new_certificate);
  // A request that has been signed is never changed.
  const bool open = sagas[1].phase < Phase::request_signed;
  if (authentication && open) sagas[1].preview = std::min(sagas[1].preview, authentication->last_day);
}

}  // namespace madoguchi::renewal
