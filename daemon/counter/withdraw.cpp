// A hand-over to the official terminal holds for its day, its visitor and what was decided. Whatever comes
// otherwise is decided anew, as long as the card shows that nothing was written to it.
#include <algorithm>

#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "elsewhere.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "renewal/terminal.hpp"
#include "renewal/words.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
namespace terminal = authority::terminal;
using base::Code;
using base::make_fault;
using renewal::Case;
using renewal::Phase;
using renewal::Saga;

bool needs_its_pin(const Saga& saga) {
  return saga.phase == Phase::handed_over && renewal::as_handed_over(saga) &&
         saga.proof->verdict == terminal::Verdict::not_looked_at;
}

std::string serial_shown(const Saga& saga) {
  for (const auto& finding : saga.proof->findings) {
    if (finding.point == terminal::Point::old_one) return finding.found;
  }
  return {};
}

bool told_otherwise(const Parts& parts, const Case& visit, const UpdateRequest& request, base::Instant now) {
  if (on_another_day(visit, request.facts, now) || request.visitor_changed || decided_otherwise(visit))
    return true;
  return request.facts && !may_still_be_told(parts, visit, *request.facts, HandOver::not_looked_at);
}

json::object bring_back() {
  // clang-format off
  const json::object message{
      {"ja", "統合端末に引き継いだあとで、本日このままでは手続きできない判定に変わりました。統合端末では書き込みを行わないでください。足りない書類がそろう場合は受付に追加してください。そうでない場合は、カードをこの窓口のカードリーダーに戻し、カードを読み取って受付の内容を更新してください。"},
      {"en", "Since it was handed over to the official terminal this case cannot be done today as it is: write nothing there. Add the papers that are missing to the case where they are at hand; else put the card back on this counter's reader, and update the case with it."}};
  // clang-format on
  return {{"code", "terminal.bring_back"},
          {"severity", "require"},
          {"source", "core"},
          {"rule", json::object{{"key", "certificates"}}},
          {"params", json::object()},
          {"message", message}};
}

// Behind what turns the visitor away.
void add_demand(json::object& decision, json::object finding) {
  auto& findings = decision["findings"];
  if (!findings.is_array()) findings.emplace_array();
  auto& all = findings.get_array();
  const auto place = std::find_if(all.begin(), all.end(), [](const json::value& each) {
    const auto* severity = each.is_object() ? each.get_object().if_contains("severity") : nullptr;
    return severity == nullptr || (*severity != "block" && *severity != "redirect");
  });
  all.insert(place, std::move(finding));
}

base::Fault replaced_meanwhile(const Case& visit, mynumber::CertificateName which) {
  const auto title = renewal::title(which);
  return make_fault(
      Code::conflict, "the certificate on the card is another than when it was handed over",
      {{"case", visit.id},
       {"certificate", mynumber::name(which)},
       {"renewed_elsewhere", true},
       {"call", "cases.cancel"},
       {"ja",
        "カードの" + std::string(title.ja) +
            "は、統合端末への引き継ぎを取りやめたあとに更新されています。この受付の残りの手続きは不要です"
            "ので、受付を取り消してください。"},
       {"en", "The card's " + std::string(title.en) +
                  " was renewed after its hand-over to the official terminal was withdrawn. Nothing is left "
                  "to be done in this case: cancel it."}});
}

// Only its PIN tells whether the terminal has written it.
json::object way_to_look(mynumber::CertificateName which) {
  const auto title = renewal::title(which);
  const auto pin = renewal::title(mynumber::pin_of(which));
  return {
      {"pin", mynumber::name(mynumber::pin_of(which))},
      {"call", "cases.verify_pin"},
      {"ja", std::string(title.ja) + "が統合端末で更新されたかどうかを、まだ確かめていません。この窓口で" +
                 std::string(pin.ja) + "を入力して確かめてから続けてください。"},
      {"en", "Nobody has looked yet whether the official terminal has renewed the " + std::string(title.en) +
                 ". Have the " + std::string(pin.en) +
                 " entered at this counter, so that the card shows it, then go on."}};
}

}  // namespace

json::object way_out_of_hand_over(const Case& visit, HandOver seen) {
  const auto unread = std::find_if(visit.sagas.begin(), visit.sagas.end(),
                                   [](const Saga& saga) { return saga.phase == Phase::handed_over; });
  if (unread == visit.sagas.end() || seen == HandOver::withdrawn || seen == HandOver::changed) return {};
  if (seen == HandOver::unread) return way_to_look(unread->certificate);
  return {{"call", "cases.update"},
          {"needs", "reader"},
          {"ja",
           "統合端末に引き継いだ受付です。カードを読み取って、受付の内容をもう一度更新してください。カードに"
           "まだ書き込まれていなければ、変更できます。"},
          {"en",
           "This case was handed over to the official terminal. Put the card on a reader and update the case "
           "with it: as long as nothing was written to the card, this can be changed."}};
}

bool decided_otherwise(const Case& visit) {
  const auto plan = renewal::plan_of(visit.decision);
  return plan && plan->outcome != "complete_today";
}

