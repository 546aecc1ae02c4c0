// cases.update: what is told or read anew of a case, and what is decided of it then. What has begun stands;
// what is left of it is decided by who has come for it.
#include <algorithm>
#include <boost/json/value_from.hpp>

#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "renewal/changes.hpp"
#include "renewal/terminal.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;

base::Result<void> may_be_asked(const renewal::Case& visit, const UpdateRequest& request, base::Instant now) {
  if (request.revision && *request.revision != visit.revision)
    return make_fault(Code::conflict, "a stale revision", {{"revision", visit.revision}});
  if (!request.facts) return {};
  if (const auto today = received_today(*request.facts, now); !today) return today;
  return first_visit_was(visit, *request.facts);
}

// Begun on paper only, and not for the day that it is received on.
void begin_anew_if_untouched(renewal::Case& visit, const UpdateRequest& request, HandOver handed,
                             base::Instant now) {
  const bool another_day = on_another_day(visit, request.facts, now);
  if (!renewal::untouched(visit) || !(another_day || handed == HandOver::withdrawn)) return;
  visit.sagas.clear();
  visit.state = renewal::State::open;
  visit.attention.reset();
}

// Whoever comes now has entered none of these, which the card may still be open by. One of today among them
// is of whoever stands there.
bool forgot_checks(const renewal::Case& as_it_was, const renewal::Case& visit, bool visitor_changed) {
  const auto open = [](const renewal::Case& one) {
    return std::any_of(one.pins.begin(), one.pins.end(),
                       [](const auto& item) { return renewal::opens_the_card(item.second.outcome); });
  };
  return open(as_it_was) && (visitor_changed || !open(visit));
}

json::object note_of(const renewal::Case& as_it_was, const renewal::Case& visit,
                     const UpdateRequest& request) {
  json::object note{{"staff", request.staff}};
  if (auto changed = renewal::changes_between(as_it_was, visit); !changed.empty())
    note["changed"] = std::move(changed);
  if (!as_it_was.card.empty() && as_it_was.card != visit.card) note["card_changed"] = true;
  if (!request.override_reason.empty()) note["override_reason"] = request.override_reason;
  if (request.visitor_changed) note["visitor_changed"] = true;
  if (visit.begun_beside != as_it_was.begun_beside) note["beside"] = json::value_from(visit.begun_beside);
  if (auto statuses = statuses_in(visit.seen); !statuses.empty())
    note["certificate_status"] = std::move(statuses);
  return note;
}

}  // namespace

base::Result<void> Desk::Inside::take_in(renewal::Case& visit, const UpdateRequest& request,
                                         HandOver handed) {
  const auto now = parts.clock.now();
  const bool ended = visit.state == renewal::State::completed || visit.state == renewal::State::cancelled;
  const bool begun = !renewal::undecided(visit);
  if (ended || (begun && !request.beside.empty())) {
    return make_fault(Code::conflict, "settled once issuing has begun",
                      {{"state", renewal::name(visit.state)}});
  }
  if (begun && request.facts) {
    if (const auto open = may_still_be_told(parts, visit, *request.facts, handed); !open) return open;
    receive_visitor(visit, *request.facts);
  }
  if (begun && request.visitor_changed) {
    if (const auto known = another_may_have_come(parts, visit); !known) return known;
  }
  if (!begun) receive(visit, request.facts, now);
  if (request.visitor_changed) forget_visitor(visit, request.facts.value_or(json::object()));
  if (request.facts) {
    take_told(visit, *request.facts);
    if (told_without_card(visit.seen) != nullptr) keep_told_without_card(visit.seen, *request.facts);
  }
  if (request.facts && request.facts->contains("documents")) visit.papers_at = now;
  return {};
}

