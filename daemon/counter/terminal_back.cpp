// cases.issue on the official terminal's channel, back again: the card itself says what was done. Nothing is
// written to it, and no PIN is sent: what only a PIN opens is looked at where cases.verify_pin has opened it.
#include <algorithm>

#include "base/code_book.hpp"
#include "card_facts.hpp"
#include "counter/reception.hpp"
#include "inside.hpp"
#include "renewal/before.hpp"
#include "renewal/terminal.hpp"
#include "renewal/transitions.hpp"
#include "renewal/words.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace json = boost::json;
namespace terminal = authority::terminal;
using base::Code;
using base::make_fault;
using mynumber::CardState;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::Saga;
using smartcard::Channel;
using terminal::Look;

base::Result<Look::Key> ask_key(Channel& card, CardState& state, const mynumber::CardProfile& profile,
                                CertificateName which, base::ByteView spki) {
  const auto challenge = base::sha256(base::random_bytes(32));
  const auto answer = mynumber::sign(card, state, profile, which, mynumber::Slot::active, challenge);
  if (answer) return mynumber::verifies(spki, challenge, *answer) ? Look::Key::answered : Look::Key::silent;
  switch (answer.error().code) {
    case Code::pin_required:
      return Look::Key::closed;
    case Code::not_found:
    case Code::card_refused:
      return Look::Key::silent;
    default:
      return answer.error();
  }
}

base::Result<Look> look_at(Channel& card, CardState& state, const mynumber::CardProfile& profile,
                           CertificateName which) {
  const bool open = state.is_verified(mynumber::pin_of(which));
  if (which == CertificateName::signature && !open) return Look{};
  auto certificate = mynumber::read_certificate(card, state, profile, which);
  if (!certificate) {
    if (certificate.error().code != Code::not_found) return certificate.error();
    return Look{Look::File::absent, std::nullopt, Look::Key::closed};
  }
  Look look{Look::File::read, std::move(*certificate), Look::Key::closed};
  if (!open) return look;
  const auto key = ask_key(card, state, profile, which, look.certificate->spki);
  if (!key) return key.error();
  look.key = *key;
  return look;
}

json::object note_of(const Saga& saga, const renewal::Event& event, const std::string& staff,
                     const Acceptance& accepted) {
  json::object note{{"certificate", mynumber::name(saga.certificate)},
                    {"phase", renewal::name(saga.phase)},
                    {"verdict", terminal::name(event.proof->verdict)},
                    {"staff", staff}};
  json::array points;
  for (const auto& finding : event.proof->findings) {
    json::object point{{"point", terminal::name(finding.point)}};
    if (!finding.found.empty()) point["found"] = finding.found;
    if (!finding.expected.empty()) point["expected"] = finding.expected;
    points.push_back(std::move(point));
  }
  if (!points.empty()) note["findings"] = std::move(points);
  if (const auto fresh = mynumber::parse_certificate(event.bytes)) {
    note["serial"] = fresh->serial;
    note["expires_on"] = base::format_date(fresh->last_day);
  }
  if (event.happening == renewal::Happening::accepted_by_clerk) note["accepted_because"] = accepted.reason;
  return note;
}

bool among(const std::vector<CertificateName>& all, CertificateName which) {
  return std::find(all.begin(), all.end(), which) != all.end();
}

// A reason that was given for one thing is none for another that nobody had seen by then; one that has gone
// since, as when the PIN was entered, takes nothing from it.
bool is_known(const Saga& before, const renewal::Event& event) {
  const auto after = renewal::apply(before, event);
  if (!after || !after->proof || after->proof->verdict != terminal::Verdict::differs) return true;
  if (!before.proof || before.proof->verdict != terminal::Verdict::differs) return false;
  const auto& seen = before.proof->findings;
  return std::all_of(after->proof->findings.begin(), after->proof->findings.end(), [&](const auto& finding) {
    return std::find(seen.begin(), seen.end(), finding) != seen.end();
  });
}

// The first of those that were to be accepted and were not.
const Saga* not_accepted(const renewal::Case& visit, const Acceptance& accepted) {
  const auto found = std::find_if(visit.sagas.begin(), visit.sagas.end(), [&](const Saga& saga) {
    return saga.phase == Phase::handed_over && among(accepted.certificates, saga.certificate);
  });
  return found == visit.sagas.end() ? nullptr : &*found;
}

