// cases.issue: from a ready case to two new certificates, in as many calls as it takes.
#include <algorithm>

#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::CertificateName;
using renewal::State;
using OldCertificates = std::map<CertificateName, base::Bytes>;
using Issuers = std::map<CertificateName, std::vector<base::Bytes>>;

// Every later look at the card is measured by this reading, so that a byte that was altered on its way would
// make the honest card another case's. An issuer's signature shows that there is none; where that is not
// known, a second reading does.
base::Result<mynumber::Certificate> read_believably(smartcard::Channel& card, mynumber::CardState& state,
                                                    const mynumber::CardProfile& profile,
                                                    CertificateName which,
                                                    const std::vector<base::Bytes>& issuers) {
  auto certificate = mynumber::read_certificate(card, state, profile, which);
  if (!certificate || mynumber::issued_by(certificate->der, issuers)) return certificate;
  const auto again = mynumber::read_certificate(card, state, profile, which);
  if (!again && again.error().code != Code::not_found) return again.error();
  if (!again || again->der != certificate->der) return mynumber::read_unlike(mynumber::name(which));
  return certificate;
}

}  // namespace

// The sagas need the old certificates, and those need the card.
Later<void> Desk::Inside::prepare_sagas(renewal::Case& visit) {
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) co_return plan.error();
  // Again, since the other may have begun after this one was opened; while this one holds the card, none can.
  if (const auto alone = refuse_beside_another(visit); !alone) co_return alone.error();
  if (const auto same = still_as_decided(visit, visit.seen); !same) co_return same.error();
  if (const auto pin = renewal::unchecked_pin(visit)) {
    co_return pin_wanted(visit, *pin, "not entered today");
  }
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return use.error();
  // A PIN that this session has not seen is asked for before anything begins, not half-way.
  auto wanted = plan->certificates;
  std::erase_if(wanted, [&](const auto& each) { return renewal::absent(visit.facts, each.first); });
  for (const auto& [certificate, planned] : wanted) {
    const auto pin = mynumber::pin_of(certificate);
    const bool asked =
        std::find(plan->pins_required.begin(), plan->pins_required.end(), pin) != plan->pins_required.end();
    if (asked && !use->verified(pin)) {
      co_return pin_wanted(visit, pin, "the card's session began anew");
    }
  }
  Issuers issuers;
  for (const auto& [which, planned] : wanted) issuers.emplace(which, parts.authority(which).issuers);
  auto read = [profile = &parts.profile, issuers = std::move(issuers)](
                  smartcard::Channel& card, mynumber::CardState& state) -> base::Result<OldCertificates> {
    OldCertificates old;
    for (const auto& [which, known] : issuers) {
      auto certificate = read_believably(card, state, *profile, which, known);
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

// No default arguments: g++ 12 destroys an aggregate twice that is made within a co_await's expression.
Later<renewal::Case> Desk::issue(std::string id, std::string staff) {
  return issue(std::move(id), std::move(staff), base::Actor(), Acceptance());
}

Later<renewal::Case> Desk::issue(std::string id, std::string staff, base::Actor by, Acceptance accepted) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  const Gate::Pass pass = co_await inside_->gate.enter(id);
  auto loaded = inside_->recorder.load(id, std::move(by));
  if (!loaded) co_return loaded.error();
  auto& visit = *loaded;
  if (visit.state == State::completed) co_return visit;
  if (visit.state != State::ready && !renewal::under_way(visit.state)) {
    co_return not_ready(visit);
  }
  if (const auto its = on_its_channel(inside_->parts, visit); !its) co_return its.error();
  if (renewal::nothing_to_issue(visit)) co_return inside_->complete(std::move(visit), staff);
  if (inside_->parts.channel == renewal::Channel::terminal) {
    co_return co_await inside_->issue_at_terminal(std::move(visit), std::move(staff), std::move(accepted));
  }
  if (!accepted.certificates.empty()) co_return not_from_a_terminal(id);
  json::object note{{"staff", staff}};
  auto with = Runner::With::clerk;
  std::optional<base::Fault> rest;  // why what has not begun may not today
  const HeldCards::Working working(inside_->cards, id);
  const bool another_day = on_another_day(visit, {}, inside_->parts.clock.now());
  bool judged = false;
  if (!visit.given_up) {
    base::Result<void> looked = co_await inside_->look_before_judging(visit, another_day, staff);
    if (!looked) {
      co_return inside_->settle(std::move(visit), Runner::With::clerk, std::move(note), looked.error());
    }
    judged = another_day || rest_to_be_judged(visit);
  }
  if (judged) {
    if (const auto today = inside_->of_today(visit); !today) {
      // Cancelled is one that may have cost the card its only key only where the card works without it: what
      // it shows is seen by issuing.
      const bool at_stake = std::any_of(visit.sagas.begin(), visit.sagas.end(), renewal::old_key_at_stake);
      if (!at_stake && renewal::may_cancel(visit)) co_return today.error();
      // Whoever has come, on the same day too: another key is made for nobody whom the rules turn away.
      const auto others = inside_->other_keys_as_decided(visit);
      if (!others) co_return others.error();
      if (!*others) co_return today.error();
      // The card has lost its old key, or the authority has the request: that is brought to its end first.
      with = Runner::With::clerk_begun;
      rest = today.error();
    }
  }
  if (visit.sagas.empty()) {
    if (const auto tools = tools_of(inside_->parts); !tools) co_return tools.error();
    base::Result<void> prepared = co_await inside_->prepare_sagas(visit);
    if (!prepared) co_return prepared.error();
    json::object data{{"state", renewal::name(visit.state)}};
    const auto begun = inside_->recorder.record(visit, {{"issue.begun", {{"staff", staff}}}},
                                                {{"case.updated", std::move(data)}});
    if (!begun) co_return begun.error();
  }
  base::Result<renewal::Case> done = co_await inside_->go_on(std::move(visit), with, std::move(note));
  if (done && rest && done->state != State::completed) co_return std::move(*rest);
  co_return done;
}

base::Result<renewal::Case> Desk::Inside::complete(renewal::Case visit, const std::string& staff) {
  visit.state = State::completed;
  json::object data{{"state", renewal::name(visit.state)}};
  const auto noted =
      recorder.record(visit, {{"case.completed", {{"staff", staff}}}}, {{"case.completed", std::move(data)}});
  if (!noted) return noted.error();
  cards.release(visit.id);
  return visit;
}

Later<renewal::Case> Desk::Inside::go_on(renewal::Case visit, Runner::With with, json::object note) {
  base::Result<void> ran = co_await runner.run(visit, with);
  std::optional<base::Fault> fault;
  if (!ran) fault = ran.error();
  base::Result<renewal::Case> settled = settle(std::move(visit), with, std::move(note), std::move(fault));
  if (settled && settled->state == State::completed) co_await tell_those_that_wait(*settled);
  co_return settled;
}

base::Result<renewal::Case> Desk::Inside::settle(renewal::Case visit, Runner::With with, json::object note,
                                                 std::optional<base::Fault> fault) {
  const auto state_before = visit.state;
  const auto attention_before = visit.attention;
  renewal::settle_after_run(visit, fault);
  // What the authority said before does not stand beside its refusal.
  if (fault && fault->code == Code::authority_rejected) forget_good(visit.seen);
  const bool completed = visit.state == State::completed;
  // It was given up, and now the authority knows.
  const bool cancelled = visit.state == State::cancelled;
  // A clerk who tried again in vain is in the journal; the daemon by itself only where it made a difference.
  const bool in_vain = visit.attention && with != Runner::With::alone;
  if (cancelled) {
    note["reason"] = visit.cancel_reason;
    if (visit.card_gone) note["card_gone"] = true;
    const auto noted = recorder.record(visit, {{"case.cancelled", std::move(note)}},
                                       {{"case.cancelled", {{"reason", visit.cancel_reason}}}});
    if (!noted) return noted.error();
  } else if (completed || visit.state != state_before || visit.attention != attention_before || in_vain) {
    if (fault) note["reason"] = base::entry(fault->code).reason;
    const auto* type = completed ? "case.completed" : visit.attention ? "case.attention" : "case.updated";
    json::object data{{"state", renewal::name(visit.state)}};
    const auto noted = recorder.record(
        visit, {{completed ? "case.completed" : "case.stopped", std::move(note)}}, {{type, std::move(data)}});
    if (!noted) return noted.error();
  }
  if (completed || cancelled) cards.release(visit.id);
  if (fault && !cancelled) {
    fault->details["case"] = visit.id;
    // Wherever on the card it was missed.
    if (fault->code == Code::pin_required && !fault->details.contains("call"))
      fault->details["call"] = "cases.verify_pin";
    return *fault;
  }
  return visit;
}

}  // namespace madoguchi::counter
