#include "renewal/codec.hpp"

#include <algorithm>
#include <boost/json/value_from.hpp>

#include "base/bytes.hpp"
#include "base/code_book.hpp"
#include "renewal/before.hpp"
#include "renewal/terminal.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;
using base::Code;
using base::make_fault;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

base::Bytes bytes_of(const json::object& object, std::string_view key) {
  return base::from_base64(text_of(object, key)).value_or(base::Bytes{});
}

bool flag_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::int64_t number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

json::object object_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

json::object stored(const authority::Conversation& conversation) {
  json::array exchanges;
  for (const auto& exchange : conversation.exchanges) {
    exchanges.push_back(json::object{{"request", base::to_base64(exchange.request)},
                                     {"response", base::to_base64(exchange.response)}});
  }
  return {{"transaction_id", base::to_hex(conversation.transaction_id)},
          {"body", base::to_base64(conversation.body)},
          {"exchanges", std::move(exchanges)}};
}

authority::Conversation conversation_of(const json::object& object) {
  authority::Conversation conversation;
  conversation.transaction_id = base::from_hex(text_of(object, "transaction_id")).value_or(base::Bytes{});
  conversation.body = bytes_of(object, "body");
  const auto* exchanges = object.if_contains("exchanges");
  if (exchanges == nullptr || !exchanges->is_array()) return conversation;
  for (const auto& item : exchanges->get_array()) {
    if (!item.is_object()) continue;
    conversation.exchanges.push_back(
        {bytes_of(item.get_object(), "request"), bytes_of(item.get_object(), "response")});
  }
  return conversation;
}

json::object stored(const Saga& saga) {
  json::object object{{"certificate", mynumber::name(saga.certificate)},
                      {"action", saga.action == Action::renew ? "renew" : "issue_new"},
                      {"phase", name(saga.phase)},
                      {"slot", saga.slot == Slot::spare ? "spare" : "active"},
                      {"preview", base::format_date(saga.preview)},
                      {"old_certificate", base::to_base64(saga.old_certificate)},
                      {"subject", base::to_base64(saga.subject_der)},
                      {"key_before", base::to_base64(saga.key_before)},
                      {"emptied", saga.emptied},
                      {"planned_anew", saga.planned_anew},
                      {"key", base::to_base64(saga.key)},
                      {"new_certificate", base::to_base64(saga.new_certificate)},
                      {"torn_writes", saga.torn_writes},
                      {"confirmation_unclear", saga.confirmation_unclear},
                      {"status_unknown", saga.status_unknown},
                      {"status_unanswered", saga.status_unanswered},
                      {"revocation_unclear", saga.revocation_unclear},
                      {"refusal_unclear", saga.refusal_unclear}};
  if (saga.authority_seen) object["authority_seen"] = base::format_time(*saga.authority_seen);
  store_terminal(saga, object);
  // A finished saga's messages stay in the journal; the case itself no longer needs them.
  if (saga.phase != Phase::done) {
    object["enrolment"] = stored(saga.enrolment);
    object["revocation"] = stored(saga.revocation);
  }
  if (saga.failure) {
    object["failure"] = json::object{{"reason", base::entry(saga.failure->code).reason},
                                     {"inner", saga.failure->inner},
                                     {"remedy", name(saga.failure->remedy)}};
  }
  return object;
}

