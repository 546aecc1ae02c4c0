// cases.verify_pin: the intent is durable before a PIN goes to the card, the outcome after, whatever the
// rules make of it.
#include <algorithm>

#include "absent.hpp"
#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"
#include "pad.hpp"
#include "pins_begun.hpp"
#include "renewal/changes.hpp"
#include "renewal/terminal.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CardState;
using mynumber::CertificateName;
using mynumber::PinName;
using renewal::PinOutcome;
using smartcard::Channel;

// What a check of a PIN can make otherwise.
struct Gist {
  std::string outcome;
  std::map<CertificateName, renewal::Action> actions;
  bool operator==(const Gist&) const = default;
};

Gist gist_of(const renewal::Case& visit) {
  Gist gist;
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) return gist;
  gist.outcome = plan->outcome;
  for (const auto& [which, planned] : plan->certificates) gist.actions.emplace(which, planned.action);
  return gist;
}

json::object redecided(PinName pin, const Gist& before, const Gist& now) {
  return {{"pin", mynumber::name(pin)}, {"from", before.outcome}, {"to", now.outcome}};
}

Announcement announcement_of(const renewal::Case& visit, PinName pin) {
  return {"case.updated",
          {{"pin", mynumber::name(pin)},
           {"outcome", renewal::name(visit.pins.at(pin).outcome)},
           {"state", renewal::name(visit.state)}}};
}

PinOutcome outcome_for(const base::Fault& fault) {
  if (fault.code == Code::pin_wrong) return PinOutcome::mismatched;
  return fault.code == Code::pin_locked ? PinOutcome::locked : PinOutcome::unverified;
}

// Today's decision has more against it than another last day or fee, of which it is told before it is
// written.
bool turns_away(const base::Fault& fault) {
  return fault.details.contains("findings");
}

// What a proxy brings in writing is the new PIN: one that the holder wants to have set anew is not tried.
base::Result<void> not_to_be_set_anew(const renewal::Case& visit, PinName pin) {
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan || !renewal::undecided(visit) || !renewal::comes_as_proxy(visit)) return {};
  if (std::find(plan->pin_resets.begin(), plan->pin_resets.end(), pin) == plan->pin_resets.end()) return {};
  return make_fault(
      Code::conflict, "to be set anew, not verified",
      {{"case", visit.id},
       {"pin", mynumber::name(pin)},
       {"call", call_to_set_anew(visit)},
       {"ja",
        "この暗証番号は本日初期化します。回答書に書かれているのは新しい暗証番号ですので、照合せずに"
        "再設定してください。"},
       {"en",
        "This PIN is set anew today: the one on the reply form is the new one, so set it instead of "
        "verifying it."}});
}

}  // namespace

void known_again(renewal::Case& visit, PinName pin) {
  overlay_pin(visit.facts, pin, PinOutcome::matched);
  auto* resets = visit.decision.if_contains("pin_resets");
  if (resets == nullptr || !resets->is_array()) return;
  auto& named = resets->get_array();
  const json::value name(mynumber::name(pin));
  named.erase(std::remove(named.begin(), named.end(), name), named.end());
}

json::object note_for(const PinRequest& request) {
  json::object note{
      {"pin", mynumber::name(request.pin)}, {"entered_by", request.entered_by}, {"staff", request.staff}};
  if (request.on_pad) note["entry"] = "pinpad";
  return note;
}

std::string_view record_for(const base::Fault& fault, bool begun) {
  if (!begun) return "pin.not_sent";
  switch (fault.code) {
    case Code::pin_wrong:
      return "pin.mismatched";
    case Code::pin_locked:
      return "pin.locked";
    case Code::pin_malformed:
    case Code::pin_last_try:
    case Code::pin_tries_changed:
    case Code::pin_timeout:
    case Code::pin_cancelled:
    case Code::conflict:
    case Code::not_found:
    case Code::card_unknown:
      return "pin.not_sent";
    default:
      return "pin.unclear";
  }
}

base::Result<void> still_wanted(const PinRequest& request) {
  if (!request.wanted || request.wanted()) return {};
  return make_fault(Code::conflict, "whoever asked has gone; nothing was sent");
}