terminal::Words why_not_accepted(const Saga& saga, const Look& look) {
  const auto title = renewal::title(saga.certificate);
  const auto name_ja = std::string(title.ja);
  const auto name_en = std::string(title.en);
  // The rest is handed over by the same call.
  if (!saga.proof)
    return {
        name_ja + "は、これから統合端末で手続きするため、まだ承認できません。",
        "The " + name_en + " has still to be done at the official terminal, so it cannot be accepted yet."};
  const auto advice = terminal::advice_for(saga.certificate, *saga.proof);
  if (saga.proof->verdict == terminal::Verdict::unchanged)
    return {
        "カードの" + name_ja + "は手続き前のままのため、承認できません。" + advice.ja,
        "The card's " + name_en + " is as it was before, so that there is nothing to accept. " + advice.en};
  const auto differs = renewal::differing({saga}).value_or(terminal::Words{});
  if (terminal::acceptable(*saga.proof))
    return {"承認の前に、カードの内容を確かめてください。" + differs.ja,
            "Look at what the card shows before it is accepted. " + differs.en};
  if (look.file == Look::File::closed)
    return {name_ja +
                "は、先に読み取ったときは使えない状態でした。そのあとは、暗証番号が照合されていないため読み"
                "取っていません。暗証番号を照合してから「発行」をもう一度行ってください。",
            "The " + name_en +
                " could not be used when it was read before, and has not been read since: its PIN has not "
                "been checked. Have its PIN checked, then issue again."};
  return {differs.ja, differs.en};
}

base::Fault about_acceptance(const renewal::Case& visit, const Saga& saga, const Look& look) {
  const auto words = why_not_accepted(saga, look);
  return make_fault(Code::conflict, "what the card shows cannot be accepted",
                    {{"case", visit.id},
                     {"cannot", "accept"},
                     {"certificate", mynumber::name(saga.certificate)},
                     {"ja", words.ja},
                     {"en", words.en}});
}

// Renewed beside it after all, and taken in: the signature certificate does not end with the one from before.
void drop_cap(renewal::Case& visit) {
  const bool renewed = std::any_of(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) {
    return saga.certificate == CertificateName::authentication && saga.undecided && saga.phase == Phase::done;
  });
  auto* findings = visit.decision.if_contains("findings");
  if (!renewed || findings == nullptr || !findings->is_array()) return;
  json::array kept;
  for (auto& finding : findings->get_array()) {
    if (finding.at("code") != "certificate.capped") kept.push_back(std::move(finding));
  }
  *findings = std::move(kept);
}

base::Fault not_to_be_gone_on_with(const renewal::Case& visit) {
  json::object details{{"decision", visit.decision}, {"call", "cases.update"}};
  say_why(visit.decision, "残りの手続きは、本日の判定では進められません。",
          "What is left cannot be done as decided today.", details);
  return make_fault(Code::conflict, "the rest is not to be done today", std::move(details));
}

base::Fault about(const renewal::Case& visit, base::Fault fault) {
  fault.details["case"] = visit.id;
  return fault;
}

}  // namespace

base::Result<std::vector<Note>> take_in_looks(renewal::Case& visit, const Looks& looks, base::Instant now,
                                              const std::string& staff, const Acceptance& accepted) {
  std::vector<Note> notes;
  for (const auto& [which, look] : looks) {
    if (!look.certificate) continue;
    const renewal::CardBefore before{
        {}, renewal::serial_seen(visit.seen, which), renewal::absent(visit.seen, which)};
    const auto taken = renewal::take_in_undecided(visit, which, before, *look.certificate);
    if (!taken) return taken.error();
  }
  for (auto& saga : visit.sagas) {
    if (saga.phase != Phase::handed_over) continue;
    // Not longer than the authentication certificate, once that is settled.
    if (visit.sagas.front().phase == Phase::done) renewal::cap_by_authentication(visit.sagas);
    const auto order = renewal::order_of(visit, saga);
    const auto& look = looks.at(saga.certificate);
    auto event = renewal::judge_from_terminal(saga, order, look, now, false);
    if (among(accepted.certificates, saga.certificate) && is_known(saga, event))
      event = renewal::judge_from_terminal(saga, order, look, now, true);
    const auto* row = renewal::find_transition(saga.phase, event.happening);
    auto after = renewal::apply(saga, event);
    if (!after) return after.error();
    saga = std::move(*after);
    notes.push_back({std::string(row->record), note_of(saga, event, staff, accepted)});
  }
  return notes;
}

Later<Looks> Desk::Inside::look_after_terminal(const renewal::Case& visit) {
  base::Result<HeldCards::Use> use = co_await cards.hold(visit);
  if (!use) co_return about(visit, use.error());
  // Also at what was not to be done there: it may have been.
  std::vector<CertificateName> wanted{CertificateName::authentication, CertificateName::signature};
  for (const auto& saga : visit.sagas) {
    if (saga.phase != Phase::handed_over && saga.phase != Phase::planned)
      std::erase(wanted, saga.certificate);
  }
  auto job = [profile = &parts.profile, wanted](Channel& card, CardState& state) -> base::Result<Looks> {
    Looks looks;
    for (const auto which : wanted) {
      auto look = look_at(card, state, *profile, which);
      if (!look) return look.error();
      looks[which] = std::move(*look);
    }
    return looks;
  };
  base::Result<Looks> looks = co_await use->work<Looks>(std::move(job));
  if (!looks) co_return about(visit, looks.error());
  co_return looks;
}

