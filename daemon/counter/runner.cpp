#include "runner.hpp"

#include <algorithm>

#include "base/code_book.hpp"
#include "card_steps.hpp"
#include "counter/reception.hpp"
#include "evidence.hpp"
#include "renewal/judgement.hpp"
#include "renewal/transitions.hpp"
#include "renewal/words.hpp"
#include "talk.hpp"
#include "why_not.hpp"

namespace madoguchi::counter {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using base::Code;
using base::make_fault;
using mynumber::CardState;
using renewal::Event;
using renewal::Happening;
using renewal::Phase;
using renewal::Saga;
using renewal::Slot;
using smartcard::Channel;

// What the journal keeps of an event: everything that a person or a program would need to follow it.
json::object note_of(const Saga& saga, const Event& event) {
  json::object body{{"certificate", mynumber::name(saga.certificate)}, {"phase", renewal::name(saga.phase)}};
  switch (event.happening) {
    case Happening::key_seen_unchanged:
    case Happening::key_seen_new:
    case Happening::key_generated:
      body["key_sha256"] = event.bytes.empty() ? "" : base::to_hex(base::sha256(event.bytes));
      body["slot"] = saga.slot == Slot::spare ? "spare" : "active";
      break;
    case Happening::request_signed:
      body["transaction_id"] = base::to_hex(event.transaction_id);
      break;
    case Happening::message_outgoing:
    case Happening::message_incoming:
      body["message"] = base::to_base64(event.bytes);
      break;
    case Happening::certificate_issued:
      if (const auto certificate = mynumber::parse_certificate(event.bytes)) {
        body["serial"] = certificate->serial;
        body["expires_on"] = base::format_date(certificate->last_day);
      }
      break;
    default:
      break;
  }
  if (event.failure) body["reason"] = base::entry(event.failure->code).reason;
  return body;
}

json::object progress_of(const Saga& saga, std::string_view record) {
  const auto [n, of] = renewal::progress(saga.phase);
  const auto words = renewal::words_for(record).value_or(renewal::Words{record, record});
  return {{"certificate", mynumber::name(saga.certificate)},
          {"step", record},
          {"n", n},
          {"of", of},
          {"ja", words.ja},
          {"en", words.en}};
}

bool any_begun(const renewal::Case& visit) {
  return std::any_of(visit.sagas.begin(), visit.sagas.end(), renewal::begun);
}

bool can_be_interrupted(Phase phase) {
  return phase == Phase::key_intended || phase == Phase::activation_intended;
}

// A card may be held over night, and is open in the morning by the PINs of whoever stood there.
bool entered_today(const renewal::Case& visit, mynumber::PinName pin, base::Instant now) {
  const auto check = visit.pins.find(pin);
  return check != visit.pins.end() && renewal::opens_the_card(check->second.outcome) &&
         base::date_in_japan(check->second.at) == base::date_in_japan(now);
}

base::Fault waits_for_its_card() {
  return make_fault(Code::card_absent, "the case waits for its card");
}

}  // namespace

asio::awaitable<base::Result<void>> Runner::run(renewal::Case& visit, With with) {
  base::Result<void> outcome;
  const auto day = base::date_in_japan(parts_.clock.now());
  if (visit.given_up) with = With::alone;
  for (std::size_t i = 0; i < visit.sagas.size(); ++i) {
    if (visit.sagas[i].phase == Phase::done) continue;
    if (with == With::clerk_begun && !renewal::begun(visit.sagas[i])) continue;
    if (visit.given_up && !renewal::owes_the_authority(visit.sagas[i])) continue;
    follow_the_one_before(visit, i);
    base::Result<void> done = co_await run_saga(visit, i, with, day);
    const auto& failure = visit.sagas[i].failure;
    if (failure) {
      outcome = make_fault(failure->code, failure->inner,
                           {{"certificate", mynumber::name(visit.sagas[i].certificate)}});
    } else if (!done) {
      outcome = done;
    }
    const bool stopped = failure || !done;
    if (stopped && !renewal::lets_the_next_go_on(visit.sagas[i])) co_return done ? outcome : done;
  }
  co_return outcome;
}

void Runner::follow_the_one_before(renewal::Case& visit, std::size_t index) {
  if (index == 0) return;
  renewal::cap_by_authentication(visit.sagas);
  const Saga& before = visit.sagas[index - 1];
  Saga& saga = visit.sagas[index];
  const bool same_authority = &parts_.authority(before.certificate) == &parts_.authority(saga.certificate);
  if (same_authority && before.authority_seen > saga.authority_seen) {
    saga.authority_seen = before.authority_seen;
  }
}