base::Result<Saga> saga_of(const json::object& object) {
  Saga saga;
  const auto which = mynumber::certificate_named(text_of(object, "certificate"));
  const auto phase = phase_named(text_of(object, "phase"));
  const auto preview = base::parse_date(text_of(object, "preview"));
  if (!which || !phase || !preview) return make_fault(Code::internal, "a stored saga that cannot be read");
  saga.certificate = *which;
  saga.phase = *phase;
  saga.preview = *preview;
  saga.action = text_of(object, "action") == "renew" ? Action::renew : Action::issue_new;
  saga.slot = text_of(object, "slot") == "spare" ? Slot::spare : Slot::active;
  saga.old_certificate = bytes_of(object, "old_certificate");
  saga.subject_der = bytes_of(object, "subject");
  saga.key_before = bytes_of(object, "key_before");
  saga.emptied = flag_of(object, "emptied");
  saga.planned_anew = flag_of(object, "planned_anew");
  saga.key = bytes_of(object, "key");
  saga.new_certificate = bytes_of(object, "new_certificate");
  saga.torn_writes = static_cast<int>(number_of(object, "torn_writes"));
  saga.confirmation_unclear = flag_of(object, "confirmation_unclear");
  saga.status_unknown = flag_of(object, "status_unknown");
  saga.status_unanswered = static_cast<int>(number_of(object, "status_unanswered"));
  saga.revocation_unclear = flag_of(object, "revocation_unclear");
  saga.refusal_unclear = flag_of(object, "refusal_unclear");
  saga.authority_seen = base::parse_time(text_of(object, "authority_seen"));
  load_terminal(object, saga);
  saga.enrolment = conversation_of(object_of(object, "enrolment"));
  saga.revocation = conversation_of(object_of(object, "revocation"));
  if (const auto failure = object_of(object, "failure"); !failure.empty()) {
    saga.failure =
        Failure{base::code_of(text_of(failure, "reason")).value_or(Code::internal), text_of(failure, "inner"),
                remedy_named(text_of(failure, "remedy")).value_or(Remedy::ask)};
  }
  return saga;
}

json::object pins_json(const Case& visit, bool with_author) {
  json::object pins;
  for (const auto& [pin, record] : visit.pins) {
    if (with_author) {
      pins[mynumber::name(pin)] = json::object{{"outcome", name(record.outcome)},
                                               {"entered_by", record.entered_by},
                                               {"at", base::format_time(record.at)}};
    } else {
      pins[mynumber::name(pin)] = name(record.outcome);
    }
  }
  return pins;
}

json::object shown(const mynumber::Certificate& certificate) {
  return {{"serial", certificate.serial},
          {"issued_on", base::format_date(certificate.issued_on)},
          {"expires_on", base::format_date(certificate.last_day)}};
}

json::object shown(const Case& visit, const Saga& saga) {
  json::object object{{"action", saga.action == Action::renew ? "renew" : "issue_new"},
                      {"phase", name(saga.phase)},
                      {"preview_expires_on", base::format_date(saga.preview)}};
  if (const auto old = certificate_before(visit, saga))
    object["old"] =
        old->whole ? shown(*old->whole)
                   : json::object{{"serial", old->serial}, {"expires_on", base::format_date(old->last_day)}};
  // Of a case that is given up none is made any more.
  const bool given_up = visit.given_up || visit.state == State::cancelled;
  if (!given_up && key_to_be_made(saga)) object["key_to_be_made"] = true;
  if (saga.proof) object["proof"] = shown_proof(visit, saga);
  if (saga.refusal_unclear) object["refusal_unclear"] = true;
  if (!has_new_certificate(saga)) return object;
  if (const auto fresh = mynumber::parse_certificate(saga.new_certificate)) {
    object["new"] = shown(*fresh);
    if (fresh->last_day != saga.preview) object["differs_from_preview"] = true;
  }
  if (saga.confirmation_unclear) object["confirmation_unclear"] = true;
  if (saga.revocation_unclear) object["revocation_unclear"] = true;
  return object;
}

}  // namespace