Later<Desk::Inside::TakenUp> Desk::Inside::take_up(const PinRequest& request) {
  // Before anything else, so that a mistyped PIN costs neither a case's time nor a try.
  if (!request.on_pad) {
    const auto formed = mynumber::well_formed(parts.profile, request.pin, request.value);
    if (!formed) co_return formed.error();
  }
  const auto& id = request.id;
  // It ends by itself, unlike another case's.
  constexpr int ask_again_ms = 500;
  const auto busy = make_fault(Code::reader_busy, "other work on the case goes on",
                               {{"case", id}, {"retry_after_ms", ask_again_ms}});
  if (cards.working(id)) co_return busy;
  std::optional<Gate::Pass> pass = co_await gate.enter_within(id, parts.pin_patience);
  if (!pass) co_return busy;
  if (const auto wanted = still_wanted(request); !wanted) co_return wanted.error();
  auto visit = recorder.load(id, request.by);
  if (!visit) co_return visit.error();
  co_return TakenUp{std::move(*pass), std::move(*visit)};
}

Later<PinReply> Desk::verify_pin(PinRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  base::Result<Inside::TakenUp> taken = co_await inside_->take_up(request);
  if (!taken) co_return taken.error();
  auto& visit = taken->visit;
  if (!renewal::may_verify(visit)) {
    co_return make_fault(Code::conflict, "no PIN is asked for", {{"state", renewal::name(visit.state)}});
  }
  if (const auto there = on_the_card(visit, request.pin); !there) co_return there.error();
  if (const auto verified = not_to_be_set_anew(visit, request.pin); !verified) co_return verified.error();
  co_return co_await inside_->check_pin(std::move(visit), std::move(request));
}

Later<PinReply> Desk::Inside::check_pin(renewal::Case visit, PinRequest request) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return use.error();
  if (const auto wanted = still_wanted(request); !wanted) co_return wanted.error();
  const bool has_pad = cards.has_pad(visit.reader);
  if (const auto allowed = may_be_entered(parts.profile, parts.pad_use, request, has_pad); !allowed)
    co_return allowed.error();
  // No envelope is opened, and no try burnt, for what could not be written: of a reception on an earlier day
  // the form may have ended since.
  if (renewal::undecided(visit)) {
    if (const auto today = same_written_today(visit); !today && turns_away(today.error()))
      co_return today.error();
  }
  const auto pin = request.pin;
  const auto entered_by = request.entered_by;
  const auto ask_status = request.ask_status;
  const auto deadline = deadline_for(parts, {&request, 1});
  json::object note = note_for(request);
  if (const auto noted = recorder.record(visit, {{"pin.intent", note}}, {}); !noted) co_return noted.error();

  auto given = std::make_shared<PinRequest>(std::move(request));
  const auto begun = std::make_shared<PinsBegun>();
  auto job = [profile = &parts.profile, patience = parts.pad_patience, given, begun](
                 Channel& card, CardState& state) -> base::Result<Opened> {
    const PinRequest own = std::move(*given);
    if (!begun->begin()) return make_fault(Code::card_mute, "nobody waits for it any more");
    const auto tries = verify_as_entered(card, state, *profile, own, patience);
    if (!tries) return tries.error();
    return opened_by(own.pin, *tries, card, state, *profile);
  };
  base::Result<Opened> checked = co_await use->work<Opened>(std::move(job), deadline);
  const bool sent = begun->close().begun > 0;
  const std::string_view record = checked ? "pin.matched" : record_for(checked.error(), sent);
  if (!checked) note["reason"] = base::entry(checked.error().code).reason;
  if (record != "pin.not_sent") {
    const auto outcome = checked ? PinOutcome::matched : outcome_for(checked.error());
    visit.pins[pin] = {outcome, entered_by, parts.clock.now()};
    if (renewal::undecided(visit)) {
      see(visit.seen, pin, outcome);
      if (checked && checked->signature) {
        see(visit.seen, CertificateName::signature, checked->signature);
      }
      overlay(visit.facts, visit.seen);
      overlay_pin(visit.facts, pin, outcome);
    } else if (checked) {
      known_again(visit, pin);
    } else if (anything_left(visit)) {
      overlay_pin(visit.facts, pin, outcome);
    }
  }
  if (checked) pins_are_there(visit, *use);
  Check check{pin, {std::string(record), std::move(note)}, {}, ask_status};
  if (checked) check.opened = *checked;
  base::Result<void> settled = co_await settle_check(visit, std::move(check));
  // What the card has said is told whatever else has failed: another try must not be spent to learn it (C1).
  if (!checked) {
    auto fault = checked.error();
    // Nor is it kept back that what follows from it waits for a clerk's reason.
    if (!settled) {
      const auto why = settled.error();
      for (const auto* key : {"needs", "call"}) {
        if (const auto* told = why.details.if_contains(key)) fault.details[key] = *told;
      }
    }
    co_return fault;
  }
  if (!settled) {
    auto fault = settled.error();
    fault.details["pin"] = mynumber::name(pin);
    fault.details["tries_left"] = checked->tries;
    co_return fault;
  }
  co_return PinReply{std::move(visit), checked->tries};
}