Later<renewal::Case> Desk::Inside::take_back(renewal::Case visit, std::string staff, Acceptance accepted) {
  base::Result<Looks> looks = co_await look_after_terminal(visit);
  if (!looks) co_return looks.error();
  auto notes = take_in_looks(visit, *looks, parts.clock.now(), staff, accepted);
  if (!notes) co_return notes.error();
  drop_cap(visit);
  const bool another_day = on_another_day(visit, {}, parts.clock.now());
  if (another_day || decided_otherwise(visit)) static_cast<void>(withdraw(visit, staff, *notes));
  if (renewal::untouched(visit)) {
    if (decided_otherwise(visit)) co_return update_first(visit);
    visit.sagas.clear();
    visit.attention.reset();
    visit.state = renewal::settled(visit);
    // Whatever becomes of the next one: what has to be told first can be, without the card.
    json::object data{{"state", renewal::name(visit.state)}};
    const auto back = recorder.record(visit, std::move(*notes), {{"case.updated", std::move(data)}});
    if (!back) co_return about(visit, back.error());
    co_return co_await hand_over(std::move(visit), std::move(staff), {});
  }
  base::Result<void> rest = hand_over_rest(visit, *looks, staff, *notes);
  // No PIN is asked of who is turned away.
  if (rest && another_day && decided_otherwise(visit) && renewal::handed_over(visit))
    rest = not_to_be_gone_on_with(visit);
  if (rest && (another_day || decided_otherwise(visit))) rest = looked_at_today(visit);
  // Of what the card shows to be done nothing is decided any more, e.g. that it is applied for.
  if (!another_day && decided_otherwise(visit)) {
    const bool away = renewal::handed_over(visit);
    const auto anew = away ? decide_handed_over_anew(visit) : decide_rest_anew(visit);
    if (!anew) co_return about(visit, anew.error());
  }
  renewal::settle_after_run(visit, {});
  const bool completed = visit.state == renewal::State::completed;
  json::object note{{"staff", staff}};
  if (visit.attention) note["reason"] = base::entry(visit.attention->code).reason;
  if (completed || visit.attention) {
    notes->push_back({completed ? "case.completed" : "case.stopped", std::move(note)});
  }
  const auto* type = completed ? "case.completed" : visit.attention ? "case.attention" : "case.updated";
  json::object data{{"state", renewal::name(visit.state)}};
  const auto recorded = recorder.record(visit, std::move(*notes), {{type, std::move(data)}});
  if (!recorded) co_return about(visit, recorded.error());
  if (completed || renewal::back_to_the_terminal(visit)) cards.release(visit.id);
  if (completed) co_await tell_those_that_wait(visit);
  if (const auto* saga = not_accepted(visit, accepted))
    co_return about_acceptance(visit, *saga, looks->at(saga->certificate));
  if (!rest && !completed) co_return about(visit, rest.error());
  if (visit.attention) {
    co_return make_fault(
        visit.attention->code, "the card shows something else than was decided",
        {{"case", visit.id}, {"ja", visit.attention->look_ja}, {"en", visit.attention->look_en}});
  }
  co_return visit;
}

Later<void> Desk::Inside::make_sure_nothing_was_done(renewal::Case& visit, const std::string& staff,
                                                     std::vector<Note>& notes) {
  base::Result<Looks> looks = co_await look_after_terminal(visit);
  if (!looks) co_return looks.error();
  auto seen = take_in_looks(visit, *looks, parts.clock.now(), staff, {});
  if (!seen) co_return seen.error();
  notes = std::move(*seen);
  const bool as_it_was = std::all_of(visit.sagas.begin(), visit.sagas.end(), [](const Saga& saga) {
    return saga.phase == Phase::done || renewal::as_handed_over(saga);
  });
  if (as_it_was && renewal::handed_over(visit)) co_return base::Result<void>{};
  cards.release(visit.id);
  co_return make_fault(Code::conflict, "the official terminal has changed the card",
                       {{"case", visit.id},
                        {"call", "cases.issue"},
                        {"ja",
                         "統合端末での手続きでカードの証明書が変わっているため、この受付は取り消せません。「"
                         "発行」をもう一度行って"
                         "内容を確かめてください。"},
                        {"en",
                         "The official terminal has changed the card's certificates, so this case cannot be "
                         "cancelled. Issue again "
                         "to see what was done."}});
}

}  // namespace madoguchi::counter
