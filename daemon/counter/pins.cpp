// cases.verify_pin and cases.reset_pin: the intent is durable before a PIN goes to the card, the outcome
// after.
#include <algorithm>

#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "inside.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CardState;
using mynumber::PinName;
using renewal::PinOutcome;
using smartcard::Channel;

// A signature certificate can be read only now; an absent or damaged one is no reason to fail the PIN.
struct Checked {
  int tries = 0;
  std::optional<mynumber::Certificate> signature;
};

json::object note_for(const PinRequest& request) {
  return {{"pin", mynumber::name(request.pin)}, {"entered_by", request.entered_by}, {"staff", request.staff}};
}

// The journal's word for how a check ended; empty when nothing was sent to the card.
std::string_view record_for(const base::Fault& fault) {
  switch (fault.code) {
    case Code::pin_wrong:
      return "pin.mismatched";
    case Code::pin_locked:
      return "pin.locked";
    case Code::pin_malformed:
    case Code::pin_last_try:
    case Code::pin_tries_changed:
    case Code::card_absent:
    case Code::card_different:
    case Code::reader_busy:
      return {};
    default:
      return "pin.unclear";
  }
}

}  // namespace

Later<PinReply> Desk::verify_pin(PinRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  // Before anything else, so that a mistyped PIN costs neither a case's time nor a try.
  if (const auto formed = mynumber::well_formed(inside_->parts.profile, request.pin, request.value);
      !formed) {
    co_return formed.error();
  }
  const Gate::Pass pass = co_await inside_->gate.enter(request.id);
  auto visit = inside_->recorder.load(request.id);
  if (!visit) co_return visit.error();
  if (!renewal::may_verify(*visit)) {
    co_return make_fault(Code::conflict, "no PIN is asked for", {{"state", renewal::name(visit->state)}});
  }
  if (visit->reader.empty()) co_return make_fault(Code::conflict, "no reader is attached to the case");
  co_return co_await inside_->check_pin(std::move(*visit), std::move(request));
}

Later<PinReply> Desk::Inside::check_pin(renewal::Case visit, PinRequest request) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit.reader, visit.id, visit.card);
  if (!use) co_return use.error();
  const auto pin = request.pin;
  const auto entered_by = request.entered_by;
  json::object note = note_for(request);
  if (const auto noted = recorder.record(visit, {{"pin.intent", note}}, {}); !noted) co_return noted.error();

  auto secret = std::make_shared<base::Secret>(std::move(request.value));
  auto job = [profile = &parts.profile, pin, secret, guards = request.guards](
                 Channel& card, CardState& state) -> base::Result<Checked> {
    const base::Secret value = std::move(*secret);
    const auto tries = mynumber::verify_pin(card, state, *profile, pin, value, guards);
    if (!tries) return tries.error();
    Checked checked{*tries, std::nullopt};
    if (pin == PinName::signature) {
      auto read = mynumber::read_certificate(card, state, *profile, mynumber::CertificateName::signature);
      if (read) checked.signature = std::move(*read);
    }
    return checked;
  };
  base::Result<Checked> checked = co_await use->work<Checked>(std::move(job));
  PinOutcome outcome = PinOutcome::matched;
  std::string_view record = "pin.matched";
  if (!checked) {
    record = record_for(checked.error());
    if (record.empty()) co_return checked.error();
    outcome = checked.error().code == Code::pin_wrong    ? PinOutcome::mismatched
              : checked.error().code == Code::pin_locked ? PinOutcome::locked
                                                         : PinOutcome::unverified;
    note["reason"] = base::entry(checked.error().code).reason;
  }
  visit.pins[pin] = {outcome, entered_by};
  if (renewal::undecided(visit)) {
    overlay_pin(visit.facts, pin, outcome);
    if (checked && checked->signature) overlay_signature(visit.facts, *checked->signature);
    if (const auto decided = decide(visit); !decided) co_return decided.error();
  }
  json::object data{{"pin", mynumber::name(pin)},
                    {"outcome", renewal::name(outcome)},
                    {"state", renewal::name(visit.state)}};
  const auto noted =
      recorder.record(visit, {{std::string(record), std::move(note)}}, {{"case.updated", std::move(data)}});
  if (!noted) co_return noted.error();
  if (!checked) co_return checked.error();
  co_return PinReply{std::move(visit), checked->tries};
}

Later<PinReply> Desk::reset_pin(PinRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  if (const auto formed = mynumber::well_formed(inside_->parts.profile, request.pin, request.value);
      !formed) {
    co_return formed.error();
  }
  const Gate::Pass pass = co_await inside_->gate.enter(request.id);
  auto visit = inside_->recorder.load(request.id);
  if (!visit) co_return visit.error();
  const auto plan = renewal::plan_of(visit->decision);
  const bool allowed =
      plan && renewal::undecided(*visit) &&
      std::find(plan->pin_resets.begin(), plan->pin_resets.end(), request.pin) != plan->pin_resets.end() &&
      plan->outcome == "complete_today";
  if (!allowed) {
    co_return make_fault(Code::conflict, "the decision does not ask for this PIN to be initialised",
                         {{"pin", mynumber::name(request.pin)}});
  }
  if (visit->reader.empty()) co_return make_fault(Code::conflict, "no reader is attached to the case");
  if (inside_->parts.admin == nullptr || inside_->parts.terminal == nullptr) {
    co_return make_fault(Code::card_unknown, "no administrative commands for this card generation");
  }
  co_return co_await inside_->set_pin(std::move(*visit), std::move(request));
}

Later<PinReply> Desk::Inside::set_pin(renewal::Case visit, PinRequest request) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit.reader, visit.id, visit.card);
  if (!use) co_return use.error();
  const auto pin = request.pin;
  json::object note = note_for(request);
  if (const auto noted = recorder.record(visit, {{"pin.reset_intent", note}}, {}); !noted)
    co_return noted.error();

  auto secret = std::make_shared<base::Secret>(std::move(request.value));
  auto job = [admin = parts.admin, terminal = parts.terminal, profile = &parts.profile, pin, secret](
                 Channel& card, CardState& state) -> base::Result<int> {
    const base::Secret value = std::move(*secret);  // wiped when this returns, however it does
    // The terminal's rights belong to the application that is current, which the command set knows.
    if (!state.terminal_authenticated) {
      if (const auto known = admin->authenticate(card, state, *terminal); !known) return known.error();
    }
    if (const auto reset = admin->reset_pin(card, state, pin, value); !reset) return reset.error();
    return mynumber::verify_pin(card, state, *profile, pin, value, {});
  };
  base::Result<int> tries = co_await use->work<int>(std::move(job));
  if (tries) {
    visit.pins[pin] = {PinOutcome::reset, request.entered_by};
    overlay_pin(visit.facts, pin, PinOutcome::reset);
    // The decision still lists the PIN among those reset today; it is asked for no more.
    visit.state = renewal::settled(visit);
  } else {
    note["reason"] = base::entry(tries.error().code).reason;
  }
  json::object data{{"pin", mynumber::name(pin)},
                    {"outcome", tries ? "reset" : "unverified"},
                    {"state", renewal::name(visit.state)}};
  const auto noted = recorder.record(visit, {{tries ? "pin.reset" : "pin.reset_failed", std::move(note)}},
                                     {{"case.updated", std::move(data)}});
  if (!noted) co_return noted.error();
  if (!tries) co_return tries.error();
  co_return PinReply{std::move(visit), *tries};
}

}  // namespace madoguchi::counter