renewal::Step Runner::next(const Saga& saga) const {
  const bool status = parts_.authority(saga.certificate).status != nullptr;
  return renewal::next(saga, parts_.clock.now(), {.status = status});
}

asio::awaitable<base::Result<void>> Runner::put_off_keys(renewal::Case& visit) {
  for (std::size_t i = 0; i < visit.sagas.size(); ++i) {
    if (visit.sagas[i].phase == Phase::key_intended) {
      if (const auto noted = record(visit, i, {Happening::interrupted, {}, {}, {}}); !noted) co_return noted;
    }
    if (visit.sagas[i].phase != Phase::key_unknown) continue;
    base::Result<Event> seen = co_await on_the_card(visit, i, next(visit.sagas[i]));
    if (!seen) co_return seen.error();
    if (const auto noted = record(visit, i, *seen); !noted) co_return noted;
    const auto put_off = renewal::put_off(visit.sagas[i]);
    if (!put_off) {
      // Whether the old key is still there is known by now.
      if (const auto told = visit.attention) renewal::settle_after_run(visit, make_fault(told->code));
      continue;
    }
    // Whatever was to be looked at has been; that the old key is lost is told whether anybody goes on today.
    const auto told = visit.attention ? visit.attention->code : Code::card_refused;
    const bool lost = !renewal::nothing_lost(visit.sagas[i]);
    renewal::settle_after_run(visit, lost ? std::optional(make_fault(told)) : std::nullopt);
    if (const auto noted = record(visit, i, *put_off); !noted) co_return noted;
  }
  co_return base::Result<void>{};
}

asio::awaitable<base::Result<bool>> Runner::look_again(renewal::Case& visit, bool another_day) {
  bool restarted = false;
  for (std::size_t i = 0; i < visit.sagas.size(); ++i) {
    // On another day nothing of it is decided any more; only a card that may have lost its old key needs it.
    const bool late = another_day && !renewal::old_key_at_stake(visit.sagas[i]);
    if (!renewal::looks_before_restart(visit.sagas[i]) || late) continue;
    base::Result<Event> seen = co_await on_the_card(visit, i, renewal::ReadKey{visit.sagas[i].slot});
    if (!seen) co_return seen.error();
    if (seen->happening == Happening::key_lost) continue;
    if (const auto noted = record(visit, i, *seen); !noted) co_return noted.error();
    restarted = true;
  }
  co_return restarted;
}

asio::awaitable<base::Result<bool>> Runner::card_works_without(const renewal::Case& visit) {
  for (const auto& saga : visit.sagas) {
    if (!renewal::old_key_at_stake(saga)) continue;
    const auto tools = tools_of(parts_);
    if (!tools) co_return tools.error();
    base::Result<HeldCards::Use> use = co_await cards_.hold(visit);
    if (!use) co_return use.error();
    auto look = [tools = *tools, saga](Channel& card, CardState& state) {
      return works_without(tools, card, state, saga);
    };
    base::Result<bool> works = co_await use->work<bool>(with_rights(*tools, std::move(look)));
    if (!works || !*works) co_return works;
  }
  co_return true;
}

