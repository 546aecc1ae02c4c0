#include "show.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

bool is_known_later(const json::object& finding) {
  const auto code = text_at(finding, "code");
  // The last day comes before the next visit is likely.
  if (code == "proxy.certificate_ends_first") return true;
  const auto* params = object_at(finding, "params");
  return params != nullptr && code == "certificate.unknown" &&
         text_at(*params, "certificate") == "authentication";
}

// Nobody knows yet what there will be to do, e.g. without the card.
bool is_undecided(const json::object& decision) {
  const auto* findings = array_at(decision, "findings");
  return findings != nullptr && std::any_of(findings->begin(), findings->end(), [](const json::value& item) {
           return item.is_object() && is_known_later(item.get_object());
         });
}

void show_planned(const Context& context, std::string_view name, const json::object& planned, bool undecided,
                  bool later) {
  const auto action = word(context.lang(), "action", undecided ? "undecided" : text_at(planned, "action"));
  const auto until = later ? std::string() : text_at(planned, "new_expires_on");
  if (until.empty()) {
    context.out.say("decision.certificate", {certificate_name(context, name), action});
  } else {
    context.out.say("decision.certificate.until", {certificate_name(context, name), action, until});
  }
}

void show_list(const Context& context, const json::object& decision, std::string_view key,
               std::string_view family, Key text) {
  const auto* list = array_at(decision, key);
  if (list != nullptr && !list->empty()) context.out.say(text, {joined(context, *list, family)});
}

void show_findings(const Context& context, const json::object& decision) {
  const auto* findings = array_at(decision, "findings");
  if (findings == nullptr) return;
  for (const auto& item : *findings) {
    const auto* finding = item.if_object();
    // Every PIN that is checked here brings the decision anew: nothing that anybody would have to do.
    if (finding == nullptr || text_at(*finding, "code") == "certificate.unknown") continue;
    const auto* message = object_at(*finding, "message");
    const auto text = message != nullptr ? words_at(context, *message) : std::string();
    context.out.say("decision.finding", {word(context.lang(), "severity", text_at(*finding, "severity")),
                                         text.empty() ? text_at(*finding, "code") : text});
  }
}

bool is_absent(const json::object& card, std::string_view name) {
  const auto* certificates = object_at(card, "certificates");
  const auto* certificate = certificates != nullptr ? object_at(*certificates, name) : nullptr;
  return certificate != nullptr && !flag_at(*certificate, "present");
}

// The card has no such certificate, as the case's facts have it, and none is to be issued.
bool has_no_use(const json::object& visit, std::string_view name) {
  const auto* facts = object_at(visit, "facts");
  const auto* certificates = facts != nullptr ? object_at(*facts, "certificates") : nullptr;
  const auto* certificate = certificates != nullptr ? object_at(*certificates, name) : nullptr;
  if (certificate == nullptr || text_at(*certificate, "state") != "absent") return false;
  const auto* work = object_at(visit, "certificates");
  return work == nullptr || !work->contains(name);
}

// Nobody has seen whether the card has one, as with the signature certificate at the official terminal.
bool is_unread(const json::object& visit, std::string_view name) {
  const auto* facts = object_at(visit, "facts");
  const auto* certificates = facts != nullptr ? object_at(*facts, "certificates") : nullptr;
  const auto* certificate = certificates != nullptr ? object_at(*certificates, name) : nullptr;
  // One that the rules take to be valid may still be one that nobody has read.
  return facts != nullptr && (certificate == nullptr || text_at(*certificate, "state") != "absent");
}

std::string state_of(const Context& context, const json::object& visit) {
  return word(context.lang(), "state", text_at(visit, "state"));
}

// What the authority says of a certificate, and how it was found out.
std::string status_text(const Context& context, const json::object& status) {
  const auto told = words_at(context, status);
  const auto as_of = time_at(status, "as_of");
  const auto source = text_at(status, "source");
  if (as_of.empty()) return told;
  return say(context.lang(), "card.status_as_of",
             {told, word(context.lang(), "status.source", source), as_of});
}

}  // namespace

std::string joined(const Context& context, const json::array& words, std::string_view family) {
  std::string text;
  for (const auto& item : words) {
    if (!item.is_string()) continue;
    if (!text.empty()) text.append(context.lang() == Lang::ja ? "、" : ", ");
    text.append(word(context.lang(), family, item.get_string()));
  }
  return text;
}