json::object to_stored(const Case& visit) {
  json::array sagas;
  for (const auto& saga : visit.sagas) sagas.push_back(stored(saga));
  json::object object{{"id", visit.id},
                      {"state", name(visit.state)},
                      {"opened_at", base::format_time(visit.opened_at)},
                      {"updated_at", base::format_time(visit.updated_at)},
                      {"received_at", base::format_time(visit.received_at)},
                      {"staff", visit.staff},
                      {"reader", visit.reader},
                      {"card", visit.card},
                      {"facts", visit.facts},
                      {"decision", visit.decision},
                      {"pins", pins_json(visit, true)},
                      {"sagas", std::move(sagas)},
                      {"cancel_reason", visit.cancel_reason},
                      {"has_waited", visit.has_waited || visit.state == State::waiting}};
  if (visit.channel == Channel::terminal) object["channel"] = name(visit.channel);
  if (visit.papers_at) object["papers_at"] = base::format_time(*visit.papers_at);
  if (visit.given_up) object["given_up"] = true;
  if (visit.card_gone) object["card_gone"] = true;
  if (!visit.seen.empty()) object["seen"] = visit.seen;
  if (!visit.begun_beside.empty()) object["begun_beside"] = json::value_from(visit.begun_beside);
  for (const auto& [plugin, hold] : visit.holds) {
    auto& holds = object["holds"];
    if (holds.is_null()) holds.emplace_object();
    holds.get_object()[plugin] = json::object{{"ja", hold.ja}, {"en", hold.en}};
  }
  if (visit.attention) {
    object["attention"] = json::object{{"reason", base::entry(visit.attention->code).reason},
                                       {"look_ja", visit.attention->look_ja},
                                       {"look_en", visit.attention->look_en}};
  }
  return object;
}

base::Result<Case> from_stored(const json::object& body) {
  Case visit;
  const auto state = state_named(text_of(body, "state"));
  const auto opened = base::parse_time(text_of(body, "opened_at"));
  const auto updated = base::parse_time(text_of(body, "updated_at"));
  if (!state || !opened || !updated) return make_fault(Code::internal, "a stored case that cannot be read");
  visit.id = text_of(body, "id");
  visit.state = *state;
  visit.opened_at = *opened;
  visit.updated_at = *updated;
  visit.received_at = base::parse_time(text_of(body, "received_at")).value_or(*opened);
  visit.papers_at = base::parse_time(text_of(body, "papers_at"));
  visit.staff = text_of(body, "staff");
  visit.channel = text_of(body, "channel") == name(Channel::terminal) ? Channel::terminal : Channel::cmp;
  visit.reader = text_of(body, "reader");
  visit.card = text_of(body, "card");
  visit.facts = object_of(body, "facts");
  visit.seen = object_of(body, "seen");
  visit.decision = object_of(body, "decision");
  visit.cancel_reason = text_of(body, "cancel_reason");
  visit.card_gone = flag_of(body, "card_gone");
  // Where an earlier release has not written it down, nobody knows.
  visit.has_waited = !body.contains("has_waited") || flag_of(body, "has_waited");
  // Before there was a word of its own for it, none was given up but for a card that is gone.
  visit.given_up = visit.card_gone || flag_of(body, "given_up");
  if (const auto* beside = body.if_contains("begun_beside"); beside != nullptr && beside->is_array()) {
    for (const auto& id : beside->get_array()) {
      if (id.is_string()) visit.begun_beside.emplace_back(id.get_string());
    }
  }
  for (const auto& [key, value] : object_of(body, "pins")) {
    const auto pin = mynumber::pin_named(key);
    if (!pin || !value.is_object())
      return make_fault(Code::internal, "a stored PIN outcome that cannot be read");
    visit.pins[*pin] = {
        outcome_named(text_of(value.get_object(), "outcome")).value_or(PinOutcome::unverified),
        text_of(value.get_object(), "entered_by"),
        base::parse_time(text_of(value.get_object(), "at")).value_or(base::Instant{})};
  }
  if (const auto* sagas = body.if_contains("sagas"); sagas != nullptr && sagas->is_array()) {
    for (const auto& item : sagas->get_array()) {
      auto saga = item.is_object() ? saga_of(item.get_object())
                                   : make_fault(Code::internal, "a stored saga of no kind");
      if (!saga) return saga.error();
      visit.sagas.push_back(std::move(*saga));
    }
  }
  for (const auto& [plugin, hold] : object_of(body, "holds")) {
    if (hold.is_object())
      visit.holds[std::string(plugin)] = {text_of(hold.get_object(), "ja"), text_of(hold.get_object(), "en")};
  }
  if (const auto attention = object_of(body, "attention"); !attention.empty()) {
    visit.attention = Attention{base::code_of(text_of(attention, "reason")).value_or(Code::internal),
                                text_of(attention, "look_ja"), text_of(attention, "look_en")};
  }
  return visit;
}