void Desk::Inside::pins_are_there(renewal::Case& visit, const HeldCards::Use& card) {
  if (!visit.attention || visit.attention->code != Code::pin_required) return;
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) return;
  for (const auto& saga : visit.sagas) {
    const auto pin = mynumber::pin_of(saga.certificate);
    const bool asked =
        std::find(plan->pins_required.begin(), plan->pins_required.end(), pin) != plan->pins_required.end();
    if (!saga.ended() && asked && !card.verified(pin)) return;
  }
  renewal::settle_after_run(visit, {});
}

Later<void> Desk::Inside::settle_check(renewal::Case& visit, Check check) {
  const bool sent = check.outcome.kind != "pin.not_sent";
  const bool decides = sent && renewal::undecided(visit);
  std::vector<Announcement> announced;
  if (sent && !decides) announced.push_back(announcement_of(visit, check.pin));
  const auto noted = recorder.record(visit, {std::move(check.outcome)}, std::move(announced));
  if (!noted) {
    parts.log.write(base::Level::error, "pin.outcome_lost",
                    {{"case", visit.id}, {"why", base::describe(noted.error())}});
    co_return noted.error();
  }
  if (!sent) co_return base::Result<void>{};
  if (!decides) co_return decide_rest_after(visit, check.pin);
  co_return co_await decide_after(visit, std::move(check));
}

Later<void> Desk::Inside::decide_after(renewal::Case& visit, Check check) {
  const auto pin = check.pin;
  if (check.opened.signature && check.ask_status != AskStatus::never) {
    std::map<CertificateName, mynumber::Certificate> read;
    read.emplace(CertificateName::signature, std::move(*check.opened.signature));
    // The card stays held by whoever checked the PIN, with the rights gained there.
    co_await learn_standing(visit, std::move(read), check.ask_status);
    overlay(visit.facts, visit.seen);
  }
  const auto before = gist_of(visit);
  auto anew = visit;
  base::Result<void> decided = decide(anew);
  if (decided) decided = left_to_the_update(visit, visit.decision, anew.decision);
  // Undecided as before: whoever goes on has to say why first.
  if (decided) visit = std::move(anew);
  std::vector<Note> notes;
  // A proxy's one visit may have become the first of two, or a renewal an issuance of what has been revoked.
  if (const auto now = gist_of(visit); now != before) {
    auto note = redecided(pin, before, now);
    if (auto statuses = statuses_in(visit.seen); !statuses.empty())
      note["certificate_status"] = std::move(statuses);
    notes.push_back({"case.redecided", std::move(note)});
  }
  const auto told = recorder.record(visit, std::move(notes), {announcement_of(visit, pin)});
  if (!told) co_return told.error();
  co_return decided;
}

base::Result<void> Desk::Inside::decide_rest_after(renewal::Case& visit, PinName pin) {
  // On another day an update tells what is decided by then, before anything of it is taken over.
  const bool away = renewal::handed_over(visit);
  if ((!away && !anything_left(visit)) || on_another_day(visit, {}, parts.clock.now())) return {};
  auto anew = visit;
  const auto decided = away ? decide_handed_over_anew(anew) : decide_rest_anew(anew);
  if (!decided) return decided;
  const auto before = gist_of(visit);
  const auto now = gist_of(anew);
  const bool otherwise = now != before || anew.decision.at("pin_resets") != visit.decision.at("pin_resets");
  // What is said of the PIN changes where nothing else does.
  if (!otherwise && anew.decision == visit.decision) return {};
  visit = std::move(anew);
  std::vector<Note> notes;
  if (otherwise) notes.push_back({"case.redecided", redecided(pin, before, now)});
  return recorder.record(visit, std::move(notes), {announcement_of(visit, pin)});
}

}  // namespace madoguchi::counter
