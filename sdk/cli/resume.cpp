// cases resume: a case goes on from wherever it stands.
#include <algorithm>
#include <boost/json/array.hpp>

#include "commands.hpp"
#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "pick_reader.hpp"
#include "pin_entry.hpp"
#include "reception.hpp"
#include "second_visit.hpp"
#include "show.hpp"
#include "todays_visitor.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// The last time; today's reader is to show it.
bool came_without_card(const json::object& visit) {
  const auto* facts = object_at(visit, "facts");
  const auto* card = facts != nullptr ? object_at(*facts, "card") : nullptr;
  return card != nullptr && card->contains("presented") && !flag_at(*card, "presented");
}

bool is_handed_over(const json::object& visit) {
  const auto* certificates = object_at(visit, "certificates");
  return certificates != nullptr &&
         std::any_of(certificates->begin(), certificates->end(), [](const auto& item) {
           return item.value().is_object() && text_at(item.value().get_object(), "phase") == "handed_over";
         });
}

// The card was with its holder meanwhile and is looked at anew, wherever it lies now. One that is with the
// official terminal is waited for where it was handed over: what lies elsewhere is somebody else's.
int find_card(const Context& context, client::Client& client, const json::object& visit,
              ResumeOptions& options) {
  if (options.no_card || !options.reader.empty() || is_handed_over(visit)) return done;
  const bool to_be_seen = somebody_else_has_come(visit, options) && key_is_in_doubt(visit);
  const bool anew = options.second_visit || came_without_card(visit) || received_earlier(visit) || to_be_seen;
  if (!anew && !is_of_another_day(visit)) return done;
  const auto before = text_at(visit, "reader");
  // Held since this command was given a moment ago, and stopped.
  if (has_card(client, before) || is_held_by(client, before, text_at(visit, "id"))) {
    if (anew) options.reader = before;
    return done;
  }
  // What is left of one that has begun may take no card.
  if (!anew && no_card_on_any_reader(client)) return done;
  return pick_reader(context, client, options.reader);
}

// What is to be known before anything is changed.
int prepare(const Context& context, client::Client& client, const json::object& visit,
            ResumeOptions& options) {
  if (options.second_visit) options.form.source = "city";
  if (const int code = ask_who_has_come(context, visit, options); code != done) return code;
  if (const int code = complete_form(context, !options.pins.from_stdin, options.form); code != done)
    return code;
  return find_card(context, client, visit, options);
}

// The card was left at home, whether anybody said so or not: what is to be brought, when and where.
int without_card(const Context& context, client::Client& client, const json::object& visit, bool told,
                 int code) {
  auto missed = visit;
  if (auto* decision = missed["decision"].if_object()) {
    auto& missing = (*decision)["missing"];
    if (!missing.is_array()) missing = json::array();
    auto& names = missing.get_array();
    if (std::find(names.begin(), names.end(), "my_number_card") == names.end())
      names.emplace_back("my_number_card");
  }
  tell_about_next_time(context, client, missed);
  const auto id = text_at(visit, "id");
  Output::complain(say(context.lang(), told ? Key("case.kept") : Key("case.no_card"), {id}));
  return finish(context, code, id);
}

// Whether a PIN matches is found out anew; the card's tries are what they are.
void forget_mismatches(const json::object& visit, json::object& facts) {
  const auto* pins = object_at(visit, "pins");
  if (pins == nullptr) return;
  json::object again;
  for (const auto& [name, outcome] : *pins) {
    if (outcome == "mismatched") again[name] = "unverified";
  }
  if (!again.empty()) facts["pins"] = std::move(again);
}

std::string office_before(const json::object& visit) {
  const auto* known = object_at(visit, "facts");
  return known != nullptr ? text_at(*known, "office") : std::string();
}

// Where whoever has come is received: on another day that may be another office than before.
std::string office_today(const json::object& visit, const ResumeOptions& options) {
  if (!options.office.empty()) return options.office;
  const bool anew = options.second_visit || received_earlier(visit);
  return anew && !options.office_here.empty() ? options.office_here : office_before(visit);
}

// What the clerk's order to go on says about the visit.
int told_facts(const Context& context, client::Client& client, const ResumeOptions& options,
               const json::object& visit, json::object& facts) {
  if (options.no_card) object_in(facts, "card")["presented"] = false;
  if (!options.card_expires.empty()) object_in(facts, "card")["expires_on"] = options.card_expires;
  const auto office = office_today(visit, options);
  if (office != office_before(visit)) facts["office"] = office;
  if (const int code = judge_by_ticket(context, client, options.ticket, office, facts); code != done)
    return code;
  if (const int code = tell_visitor(context, visit, options, facts); code != done) return code;
  if (options.retry_pins) forget_mismatches(visit, facts);
  if (options.second_visit) {
    const bool sealed = options.form.sealed.value_or(false);
    const bool again = is_another_day_for(visit);
    if (const int code = add_second_visit(context, client, options.id, sealed, again, facts); code != done)
      return code;
  }
  add_forgotten(options.forgotten, facts);
  const bool anew = is_another_day_for(visit) || somebody_else_has_come(visit, options);
  if (options.documents.empty() && options.form.source.empty() && !anew) return done;
  auto here = documents_still_here(visit, options);
  if (!facts.contains("documents") && (anew || !here.empty())) facts["documents"] = std::move(here);
  add_documents(options.documents, facts);
  if (!options.second_visit) add_form(options.form, facts);
  return done;
}

