#include "counter/desk.hpp"

#include <algorithm>
#include <boost/json/value_from.hpp>

#include "card_facts.hpp"
#include "card_steps.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"
#include "permission.hpp"
#include "renewal/changes.hpp"
#include "renewal/terminal.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;

// Six digits of the day in Japan and forty random bits: short enough to read aloud over a counter.
std::string make_case_id(base::Instant now) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto day = base::format_date(base::date_in_japan(now));
  std::string id = day.substr(2, 2) + day.substr(5, 2) + day.substr(8, 2) + "-";
  for (const auto byte : base::random_bytes(8)) id.push_back(alphabet[byte % alphabet.size()]);
  return id;
}

// What has changed the card is brought to its end with it, unless there is no such card any more.
base::Fault not_to_be_cancelled(const renewal::Case& visit, bool gone) {
  json::object details{{"state", renewal::name(visit.state)}};
  if (!gone && renewal::may_cancel(visit, true)) {
    details["needs"] = "card_gone";
    details["ja"] =
        "カードの鍵または証明書がすでに変わっているため、取り消せません。同じカードで「発行」をもう一度行うと"
        "続きから再開します。紛失や破損でカードを使えない場合は、「カードが使えない」として取り消してください"
        "。";
    details["en"] =
        "The card's key or certificate has been changed already, so the case cannot be cancelled; issuing "
        "again with the same card goes on from here. If the card is lost or broken, cancel the case as one "
        "whose card is gone.";
  }
  return make_fault(Code::conflict, "the card has been changed already", std::move(details));
}

// Of one that may have cost the card its only key: only the card says whether it works without, and only a
// counter set up as when it began can look.
base::Result<void> may_be_looked_at(const Parts& parts, const renewal::Case& visit) {
  const auto its = on_its_channel(parts, visit);
  const auto tools = tools_of(parts);
  if (its && tools) return {};
  auto details = its ? tools.error().details : its.error().details;
  details["case"] = visit.id;
  details["needs"] = "card_gone";
  details["ja"] =
      "この受付を取り消すには、カードに使える鍵と証明書があることを確かめる必要がありますが、"
      "この窓口の現在の設定では確かめられません。"
      "発行方法の設定を受付の時点のものに戻せば、取消しも「発行」の続きもできます。管理者に連絡してください。"
      "紛失や破損でカードを使えない場合は、「カードが使えない」として取り消してください。";
  details["en"] =
      "Before this case is cancelled the card has to show a key and certificate that work, and this counter "
      "cannot look as it is set up now. Set up for issuing as when the case began, it can be cancelled or "
      "issued: tell the administrator. If the card is lost or broken, cancel the case as one whose card is "
      "gone.";
  return make_fault(Code::conflict, "nobody can look whether the card works", std::move(details));
}

}  // namespace

base::Fault refuse_shutting_down() {
  return make_fault(Code::shutting_down);
}

Desk::Desk(Parts parts) : inside_(std::make_unique<Inside>(std::move(parts))) {}
Desk::~Desk() = default;

Later<mynumber::Inspection> Desk::inspect(std::string reader) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  co_return co_await inside_->cards.inspect(std::move(reader));
}

Later<renewal::Case> Desk::open(OpenRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  renewal::Case visit;
  visit.opened_at = inside_->parts.clock.now();
  if (const auto past = not_to_come(request.facts, visit.opened_at); !past) co_return past.error();
  visit.received_at = visit.opened_at;
  visit.id = make_case_id(visit.opened_at);
  visit.staff = std::move(request.staff);
  visit.by = std::move(request.by);
  visit.reader = std::move(request.reader);
  visit.facts = std::move(request.facts);
  if (visit.facts.contains("documents")) visit.papers_at = visit.opened_at;
  if (!visit.reader.empty()) {
    base::Result<void> card = co_await inside_->look_at_card(visit, request.ask_status, false);
    if (!card) co_return card.error();
    overlay(visit.facts, visit.seen);
  }
  if (const auto first = inside_->refuse_second_visit(visit); !first) co_return first.error();
  if (!visit.reader.empty()) {
    const auto alone = inside_->refuse_beside_another(visit, request.beside);
    if (!alone) co_return alone.error();
  }
  if (const auto decided = inside_->decide(visit); !decided) co_return decided.error();
  if (const auto allowed = not_forbidden(visit.decision); !allowed) co_return allowed.error();
  const auto left = reasoned(visit.decision, {}, request.override_reason);
  if (!left) co_return left.error();
  if (!visit.reader.empty()) {
    if (const auto can = writable(inside_->parts, visit); !can) co_return can.error();
  }
  json::object note{{"staff", visit.staff}, {"policy", decided_by(visit)}};
  note["visitor"] = renewal::visitor_in(visit.facts);
  if (!request.override_reason.empty()) note["override_reason"] = request.override_reason;
  if (!visit.begun_beside.empty()) note["beside"] = json::value_from(visit.begun_beside);
  if (auto statuses = statuses_in(visit.seen); !statuses.empty())
    note["certificate_status"] = std::move(statuses);
  json::object data{{"state", renewal::name(visit.state)}};
  const auto recorded =
      inside_->recorder.record(visit, {{"case.opened", std::move(note)}}, {{"case.opened", std::move(data)}});
  if (!recorded) co_return recorded.error();
  co_return visit;
}

