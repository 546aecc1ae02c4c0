// cases.record_pin: what came of a PIN at the official terminal, where this computer sees neither the PIN nor
// the card's answer. It decides as a check on the card does.
#include <algorithm>

#include "absent.hpp"
#include "card_facts.hpp"
#include "inside.hpp"
#include "permission.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using renewal::PinOutcome;

void take_in(renewal::Case& visit, const PinReport& report, base::Instant at) {
  visit.pins[report.pin] = {report.outcome, report.entered_by, at};
  if (!renewal::undecided(visit)) {
    if (renewal::opens_the_card(report.outcome)) {
      known_again(visit, report.pin);
    } else {
      overlay_pin(visit.facts, report.pin, report.outcome);
    }
    return;
  }
  see(visit.seen, report.pin, report.outcome);
  overlay(visit.facts, visit.seen);
  overlay_pin(visit.facts, report.pin, report.outcome);
}

bool is_asked_for(const renewal::Case& visit, mynumber::PinName pin) {
  const auto plan = renewal::plan_of(visit.decision);
  return plan &&
         std::find(plan->pins_required.begin(), plan->pins_required.end(), pin) != plan->pins_required.end();
}

json::object note_for(const PinReport& report) {
  json::object note{{"pin", mynumber::name(report.pin)},
                    {"outcome", renewal::name(report.outcome)},
                    {"entered_by", report.entered_by},
                    {"staff", report.staff}};
  if (report.tries_left) note["tries_left"] = *report.tries_left;
  return note;
}

}  // namespace

Later<renewal::Case> Desk::record_pin(PinReport report) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  const Gate::Pass pass = co_await inside_->gate.enter(report.id);
  auto visit = inside_->recorder.load(report.id, report.by);
  if (!visit) co_return visit.error();
  if (inside_->parts.channel != renewal::Channel::terminal) co_return not_from_a_terminal(report.id);
  if (const auto its = on_its_channel(inside_->parts, *visit); !its) co_return its.error();
  if (!renewal::may_verify(*visit)) {
    co_return make_fault(Code::conflict, "no PIN is asked for", {{"state", renewal::name(visit->state)}});
  }
  // Of one that is issued for the first time the terminal sets the PIN.
  if (const auto there = on_the_card(*visit, report.pin); !there && !is_asked_for(*visit, report.pin))
    co_return there.error();
  if (report.outcome == PinOutcome::reset) {
    if (const auto allowed = inside_->may_reset(*visit, report.pin); !allowed) co_return allowed.error();
  }
  take_in(*visit, report, inside_->parts.clock.now());
  Inside::Check check{report.pin, {"pin.recorded", note_for(report)}, {}, AskStatus::never};
  base::Result<void> settled = co_await inside_->settle_check(*visit, std::move(check));
  if (!settled) {
    auto fault = settled.error();
    fault.details["pin"] = mynumber::name(report.pin);
    co_return fault;
  }
  co_return std::move(*visit);
}

}  // namespace madoguchi::counter
