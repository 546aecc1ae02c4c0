// cases.reset_pin: the intent is durable before a PIN is initialised, the outcome after, and what is not
// known is not claimed.
#include <algorithm>
#include <atomic>

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

bool among(const std::vector<PinName>& pins, PinName pin) {
  return std::find(pins.begin(), pins.end(), pin) != pins.end();
}

// From `changed` on the old PIN is gone, also when one of the register's two places took the new one only.
enum class HowFar : std::uint8_t { untouched, sent, changed };

// The card's own refusal; anything else leaves open whether it has done it.
bool says_no(const base::Fault& fault) {
  switch (fault.code) {
    case Code::card_refused:
    case Code::card_unknown:
    case Code::not_found:
    case Code::pin_locked:
    case Code::pin_required:
      return true;
    default:
      return false;
  }
}

}  // namespace

base::Result<void> Desk::Inside::may_reset(const renewal::Case& visit, PinName pin) {
  const auto refuse = [&](const json::object& decision) {
    json::object details{{"pin", mynumber::name(pin)}};
    for (const auto* key : {"outcome", "missing"}) {
      if (const auto* value = decision.if_contains(key)) details[key] = *value;
    }
    if (const auto* missing = decision.if_contains("missing");
        missing != nullptr && missing->is_array() && !missing->get_array().empty()) {
      details["call"] = "cases.update";
      details["ja"] =
          "暗証番号の再設定に必要な書類がそろっていません。書類を受付に追加してから再設定してください。";
      details["en"] =
          "The papers that setting the PIN anew takes are not there: add them to the case, then set it anew.";
    }
    const auto known = visit.pins.find(pin);
    if (known != visit.pins.end() && known->second.outcome == PinOutcome::reset) {
      details["already"] = "reset";
      details["ja"] =
          "この暗証番号はこの受付で再設定済みです。もう一度再設定する場合は、暗証番号を「忘れた」としてから行"
          "ってください。";
      details["en"] =
          "This PIN has been set anew in this case. To set it once more, tell first that it is forgotten.";
    }
    return make_fault(Code::conflict, "the decision does not ask for this PIN to be initialised",
                      std::move(details));
  };
  const auto decided = renewal::plan_of(visit.decision);
  const bool ended = visit.state == renewal::State::completed || visit.state == renewal::State::cancelled;
  if (!decided || ended || visit.given_up) {
    return refuse(visit.decision);
  }
  // Nothing is known here of why: it may be the holder's answer that a reset rests upon.
  if (renewal::undecided(visit) && !visit.holds.empty()) {
    const auto& [plugin, why] = *visit.holds.begin();
    return make_fault(Code::conflict, plugin + " holds the case back",
                      {{"pin", mynumber::name(pin)}, {"plugin", plugin}, {"ja", why.ja}, {"en", why.en}});
  }
  // What was decided stands once issuing has begun, but a PIN may be locked at any time, and a case that
  // cannot be given its PIN never ends.
  const bool begun = !renewal::undecided(visit);
  if (begun && !among(decided->pins_required, pin)) return refuse(visit.decision);
  auto today = begun ? as_of_now(visit, visit.seen) : visit;
  const auto stands = begun ? decide(today) : still_as_decided(today, visit.seen);
  if (!stands) return stands.error();
  const auto plan = renewal::plan_of(today.decision);
  if (!plan) return plan.error();
  if (!among(plan->pin_resets, pin) || plan->outcome != "complete_today") return refuse(today.decision);
  return {};
}

Later<PinReply> Desk::reset_pin(PinRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  base::Result<Inside::TakenUp> taken = co_await inside_->take_up(request);
  if (!taken) co_return taken.error();
  auto& visit = taken->visit;
  if (const auto allowed = inside_->may_reset(visit, request.pin); !allowed) co_return allowed.error();
  const auto tools = tools_of(inside_->parts);
  if (!tools) {
    auto fault = tools.error();
    // Set there, its outcome is told.
    if (inside_->parts.channel == renewal::Channel::terminal) fault.details["call"] = "cases.record_pin";
    co_return fault;
  }
  co_return co_await inside_->set_pin(std::move(visit), std::move(request), *tools);
}

Later<PinReply> Desk::Inside::set_pin(renewal::Case visit, PinRequest request, CardTools tools) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return use.error();
  const auto pin = request.pin;
  if (const auto wanted = still_wanted(request); !wanted) co_return wanted.error();
  json::object note = note_for(request);
  if (const auto noted = recorder.record(visit, {{"pin.reset_intent", note}}, {}); !noted)
    co_return noted.error();

  auto secret = std::make_shared<base::Secret>(std::move(request.value));
  const auto how_far = std::make_shared<std::atomic<HowFar>>(HowFar::untouched);
  auto job = [tools, pin, secret, how_far](Channel& card, CardState& state) -> base::Result<Opened> {
    const base::Secret value = std::move(*secret);  // wiped when this returns, however it does
    *how_far = HowFar::sent;
    if (const auto reset = tools.admin->reset_pin(card, state, pin, value); !reset) {
      if (reset.error().details.contains("partly")) *how_far = HowFar::changed;
      return reset.error();
    }
    *how_far = HowFar::changed;
    const auto tries = mynumber::verify_pin(card, state, *tools.profile, pin, value, {});
    if (!tries) return tries.error();
    return opened_by(pin, *tries, card, state, *tools.profile);
  };
  base::Result<Opened> opened = co_await use->work<Opened>(with_rights(tools, std::move(job)));
  if (opened) {
    const int tries = opened->tries;
    visit.pins[pin] = {PinOutcome::reset, request.entered_by, parts.clock.now()};
    see(visit.seen, pin, PinOutcome::reset);
    if (renewal::undecided(visit) && opened->signature) {
      see(visit.seen, mynumber::CertificateName::signature, opened->signature);
      overlay(visit.facts, visit.seen);
    }
    overlay_pin(visit.facts, pin, PinOutcome::reset);
    if (!renewal::undecided(visit)) known_again(visit, pin);
    pins_are_there(visit, *use);
    Check check{pin, {"pin.reset", std::move(note)}, std::move(*opened), request.ask_status};
    base::Result<void> settled = co_await settle_check(visit, std::move(check));
    if (settled) co_return PinReply{std::move(visit), tries};
    auto fault = settled.error();
    fault.details["pin"] = mynumber::name(pin);
    fault.details["tries_left"] = tries;
    co_return fault;
  }
  note["reason"] = base::entry(opened.error().code).reason;
  const bool failed = *how_far == HowFar::untouched || (*how_far == HowFar::sent && says_no(opened.error()));
  json::object data{
      {"pin", mynumber::name(pin)}, {"outcome", "unverified"}, {"state", renewal::name(visit.state)}};
  const auto noted =
      recorder.record(visit, {{failed ? "pin.reset_failed" : "pin.reset_unclear", std::move(note)}},
                      {{"case.updated", std::move(data)}});
  if (!noted) {
    parts.log.write(base::Level::error, "pin.outcome_lost",
                    {{"case", visit.id}, {"why", base::describe(noted.error())}});
  }
  co_return opened.error();
}

}  // namespace madoguchi::counter