base::Result<void> Desk::Inside::decide_update(const renewal::Case& as_it_was, renewal::Case& visit,
                                               const UpdateRequest& request, std::vector<Note>& notes) {
  if (!visit.reader.empty() && (request.reader || !request.beside.empty())) {
    if (const auto alone = refuse_beside_another(visit, request.beside); !alone) return alone;
  }
  overlay(visit.facts, visit.seen);
  if (as_it_was.card == visit.card) {
    auto replaced = note_what_was_replaced(as_it_was.seen, visit, request.staff);
    notes.insert(notes.end(), replaced.begin(), replaced.end());
  }
  // Whoever was received in time stays so, however late it has become; who came too early is asked about as
  // of now.
  const auto codes = codes_of(visit.decision);
  const bool closed = std::find(codes.begin(), codes.end(), "office.closed") != codes.end();
  if (!request.facts && !request.reader && closed) {
    visit.received_at = parts.clock.now();
    visit.facts.erase("at");
  }
  const auto before = visit.decision;
  if (const auto decided = decide(visit); !decided) return decided;
  if (const auto left = reasoned(visit.decision, before, request.override_reason); !left) return left;
  if (visit.reader.empty()) return {};
  return writable(parts, visit);
}

base::Result<void> Desk::Inside::decide_update_of_rest(renewal::Case& visit, const UpdateRequest& request,
                                                       HandOver handed) {
  if (request.facts) {
    if (const auto sound = keep_as_told(visit, *request.facts); !sound) return sound;
  }
  if (const auto rest = decide_rest_anew(visit); !rest || !request.facts) return rest;
  return decide_handed_over_anew(visit, handed);
}

Later<renewal::Case> Desk::update(UpdateRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  const Gate::Pass pass = co_await inside_->gate.enter(request.id);
  auto loaded = inside_->recorder.load(request.id, request.by);
  if (!loaded) co_return loaded.error();
  auto& visit = *loaded;
  const auto now = inside_->parts.clock.now();
  if (const auto asked = may_be_asked(visit, request, now); !asked) co_return asked.error();
  const bool moved = request.reader && *request.reader != visit.reader;
  if (request.reader) {
    base::Result<void> looked = co_await inside_->put_off_unmade_keys(visit, *request.reader);
    if (!looked) co_return looked.error();
  }
  std::vector<Note> notes;
  base::Result<HandOver> handed = co_await inside_->withdraw_hand_over(visit, request, notes);
  if (!handed) co_return handed.error();
  const auto as_it_was = visit;
  begin_anew_if_untouched(visit, request, *handed, now);
  if (const auto told = inside_->take_in(visit, request, *handed); !told) co_return told.error();
  if (const auto first = inside_->refuse_second_visit(as_it_was, visit); !first) co_return first.error();
  if (request.reader) visit.reader = *request.reader;
  if (request.reader && !visit.reader.empty()) {
    base::Result<void> card = co_await inside_->look_at_card(
        visit, request.ask_status, request.facts && is_a_second_visit(*request.facts));
    if (!card) co_return card.error();
  } else if (inside_->cards.holds(visit)) {
    // Nobody has asked for it: a card that cannot be read now is no reason to refuse.
    static_cast<void>(co_await inside_->look_again(visit, request.ask_status));
  }
  const auto decided = renewal::undecided(visit) ? inside_->decide_update(as_it_was, visit, request, notes)
                                                 : inside_->decide_update_of_rest(visit, request, *handed);
  if (!decided) co_return decided.error();
  notes.push_back({"case.updated", note_of(as_it_was, visit, request)});
  json::object data{{"state", renewal::name(visit.state)}};
  const auto recorded =
      inside_->recorder.record(visit, std::move(notes), {{"case.updated", std::move(data)}});
  if (!recorded) co_return recorded.error();
  if (forgot_checks(as_it_was, visit, request.visitor_changed)) {
    inside_->cards.release(visit.id);
  } else if (moved) {
    inside_->cards.release_all_but(visit);
  }
  co_return visit;
}

}  // namespace madoguchi::counter