asio::awaitable<base::Result<void>> Runner::run_saga(renewal::Case& visit, std::size_t index, With with,
                                                     base::Date day) {
  const auto may_take = [with](const renewal::Step& step) {
    return with != With::alone || renewal::needs_nobody(step);
  };
  if (const auto given = give_back(visit, index); !given) co_return given;
  if (!may_take(next(visit.sagas[index]))) co_return waits_for_its_card();
  if (can_be_interrupted(visit.sagas[index].phase)) {
    if (const auto noted = record(visit, index, {Happening::interrupted, {}, {}, {}}); !noted)
      co_return noted;
  }
  if (visit.sagas[index].phase == Phase::failed) {
    const auto& failure = visit.sagas[index].failure;
    const auto restart = renewal::restart_of(visit.sagas[index]);
    if (!restart) {
      co_return make_fault(failure ? failure->code : Code::conflict, "needs a person at the authority");
    }
    if (renewal::looks_before_restart(visit.sagas[index]))
      co_return make_fault(failure->code, failure->inner);
    const Event again{*restart, {}, {}, {}};
    if (const auto noted = record(visit, index, again); !noted) co_return noted;
  }
  std::chrono::seconds waited{0};
  bool issuers_checked = false;
  for (;;) {
    if (visit.sagas[index].ended()) co_return base::Result<void>{};
    if (stopping_) co_return make_fault(Code::shutting_down, "between two steps");
    const renewal::Step step = next(visit.sagas[index]);
    if (!may_take(step)) co_return waits_for_its_card();
    base::Result<void> may = co_await before_a_key(visit, index, step, day, issuers_checked);
    if (!may) co_return may;
    base::Result<Event> event = co_await take(visit, index, step, with, waited);
    if (!event) co_return event.error();
    if (const auto noted = record(visit, index, *event); !noted) co_return noted;
    if (const auto given = give_back(visit, index); !given) co_return given;
    // Asked again in another run: the citizen is not kept waiting for it.
    const bool in_vain = event->happening == Happening::status_unanswered;
    if (in_vain && std::holds_alternative<renewal::AskStatus>(next(visit.sagas[index]))) {
      co_return make_fault(event->failure->code, event->failure->inner);
    }
  }
}

asio::awaitable<base::Result<void>> Runner::before_a_key(renewal::Case& visit, std::size_t index,
                                                         const renewal::Step& step, base::Date day,
                                                         bool& issuers_checked) {
  const bool makes_key = std::holds_alternative<renewal::GenerateKey>(step);
  const bool announces_key =
      visit.sagas[index].phase == Phase::planned && std::holds_alternative<renewal::ReadKey>(step);
  if ((makes_key || announces_key) && !std::exchange(issuers_checked, true)) {
    base::Result<void> fit = co_await check_issuers(visit, index);
    if (!fit) co_return fit;
    // A card that has been changed is brought to its end as far as it can be. Before that, no certificate
    // begins that would leave it half done.
    const bool first = !any_begun(visit);
    for (std::size_t next = index + 1; first && next < visit.sagas.size(); ++next) {
      fit = co_await check_issuers(visit, next);
      if (!fit) co_return fit;
    }
  }
  // Last: an answer may have been waited for past midnight.
  if (makes_key && base::date_in_japan(parts_.clock.now()) != day) {
    co_return make_fault(Code::conflict, "the day has changed: nothing was made",
                         {{"case", visit.id}, {"call", "cases.issue"}});
  }
  co_return base::Result<void>{};
}

base::Result<void> Runner::give_back(renewal::Case& visit, std::size_t index) {
  const auto event = visit.given_up ? renewal::given_back(visit.sagas[index], visit.card_gone) : std::nullopt;
  return event ? record(visit, index, *event) : base::Result<void>{};
}

asio::awaitable<base::Result<Event>> Runner::take(renewal::Case& visit, std::size_t index,
                                                  const renewal::Step& step, With with,
                                                  std::chrono::seconds& waited) {
  const SetAside keep = [&](const base::Fault& why, const base::Bytes& answer) {
    return set_aside(visit, index, why, answer);
  };
  if (const auto* converse = std::get_if<renewal::Converse>(&step)) {
    const auto about = converse->about;
    // Nobody waits for a case that goes on alone, and the others have their turn meanwhile.
    const bool patient = with != With::alone;
    co_return co_await talk(parts_, visit.sagas[index], about, waited, patient, keep, stopping_);
  }
  if (std::holds_alternative<renewal::AskAuthority>(step)) {
    co_return co_await ask_whether_there(parts_, visit.sagas[index].certificate, keep);
  }
  if (std::holds_alternative<renewal::AskStatus>(step)) {
    co_return co_await ask_status(parts_, visit.sagas[index], keep, stopping_);
  }
  if (const auto* skip = std::get_if<renewal::SkipRevocation>(&step)) {
    co_return Event{
        skip->withheld ? Happening::revocation_withheld : Happening::revocation_needless, {}, {}, {}};
  }
  co_return co_await on_the_card(visit, index, step);
}

asio::awaitable<base::Result<void>> Runner::check_issuers(renewal::Case& visit, std::size_t index) {
  const SetAside keep = [&](const base::Fault& why, const base::Bytes& answer) {
    return set_aside(visit, index, why, answer);
  };
  base::Result<void> fit =
      co_await counter::check_issuers(parts_, visit.sagas[index], any_begun(visit), keep);
  // Any other fault is that of an answer, or that there was none.
  if (!fit && fit.error().details.contains("differs")) {
    parts_.log.write(base::Level::error, "authority.issuers_unfit",
                     {{"case", visit.id},
                      {"certificate", std::string(mynumber::name(visit.sagas[index].certificate))},
                      {"why", fit.error().inner}});
  }
  co_return fit;
}