Later<renewal::Case> Desk::cancel(CancelRequest request) {
  if (inside_->stopping) co_return refuse_shutting_down();
  const UnderWay call(inside_->under_way);
  const Gate::Pass pass = co_await inside_->gate.enter(request.id);
  auto visit = inside_->recorder.load(request.id, request.by);
  if (!visit) co_return visit.error();
  const bool gone = request.card_gone || visit->card_gone;
  // On the other channel than it began on only where the authority is still to be told something.
  const auto its = on_its_channel(inside_->parts, *visit);
  if (!its && renewal::owes_the_authority(*visit)) co_return its.error();
  std::vector<Note> notes;
  if (renewal::handed_over(*visit) && !gone) {
    base::Result<void> looked = co_await inside_->make_sure_nothing_was_done(*visit, request.staff, notes);
    if (!looked) co_return looked.error();
  }
  if (!renewal::may_cancel(*visit, gone)) {
    co_return not_to_be_cancelled(*visit, gone);
  }
  if (!gone && !visit->given_up) {
    const auto& sagas = visit->sagas;
    if (std::any_of(sagas.begin(), sagas.end(), renewal::old_key_at_stake)) {
      if (const auto can = may_be_looked_at(inside_->parts, *visit); !can) co_return can.error();
    }
    base::Result<bool> works = co_await inside_->runner.card_works_without(*visit);
    if (!works) co_return works.error();
    if (!*works) co_return not_to_be_cancelled(*visit, gone);
  }
  visit->cancel_reason = request.reason;
  visit->given_up = true;
  visit->card_gone = gone;
  json::object note{{"staff", request.staff}, {"reason", request.reason}};
  if (gone) note["card_gone"] = true;
  if (renewal::owes_the_authority(*visit)) {
    co_return co_await inside_->give_up(std::move(*visit), std::move(note));
  }
  visit->state = renewal::State::cancelled;
  visit->attention.reset();
  visit->holds.clear();
  notes.push_back({"case.cancelled", std::move(note)});
  const auto recorded =
      inside_->recorder.record(*visit, std::move(notes), {{"case.cancelled", {{"reason", request.reason}}}});
  if (!recorded) co_return recorded.error();
  inside_->cards.release(request.id);
  co_return std::move(*visit);
}

Later<renewal::Case> Desk::Inside::give_up(renewal::Case visit, json::object note) {
  renewal::settle_after_run(visit, {});
  json::object data{{"state", renewal::name(visit.state)}};
  const auto recorded =
      recorder.record(visit, {{"case.given_up", note}}, {{"case.updated", std::move(data)}});
  if (!recorded) co_return recorded.error();
  cards.release(visit.id);
  const auto id = visit.id;
  // Given up it is, whatever the authority says now: what is left to be told to it is tried again.
  static_cast<void>(co_await go_on(std::move(visit), Runner::With::alone, std::move(note)));
  co_return recorder.load(id);
}

base::Result<renewal::Case> Desk::load(const std::string& id) {
  return inside_->recorder.load(id);
}

void Desk::announce(const std::string& topic, std::string type, const std::string& reader,
                    json::object data) {
  inside_->recorder.announce(topic, std::move(type), reader, std::move(data));
}

std::size_t Desk::under_way() const {
  return inside_->under_way;
}
void Desk::stop() {
  inside_->stopping = true;
}
void Desk::release_all() {
  inside_->cards.release_all();
}
void Desk::card_gone(const std::string& reader) {
  inside_->cards.card_gone(reader);
}
std::optional<bool> Desk::pad_on(const smartcard::ReaderStatus& reader) const {
  if (inside_->parts.pad_use == PadUse::never) return false;
  return reader.pin_pad;
}
bool Desk::held(const std::string& reader) const {
  return inside_->cards.held(reader);
}

}  // namespace madoguchi::counter