bool withdraw(Case& visit, const std::string& staff, std::vector<Note>& notes) {
  std::vector<std::optional<renewal::Event>> events;
  for (const auto& saga : visit.sagas) events.push_back(renewal::withdrawn_from_terminal(visit, saga));
  bool any = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto& saga = visit.sagas[i];
    if (!events[i]) continue;
    json::object note{{"certificate", mynumber::name(saga.certificate)},
                      {"phase", renewal::name(saga.phase)},
                      {"verdict", terminal::name(saga.proof->verdict)},
                      {"staff", staff}};
    auto serial = serial_shown(saga);
    auto back = renewal::apply(saga, *events[i]);
    if (!back) continue;
    saga = std::move(*back);
    // Nobody may have read it before: from now on this is the one that is to be replaced.
    if (!serial.empty()) saga.serial_before = std::move(serial);
    notes.push_back({"terminal.withdrawn", std::move(note)});
    any = true;
  }
  return any;
}

Later<HandOver> Desk::Inside::withdraw_hand_over(Case& visit, const UpdateRequest& request,
                                                 std::vector<Note>& notes) {
  const bool ours = parts.channel == renewal::Channel::terminal && on_its_channel(parts, visit);
  const bool named = request.reader && !request.reader->empty();
  const bool handed = renewal::handed_over(visit) && !visit.given_up;
  if (!ours || !named || !handed || !told_otherwise(parts, visit, request, parts.clock.now()))
    co_return HandOver::not_looked_at;
  const auto before = std::exchange(visit.reader, *request.reader);
  const bool held = cards.holds(visit);
  base::Result<Looks> looks = co_await look_after_terminal(visit);
  if (!held) cards.release(visit.id);
  visit.reader = before;
  if (!looks) co_return looks.error();
  auto looked_at = visit;
  const auto seen = take_in_looks(looked_at, *looks, parts.clock.now(), request.staff, {});
  if (!seen) co_return seen.error();
  // What the terminal has done is taken in by cases.issue, before anything else is decided.
  if (looked_at.sagas.size() != visit.sagas.size()) co_return HandOver::changed;
  for (std::size_t i = 0; i < visit.sagas.size(); ++i) {
    const auto& now = looked_at.sagas[i];
    if (visit.sagas[i].phase == Phase::handed_over && (now.ended() || !renewal::as_handed_over(now)))
      co_return HandOver::changed;
  }
  if (!withdraw(looked_at, request.staff, notes)) co_return HandOver::unread;
  visit = std::move(looked_at);
  co_return HandOver::withdrawn;
}

base::Result<void> Desk::Inside::decide_handed_over_anew(Case& visit, HandOver seen) {
  const bool away = renewal::handed_over(visit) && !visit.given_up;
  const bool another_day = on_another_day(visit, {}, parts.clock.now());
  // What the card shows to be done is taken in first.
  if (!away || (another_day && seen == HandOver::changed)) return {};
  auto anew = visit;
  for (auto& saga : anew.sagas) {
    if (saga.phase == Phase::handed_over) saga.phase = Phase::planned;
  }
  if (renewal::untouched(anew)) {
    anew.sagas.clear();
    anew = as_of_now(anew, anew.seen);
    if (const auto decided = decide(anew); !decided) return decided;
  } else if (const auto decided = decide_rest_anew(anew); !decided) {
    return decided;
  }
  visit.decision = std::move(anew.decision);
  if (decided_otherwise(visit) && !another_day) add_demand(visit.decision, bring_back());
  return {};
}

base::Result<void> Desk::Inside::hand_over_rest(Case& visit, const Looks& looks, const std::string& staff,
                                                std::vector<Note>& notes) {
  if (!anything_left(visit)) return {};
  for (const auto& saga : visit.sagas) {
    if (renewal::begun(saga)) continue;
    auto shown = saga;
    shown.proof =
        terminal::judge(renewal::order_of(visit, saga), looks.at(saga.certificate), parts.clock.now());
    if (!renewal::as_handed_over(shown)) return replaced_meanwhile(visit, saga.certificate);
  }
  if (const auto today = rest_still_as_decided(visit); !today) return today;
  for (auto& saga : visit.sagas) {
    if (renewal::begun(saga)) continue;
    auto there = renewal::apply(saga, {renewal::Happening::handed_over, {}, {}, {}, parts.clock.now()});
    if (!there) return there.error();
    saga = std::move(*there);
    notes.push_back(handed_over_note(visit, saga, staff));
  }
  return {};
}

base::Result<void> looked_at_today(const Case& visit) {
  const bool one_done = std::any_of(visit.sagas.begin(), visit.sagas.end(),
                                    [](const Saga& saga) { return saga.phase == Phase::done; });
  if (!one_done) return {};
  for (const auto& saga : visit.sagas) {
    if (!needs_its_pin(saga)) continue;
    auto details = way_to_look(saga.certificate);
    details["case"] = visit.id;
    return make_fault(Code::pin_required, "not looked at since another day", std::move(details));
  }
  return {};
}

base::Fault update_first(const Case& visit) {
  return make_fault(
      Code::conflict, "decided otherwise since it was handed over",
      {{"case", visit.id},
       {"decision", visit.decision},
       {"call", "cases.update"},
       {"needs", "reader"},
       {"ja",
        "統合端末に引き継いだあとで、本日は手続きできない内容に変わりました。カードには書き込まれて"
        "いません。カードを読み取って受付の内容を更新してください。"},
       {"en",
        "Since it was handed over to the official terminal this case is decided otherwise, and "
        "cannot be done today. Nothing was written to the card: update the case with its "
        "reader."}});
}

}  // namespace madoguchi::counter