namespace {

// As decided, but for the PINs that are still asked for: of what has begun on the card none of what is done,
// and the resident register's is checked before anything begins.
json::object decision_as_it_stands(const Case& visit) {
  auto decision = visit.decision;
  const bool under_way = visit.state != State::completed && visit.state != State::cancelled;
  auto* pins = decision.if_contains("pins_required");
  if (visit.sagas.empty() || !under_way || visit.channel != Channel::cmp || pins == nullptr ||
      !pins->is_array())
    return decision;
  const auto may_begin = [](const Saga& saga) {
    return key_to_be_made(saga) || saga.phase == Phase::key_intended || saga.phase == Phase::key_unknown;
  };
  const auto asked = [&](const json::value& pin) {
    const auto* word = pin.if_string();
    const auto name = word == nullptr ? std::nullopt : mynumber::pin_named(*word);
    if (name == mynumber::PinName::resident_register)
      return std::any_of(visit.sagas.begin(), visit.sagas.end(), may_begin);
    return std::none_of(visit.sagas.begin(), visit.sagas.end(), [&](const Saga& saga) {
      return saga.phase == Phase::done && name == mynumber::pin_of(saga.certificate);
    });
  };
  auto& all = pins->get_array();
  all.erase(std::remove_if(all.begin(), all.end(), [&](const json::value& pin) { return !asked(pin); }),
            all.end());
  return decision;
}

}  // namespace

json::object to_public(const Case& visit) {
  json::object object{{"id", visit.id},
                      {"revision", visit.revision},
                      {"state", name(visit.state)},
                      {"channel", name(visit.channel)},
                      {"opened_at", base::format_time(visit.opened_at)},
                      {"updated_at", base::format_time(visit.updated_at)},
                      {"staff", visit.staff},
                      {"facts", visit.facts},
                      {"decision", decision_as_it_stands(visit)},
                      {"pins", pins_json(visit, false)}};
  if (!visit.reader.empty()) object["reader"] = visit.reader;
  if (!visit.card.empty()) object["card"] = visit.card;
  json::object certificates;
  for (const auto& saga : visit.sagas) certificates[mynumber::name(saga.certificate)] = shown(visit, saga);
  object["certificates"] = std::move(certificates);
  if (handed_over(visit)) object["terminal"] = terminal_sheet(visit);
  if (const auto* statuses = visit.seen.if_contains("statuses")) object["certificate_status"] = *statuses;
  if (!visit.holds.empty()) {
    auto& held = object["held_by"].emplace_array();
    for (const auto& [plugin, hold] : visit.holds)
      held.push_back(json::object{{"plugin", plugin}, {"ja", hold.ja}, {"en", hold.en}});
  }
  if (!visit.cancel_reason.empty()) object["cancel_reason"] = visit.cancel_reason;
  if (visit.card_gone) object["card_gone"] = true;
  if (visit.attention) {
    const auto& book = base::entry(visit.attention->code);
    object["attention"] = json::object{
        {"reason", book.reason},
        {"ja", book.ja},
        {"en", book.en},
        {"look_at", json::object{{"ja", visit.attention->look_ja}, {"en", visit.attention->look_en}}}};
  }
  return object;
}

}  // namespace madoguchi::renewal
