// cases.issue: from a ready case to two new certificates, in as many calls as it takes.
#include <algorithm>

#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CertificateName;
using renewal::State;
using OldCertificates = std::map<CertificateName, base::Bytes>;

bool may_issue(State state) {
  return state == State::ready || state == State::issuing || state == State::attention ||
         state == State::partly_completed;
}

// What the clerk and the holder have been told and would be done otherwise.
json::object changes(const json::object& was, const json::object& now) {
  json::object changed;
  for (const auto* key : {"outcome", "certificates", "pins_required", "fee_yen"}) {
    const auto* before = was.if_contains(key);
    const auto* after = now.if_contains(key);
    const auto value = [](const json::value* found) { return found == nullptr ? json::value() : *found; };
    if (value(before) != value(after)) {
      changed[key] = json::object{{"was", value(before)}, {"now", value(after)}};
    }
  }
  return changed;
}

}  // namespace

base::Result<void> Desk::Inside::still_as_decided(renewal::Case& visit, const json::object& seen) {
  auto anew = visit;
  anew.seen = seen;
  overlay(anew.facts, anew.seen);
  receive(anew, {}, parts.clock.now());
  if (anew.facts == visit.facts) return {};
  if (const auto decided = decide(anew); !decided) return decided.error();
  auto changed = changes(visit.decision, anew.decision);
  if (changed.empty()) {
    visit = std::move(anew);
    return {};
  }
  // Nothing is done that nobody has agreed to, with another fee or another last day.
  return make_fault(Code::conflict, "decided for another day or another certificate: update the case first",
                    {{"case", visit.id}, {"changed", std::move(changed)}, {"call", "cases.update"}});
}

base::Result<void> Desk::Inside::rest_still_as_decided(const renewal::Case& visit) {
  auto anew = visit;
  json::array rest;
  for (const auto& saga : visit.sagas) {
    if (saga.phase == renewal::Phase::planned && saga.key_before.empty())
      rest.emplace_back(mynumber::name(saga.certificate));
    if (saga.phase != renewal::Phase::done) continue;
    const auto fresh = mynumber::parse_certificate(saga.new_certificate);
    if (!fresh) return fresh.error();
    see(anew.seen, saga.certificate, *fresh);
  }
  if (rest.empty()) return {};
  anew.facts["wanted"] = rest;
  overlay(anew.facts, anew.seen);
  receive(anew, {}, parts.clock.now());
  if (const auto decided = decide(anew); !decided) return decided.error();
  const auto plan = renewal::plan_of(anew.decision);
  if (!plan) return plan.error();
  for (std::size_t i = 0; i < visit.sagas.size(); ++i) {
    const auto& saga = visit.sagas[i];
    if (saga.phase != renewal::Phase::planned || !saga.key_before.empty()) continue;
    const auto planned = plan->certificates.find(saga.certificate);
    const bool allowed = plan->outcome == "complete_today" && planned != plan->certificates.end();
    if (allowed && planned->second.action == saga.action && planned->second.preview) {
      anew.sagas[i].preview = *planned->second.preview;
      auto was = visit.sagas;
      renewal::cap_by_authentication(was);
      renewal::cap_by_authentication(anew.sagas);
      if (anew.sagas[i].preview == was[i].preview) continue;
    }
    return make_fault(Code::conflict, "the rest was decided for another day: cancel it and open another case",
                      {{"case", visit.id},
                       {"certificate", mynumber::name(saga.certificate)},
                       {"changed", changes(visit.decision, anew.decision)},
                       {"call", "cases.cancel"}});
  }
  return {};
}

base::Result<void> Desk::Inside::of_today(renewal::Case& visit) {
  if (visit.sagas.empty() || !on_another_day(visit, {}, parts.clock.now())) return {};
  if (!renewal::untouched(visit)) return rest_still_as_decided(visit);
  visit.sagas.clear();
  visit.attention.reset();
  return {};
}