std::string certificate_name(const Context& context, std::string_view name) {
  return word(context.lang(), "certificate.name", name);
}

std::string pin_name(const Context& context, std::string_view name) {
  return word(context.lang(), "pin.name", name);
}

std::string tries_text(const Context& context, std::int64_t tries) {
  if (tries == 0) return say(context.lang(), "tries.locked");
  if (tries == 1) return say(context.lang(), "tries.last");
  return say(context.lang(), "tries.left", {std::to_string(tries)});
}

void show_reader(const Context& context, const json::object& reader) {
  const auto kind = text_at(reader, "card");
  const auto state = word(context.lang(), "reader.state", text_at(reader, "state"));
  if (kind.empty()) {
    context.out.say("reader.line", {text_at(reader, "name"), state});
  } else {
    context.out.say("reader.line.card",
                    {text_at(reader, "name"), state, word(context.lang(), "card.kind", kind)});
  }
}

void show_on_card(const Context& context, std::string_view name, const json::object& certificate) {
  const auto title = certificate_name(context, name);
  if (!flag_at(certificate, "present")) {
    context.out.say("card.certificate.absent", {title});
    return;
  }
  const auto expires = text_at(certificate, "expires_on");
  if (expires.empty()) {
    context.out.say("card.certificate.unreadable", {title});
    return;
  }
  context.out.say("card.certificate.dates",
                  {title, expires, text_at(certificate, "issued_on"), text_at(certificate, "serial"),
                   std::to_string(number_at(certificate, "key_bits", 0))});
  if (const auto* status = object_at(certificate, "status"))
    context.out.say("card.status", {status_text(context, *status)});
}

void show_card(const Context& context, const json::object& card) {
  context.out.say("card.reader", {text_at(card, "reader")});
  context.out.say("card.identity",
                  {word(context.lang(), "card.kind", text_at(card, "kind")), text_at(card, "identity")});
  if (const auto until = text_at(card, "card_expires_on"); !until.empty())
    context.out.say("card.until", {until});
  if (const auto* certificates = object_at(card, "certificates")) {
    for (const auto& [name, value] : *certificates) {
      if (value.is_object()) show_on_card(context, name, value.get_object());
    }
  }
  if (const auto* tries = object_at(card, "tries_left")) {
    for (const auto& [name, value] : *tries) {
      if (!value.is_int64()) continue;
      // What the card counts there opens nothing.
      if (is_absent(card, name)) {
        context.out.say("card.no_pin", {pin_name(context, name)});
        continue;
      }
      context.out.say("card.tries", {pin_name(context, name), tries_text(context, value.get_int64())});
    }
  }
}

void show_decision(const Context& context, const json::object& decision, const json::object& facts) {
  const auto outcome = text_at(decision, "outcome");
  const bool later = outcome == "two_visits";
  const bool again = later && number_at(facts, "visit", 1) == 2;
  context.out.say("decision.outcome",
                  {word(context.lang(), "outcome", again ? "another_visit" : std::string_view(outcome))});
  // Where it is about PINs alone nothing is issued.
  const auto* certificates = object_at(decision, "certificates");
  if (certificates != nullptr && text_at(facts, "purpose") != "pin_reset") {
    const bool undecided = is_undecided(decision);
    for (const auto& [name, value] : *certificates) {
      if (value.is_object()) show_planned(context, name, value.get_object(), undecided, later);
    }
  }
  show_list(context, decision, "missing", "document", "decision.missing");
  show_list(context, decision, "pin_resets", "pin.name", "decision.pin_resets");
  if (const auto day = text_at(decision, "opens_on"); !day.empty())
    context.out.say("decision.opens_on", {day});
  if (const auto time = time_at(decision, "next_opening"); !time.empty()) {
    context.out.say("decision.next_opening", {time});
  }
  if (const auto fee = number_at(decision, "fee_yen", -1); fee >= 0) {
    context.out.say("decision.fee", {std::to_string(fee)});
  }
  show_findings(context, decision);
}