// What came with the clerk's order to go on.
client::Reply brought_up_to_date(const Context& context, client::Client& client, const ResumeOptions& options,
                                 const json::object& visit, json::object facts) {
  json::object params{{"case", options.id}};
  if (!options.reader.empty()) params["reader"] = options.reader;
  if (!facts.empty()) params["facts"] = facts;
  if (!options.beside.empty()) params["beside"] = json::array(options.beside.begin(), options.beside.end());
  if (somebody_else_has_come(visit, options)) params["visitor_changed"] = true;
  auto reason = options.override_reason;
  // A reason alone asks for a decision as of now, which it is to allow.
  if (params.size() == 1 && reason.empty()) return json::value(visit);
  params["staff"] = options.staff;
  for (;;) {
    if (!reason.empty()) params["override_reason"] = reason;
    auto updated = client.call("cases.update", params);
    if (updated || options.pins.from_stdin) return updated;
    if (ask_reason(context, updated.error(), reason)) continue;
    if (!ask_again(context, client, updated.error(), facts)) return updated;
    params["facts"] = facts;
  }
}

// Not to be gone on with; the exit code then.
std::optional<int> settled_already(const Context& context, const ResumeOptions& options,
                                   const json::object& visit) {
  const auto state = text_at(visit, "state");
  const bool news = options.second_visit || options.retry_pins || !options.documents.empty() ||
                    !options.form.source.empty() || !options.forgotten.empty() || options.no_card ||
                    somebody_else_has_come(visit, options);
  const bool waiting = waits_for_answer(visit);
  if (state != "completed" && state != "cancelled" && (!waiting || news)) return std::nullopt;
  context.out.document(visit);
  show_case(context, visit);
  Output::complain(say(context.lang(), "case.settled"));
  if (state == "completed") context.out.say("guide.receipt", {text_at(visit, "id")});
  if (waiting) {
    // On another day the letter is on its way, or soon to be.
    if (!received_earlier(visit)) tell_of_slip(context, visit);
    Output::complain(say(context.lang(), "case.second_visit", {text_at(visit, "id")}));
    Output::complain(say(context.lang(), "case.in_person", {text_at(visit, "id")}));
  }
  return finish(context, state == "completed" ? done : refused);
}

// From wherever the case stands, brought up to date.
int go_on(const Context& context, client::Client& client, const ResumeOptions& options, json::object visit,
          std::optional<GivenPins> pins) {
  show_case(context, visit);
  if (options.no_card) {
    context.out.document(visit);
    return without_card(context, client, visit, true, not_today);
  }
  if (text_at(visit, "state") == "open" || waits_for_answer(visit)) {
    if (!pins) {
      if (const auto ended = ask_for_documents(context, client, visit, options.staff)) return *ended;
    }
    if (const auto ended = not_to_be_done_today(context, client, visit)) return *ended;
  }
  // What a PIN that was forgotten meanwhile takes, or what another day asks for another key.
  if (text_at(visit, "state") == "partly_completed" || only_keys_are_left(visit)) {
    if (!pins) {
      if (const auto ended = ask_for_documents(context, client, visit, options.staff)) return *ended;
    }
    if (const auto ended = not_to_be_done_today(context, client, visit)) return *ended;
  }
  // While the case itself holds the card nobody else may look at it; then the counts are not known
  // beforehand.
  const auto card = client.call("card.inspect", {{"reader", text_at(visit, "reader")}});
  const auto* tries = card && card->is_object() ? object_at(card->get_object(), "tries_left") : nullptr;
  if (!card && card.error().code == 0) return fail(context, card.error(), options.id);
  // At the official terminal it may be by now.
  if (!card && card.error().reason == "card.absent" && text_at(visit, "channel") != "terminal") {
    const int code = fail(context, card.error(), options.id);
    return without_card(context, client, visit, false, code);
  }
  return carry_out(context, client, visit, options.staff, options.pins, std::move(pins), tries);
}

}  // namespace

int resume_case(const Context& context, ResumeOptions options) {
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.pins, pins); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  auto found = client->call("cases.get", {{"case", options.id}});
  if (!found) return fail_about_case(context, found.error());
  if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  if (const auto code = settled_already(context, options, found->get_object())) return *code;
  if (const int code = prepare(context, *client, found->get_object(), options); code != done) {
    if (code != person_needed || !no_card_on_any_reader(*client)) return code;
    return without_card(context, *client, found->get_object(), false, code);
  }
  json::object facts;
  if (const int code = told_facts(context, *client, options, found->get_object(), facts); code != done)
    return code;
  const auto before = found->get_object();
  found = brought_up_to_date(context, *client, options, before, std::move(facts));
  if (!found) {
    if (needs_reason(found.error())) Output::complain(say(context.lang(), "missing.override_reason"));
    const int code = fail(context, found.error(), options.id);
    const bool absent = options.no_card || found.error().reason == "card.absent";
    return absent ? without_card(context, *client, before, options.no_card, code) : code;
  }
  if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled), options.id);
  return go_on(context, *client, options, found->get_object(), std::move(pins));
}

}  // namespace madoguchi::cli
