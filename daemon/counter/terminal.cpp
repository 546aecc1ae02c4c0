// cases.issue on the official terminal's channel, there: the card's going is durable before the reader is let
// go, and nothing is handed over that was decided for another card than the one that lies there now.
#include "renewal/terminal.hpp"

#include "card_facts.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "renewal/before.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CardState;
using mynumber::CertificateName;
using smartcard::Channel;
using Before = std::map<CertificateName, renewal::CardBefore>;

Before before_the_terminal(const renewal::Case& visit, const Certificates& read) {
  Before before;
  for (const auto which : {CertificateName::authentication, CertificateName::signature}) {
    auto& known = before[which];
    known.serial = renewal::serial_seen(visit.seen, which);
    known.absent = renewal::absent(visit.seen, which);
    const auto found = read.find(which);
    if (found != read.end() && found->second) known.certificate = found->second->der;
  }
  return before;
}

}  // namespace

Note handed_over_note(const renewal::Case& visit, const renewal::Saga& saga, const std::string& staff) {
  json::object note{{"certificate", mynumber::name(saga.certificate)},
                    {"phase", renewal::name(saga.phase)},
                    {"expires_on", base::format_date(saga.preview)},
                    {"staff", staff}};
  const auto order = renewal::order_of(visit, saga);
  if (!order.serial_before.empty()) note["serial_before"] = order.serial_before;
  return {"terminal.handed_over", std::move(note)};
}

Later<renewal::Case> Desk::Inside::issue_at_terminal(renewal::Case visit, std::string staff,
                                                     Acceptance accepted) {
  const HeldCards::Working working(cards, visit.id);
  if (visit.sagas.empty() && !accepted.certificates.empty()) {
    co_return make_fault(Code::conflict, "nothing was handed over that could be accepted",
                         {{"case", visit.id}});
  }
  if (visit.sagas.empty()) {
    std::vector<Note> none;
    co_return co_await hand_over(std::move(visit), std::move(staff), std::move(none));
  }
  co_return co_await take_back(std::move(visit), std::move(staff), std::move(accepted));
}

base::Fault Desk::Inside::renewed_elsewhere(renewal::Case& visit, CertificateName which, json::object seen,
                                            const std::string& staff) {
  auto note = replaced(which, visit.seen, seen, staff);
  see_replaced(seen, which);
  auto anew = as_of_now(visit, seen);
  const auto decided = decide(anew);
  // What it leaves to a clerk waits for cases.update, which takes the reason.
  if (decided && left_to_the_update(visit, visit.decision, anew.decision)) {
    visit = std::move(anew);
  } else {
    visit.seen = std::move(seen);
    overlay(visit.facts, visit.seen);
  }
  json::object data{{"state", renewal::name(visit.state)}};
  const auto recorded = recorder.record(visit, {{"card.renewed_elsewhere", std::move(note)}},
                                        {{"case.updated", std::move(data)}});
  if (!recorded) return recorded.error();
  json::object details{{"case", visit.id},
                       {"certificate", mynumber::name(which)},
                       {"renewed_elsewhere", true},
                       {"state", renewal::name(visit.state)}};
  merge(details, words_of_replaced(which));
  return make_fault(Code::conflict, "the certificate on the card is another than when the case was opened",
                    std::move(details));
}

Later<Certificates> Desk::Inside::still_the_same_card(renewal::Case& visit, const std::string& staff) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return use.error();
  auto read = [profile = &parts.profile](Channel& card, CardState& state) {
    return read_open_certificates(card, state, *profile);
  };
  base::Result<Certificates> read_now = co_await use->work<Certificates>(std::move(read));
  if (!read_now) co_return read_now.error();
  auto seen = visit.seen;
  for (const auto& [which, certificate] : *read_now) see(seen, which, certificate);
  if (const auto others = replaced_since(visit.seen, seen); !others.empty())
    co_return renewed_elsewhere(visit, others.front(), std::move(seen), staff);
  if (const auto same = still_as_decided(visit, seen); !same) co_return same.error();
  co_return read_now;
}

Later<renewal::Case> Desk::Inside::hand_over(renewal::Case visit, std::string staff,
                                             std::vector<Note> notes) {
  if (const auto alone = refuse_beside_another(visit); !alone) co_return alone.error();
  base::Result<Certificates> card = co_await still_the_same_card(visit, staff);
  if (!card) co_return card.error();
  if (const auto pin = renewal::unchecked_pin(visit)) {
    co_return pin_wanted(visit, *pin, "not entered today");
  }
  const auto plan = renewal::plan_of(visit.decision);
  if (!plan) co_return plan.error();
  auto sagas = renewal::plan_hand_over(*plan, before_the_terminal(visit, *card), parts.clock.now());
  if (!sagas) co_return sagas.error();
  visit.sagas = std::move(*sagas);
  take_to_end(visit.seen);
  visit.state = renewal::State::issuing;
  notes.push_back({"issue.begun", {{"staff", staff}}});
  for (const auto& saga : visit.sagas) notes.push_back(handed_over_note(visit, saga, staff));
  json::object data{{"state", renewal::name(visit.state)}};
  const auto begun = recorder.record(visit, std::move(notes), {{"case.updated", std::move(data)}});
  if (!begun) co_return begun.error();
  cards.release(visit.id);
  co_return visit;
}

}  // namespace madoguchi::counter