// The sagas need the old certificates, and those need the card.
Later<void> Desk::Inside::prepare_sagas(renewal::Case& visit) {
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) co_return plan.error();
  // Again, since the other may have begun after this one was opened; while this one holds the card, none can.
  if (const auto alone = refuse_beside_another(visit); !alone) co_return alone.error();
  if (const auto same = still_as_decided(visit, visit.seen); !same) co_return same.error();
  if (const auto pin = renewal::unchecked_pin(visit)) {
    co_return make_fault(Code::pin_required, "not entered today", {{"pin", mynumber::name(*pin)}});
  }
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return use.error();
  // A PIN that this session has not seen is asked for before anything begins, not half-way.
  auto wanted = plan->certificates;
  std::erase_if(wanted, [&](const auto& each) { return renewal::absent(visit, each.first); });
  for (const auto& [certificate, planned] : wanted) {
    const auto pin = mynumber::pin_of(certificate);
    const bool asked =
        std::find(plan->pins_required.begin(), plan->pins_required.end(), pin) != plan->pins_required.end();
    if (asked && !use->verified(pin)) {
      co_return make_fault(Code::pin_required, "the card's session began anew",
                           {{"pin", mynumber::name(pin)}});
    }
  }
  auto read = [profile = &parts.profile, wanted = std::move(wanted)](
                  smartcard::Channel& card, mynumber::CardState& state) -> base::Result<OldCertificates> {
    OldCertificates old;
    for (const auto& [which, planned] : wanted) {
      auto certificate = mynumber::read_certificate(card, state, *profile, which);
      if (certificate) {
        old.emplace(which, std::move(certificate->der));
      } else if (certificate.error().code != Code::not_found) {
        return certificate.error();
      }
    }
    return old;
  };
  base::Result<OldCertificates> old = co_await use->work<OldCertificates>(std::move(read));
  if (!old) co_return old.error();
  auto seen = visit.seen;
  for (const auto& [which, der] : *old) {
    const auto certificate = mynumber::parse_certificate(der);
    if (!certificate) co_return certificate.error();
    see(seen, which, *certificate);
  }
  if (const auto same = still_as_decided(visit, seen); !same) co_return same.error();
  auto sagas = renewal::plan_sagas(*plan, *old, parts.profile.spare_slot);
  if (!sagas) co_return sagas.error();
  visit.sagas = std::move(*sagas);
  visit.state = State::issuing;
  co_return base::Result<void>{};
}

Later<renewal::Case> Desk::issue(std::string id, std::string staff) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  const Gate::Pass pass = co_await inside_->gate.enter(id);
  auto loaded = inside_->recorder.load(id);
  if (!loaded) co_return loaded.error();
  auto& visit = *loaded;
  if (visit.state == State::completed) co_return visit;
  if (!may_issue(visit.state)) {
    co_return make_fault(Code::conflict, "not ready to be issued",
                         {{"state", renewal::name(visit.state)}, {"case", id}});
  }
  if (!visit.card_gone) {
    if (const auto today = inside_->of_today(visit); !today) co_return today.error();
  }
  const HeldCards::Working working(inside_->cards, id);
  if (visit.sagas.empty()) {
    if (visit.reader.empty()) co_return make_fault(Code::conflict, "no reader is attached to the case");
    if (const auto tools = tools_of(inside_->parts); !tools) co_return tools.error();
    base::Result<void> prepared = co_await inside_->prepare_sagas(visit);
    if (!prepared) co_return prepared.error();
    json::object data{{"state", renewal::name(visit.state)}};
    const auto begun = inside_->recorder.record(visit, {{"issue.begun", {{"staff", staff}}}},
                                                {{"case.updated", std::move(data)}});
    if (!begun) co_return begun.error();
  }
  json::object note{{"staff", staff}};
  co_return co_await inside_->go_on(std::move(visit), Runner::With::clerk, std::move(note));
}

Later<renewal::Case> Desk::Inside::go_on(renewal::Case visit, Runner::With with, json::object note) {
  base::Result<void> ran = co_await runner.run(visit, with);
  std::optional<base::Fault> fault;
  if (!ran) fault = ran.error();
  const auto state_before = visit.state;
  const auto attention_before = visit.attention;
  renewal::settle_after_run(visit, fault);
  const bool completed = visit.state == State::completed;
  // Its card is gone, and now the authority knows.
  const bool cancelled = visit.state == State::cancelled;
  // A clerk who tried again in vain is in the journal; the daemon by itself only where it made a difference.
  const bool in_vain = visit.attention && with == Runner::With::clerk;
  if (cancelled) {
    note["reason"] = visit.cancel_reason;
    note["card_gone"] = true;
    const auto noted = recorder.record(visit, {{"case.cancelled", std::move(note)}},
                                       {{"case.cancelled", {{"reason", visit.cancel_reason}}}});
    if (!noted) co_return noted.error();
  } else if (completed || visit.state != state_before || visit.attention != attention_before || in_vain) {
    if (fault) note["reason"] = base::entry(fault->code).reason;
    const auto* type = completed ? "case.completed" : visit.attention ? "case.attention" : "case.updated";
    json::object data{{"state", renewal::name(visit.state)}};
    const auto noted = recorder.record(
        visit, {{completed ? "case.completed" : "case.stopped", std::move(note)}}, {{type, std::move(data)}});
    if (!noted) co_return noted.error();
  }
  if (completed || cancelled) cards.release(visit.id);
  if (fault && !cancelled) {
    fault->details["case"] = visit.id;
    co_return *fault;
  }
  co_return visit;
}

}  // namespace madoguchi::counter