void show_decision_of(const Context& context, const json::object& visit) {
  const auto* decision = object_at(visit, "decision");
  const auto* facts = object_at(visit, "facts");
  if (decision == nullptr) return;
  auto shown = *decision;
  const auto* work = object_at(visit, "certificates");
  auto* planned = shown["certificates"].if_object();
  for (const auto& [name, value] : work != nullptr ? *work : json::object()) {
    const bool is_done = value.is_object() && text_at(value.get_object(), "phase") == "done";
    if (is_done && planned != nullptr && planned->contains(name)) (*planned)[name] = {{"action", "done"}};
  }
  show_decision(context, shown, facts != nullptr ? *facts : json::object());
}

void show_case_line(const Context& context, const json::object& visit) {
  const auto* unreadable = visit.if_contains("unreadable");
  const bool damaged = unreadable != nullptr && *unreadable == true;
  context.out.say("case.line", {text_at(visit, "id"), state_of(context, visit), time_at(visit, "opened_at"),
                                text_at(visit, "card"),
                                damaged ? say(context.lang(), "case.unreadable") : text_at(visit, "staff")});
}

// The decision may allow what a plugin still waits for.
void show_holds(const Context& context, const json::object& visit) {
  const auto* holds = array_at(visit, "held_by");
  if (holds == nullptr) return;
  for (const auto& hold : *holds) {
    if (hold.is_object()) context.out.say("case.held", {words_at(context, hold.get_object())});
  }
}

void show_case(const Context& context, const json::object& visit) {
  context.out.say("case.title", {text_at(visit, "id"), state_of(context, visit)});
  context.out.say("case.times",
                  {time_at(visit, "opened_at"), time_at(visit, "updated_at"), text_at(visit, "staff")});
  if (const auto reader = text_at(visit, "reader"); !reader.empty()) context.out.say("card.reader", {reader});
  if (const auto card = text_at(visit, "card"); !card.empty()) context.out.say("case.card", {card});
  show_decision_of(context, visit);
  show_holds(context, visit);
  if (const auto* pins = object_at(visit, "pins")) {
    for (const auto& [name, outcome] : *pins) {
      if (!outcome.is_string()) continue;
      if (has_no_use(visit, name)) {
        context.out.say("card.no_pin", {pin_name(context, name)});
        continue;
      }
      context.out.say("case.pin",
                      {pin_name(context, name), word(context.lang(), "pin.outcome", outcome.get_string())});
    }
  }
  if (const auto* standing = object_at(visit, "certificate_status")) {
    for (const auto& [name, status] : *standing) {
      if (status.is_object())
        context.out.say("card.status_of",
                        {certificate_name(context, name), status_text(context, status.get_object())});
    }
  }
  show_certificates(context, visit);
  show_terminal(context, visit);
  show_attention(context, visit);
}

void show_certificates(const Context& context, const json::object& visit) {
  const auto* certificates = object_at(visit, "certificates");
  if (certificates == nullptr) return;
  for (const auto& [name, value] : *certificates) {
    if (!value.is_object()) continue;
    const auto title = certificate_name(context, name);
    const auto* old = object_at(value.get_object(), "old");
    const auto* fresh = object_at(value.get_object(), "new");
    const auto before = old != nullptr
                            ? text_at(*old, "expires_on")
                            : say(context.lang(), is_unread(visit, name) ? Key("certificate.unread")
                                                                         : Key("certificate.none"));
    if (fresh == nullptr) {
      const bool done = text_at(value.get_object(), "phase") == "done";
      context.out.say(done ? Key("certificate.done_unread") : Key("certificate.not_yet"), {title, before});
    } else {
      context.out.say("certificate.renewed",
                      {title, before, text_at(*fresh, "expires_on"), text_at(*fresh, "serial")});
    }
  }
}

void show_attention(const Context& context, const json::object& visit) {
  const auto* attention = object_at(visit, "attention");
  if (attention == nullptr) return;
  context.out.say("case.attention", {words_at(context, *attention), text_at(*attention, "reason")});
  const auto* look = object_at(*attention, "look_at");
  if (look == nullptr) return;
  if (const auto text = words_at(context, *look); !text.empty()) context.out.say("case.look_at", {text});
}

std::string progress_text(const Context& context, const client::Event& event) {
  const auto text = words_at(context, event.data);
  return say(context.lang(), "progress",
             {std::to_string(number_at(event.data, "n", 0)), std::to_string(number_at(event.data, "of", 0)),
              certificate_name(context, text_at(event.data, "certificate")),
              text.empty() ? text_at(event.data, "step") : text});
}

}  // namespace madoguchi::cli