asio::awaitable<base::Result<Event>> Runner::on_the_card(renewal::Case& visit, std::size_t index,
                                                         const renewal::Step& step) {
  const Saga& saga = visit.sagas[index];
  const auto tools = tools_of(parts_);
  if (!tools) co_return tools.error();
  base::Result<HeldCards::Use> use = co_await cards_.hold(visit);
  if (!use) co_return use.error();
  const auto plan = renewal::plan_of(visit.decision);
  const auto pin = renewal::needs_pin(step, saga.certificate);
  // A face-authentication card has no PINs and is asked for none.
  const bool asked =
      plan && pin &&
      std::find(plan->pins_required.begin(), plan->pins_required.end(), *pin) != plan->pins_required.end();
  if (asked && !use->verified(*pin)) {
    co_return pin_wanted(visit, *pin, "the card's session began anew");
  }
  if (asked && std::holds_alternative<renewal::GenerateKey>(step) &&
      !entered_today(visit, *pin, parts_.clock.now())) {
    co_return pin_wanted(visit, *pin, "entered on another day");
  }
  if (std::holds_alternative<renewal::SignRequest>(step)) co_return co_await sign_request(*use, *tools, saga);
  auto job = [tools = *tools, saga, step](Channel& card, CardState& state) {
    return take_on_card(tools, card, state, saga, step);
  };
  co_return co_await use->work<Event>(with_rights(*tools, std::move(job)));
}

asio::awaitable<base::Result<Event>> Runner::sign_request(HeldCards::Use& card, const CardTools& tools,
                                                          const Saga& saga) {
  const authority::Authority& protocol = parts_.authority(saga.certificate).protocol;
  const auto enrolment = renewal::enrolment_of(saga);
  if (!enrolment) co_return enrolment.error();
  const auto unsigned_request = protocol.to_be_signed(*enrolment);
  if (!unsigned_request) co_return unsigned_request.error();
  auto sign = [tools, saga, digest = base::sha256(*unsigned_request)](Channel& channel, CardState& state) {
    return sign_with_key_of(tools, channel, state, saga, digest);
  };
  base::Result<Signed> answer = co_await card.work<Signed>(with_rights(tools, std::move(sign)));
  if (!answer) co_return answer.error();
  if (const auto* lost = std::get_if<Event>(&*answer)) co_return *lost;
  auto body = protocol.assemble(*enrolment, *unsigned_request, std::get<base::Bytes>(*answer));
  if (!body) co_return body.error();
  co_return Event{Happening::request_signed, std::move(*body), base::random_bytes(16), {}};
}

base::Result<void> Runner::set_aside(renewal::Case& visit, std::size_t index, const base::Fault& why,
                                     const base::Bytes& answer) {
  parts_.log.write(base::Level::warning, "authority.answer_set_aside",
                   {{"case", visit.id},
                    {"why", base::describe(why)},
                    {"bytes", static_cast<std::int64_t>(answer.size())}});
  const auto journal = parts_.store.journal(visit.id);
  if (!journal) return journal.error();
  const Saga& saga = visit.sagas[index];
  auto evidence = evidence_of(*journal, saga, why, answer);
  if (!evidence) return {};
  auto progress = progress_of(saga, evidence->kind);
  return recorder_.record(visit, {std::move(*evidence)}, {{"case.progress", std::move(progress)}});
}

base::Result<void> Runner::record(renewal::Case& visit, std::size_t index, const Event& event) {
  const auto* row = renewal::find_transition(visit.sagas[index].phase, event.happening);
  auto after = renewal::apply(visit.sagas[index], event);
  if (!after) return after.error();
  Saga before = std::exchange(visit.sagas[index], std::move(*after));
  const Saga& saga = visit.sagas[index];
  auto recorded = recorder_.record(visit, {{std::string(row->record), note_of(saga, event)}},
                                   {{"case.progress", progress_of(saga, row->record)}});
  if (!recorded) visit.sagas[index] = std::move(before);
  return recorded;
}

}  // namespace madoguchi::counter
