// renew: from the card in the reader to the new dates. cases resume: the same from wherever a case stands.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/calendar.hpp"
#include "commands.hpp"
#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "pick_reader.hpp"
#include "representative.hpp"
#include "second_visit.hpp"
#include "show.hpp"
#include "terminal.hpp"
#include "visit.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// What the card says, shown to the clerk; its tries left are needed for asking PINs.
client::Reply look_at_card(const Context& context, client::Client& client, const std::string& reader) {
  auto card = client.call("card.inspect", {{"reader", reader}});
  if (card && card->is_object()) show_card(context, card->get_object());
  return card;
}

int carry_out(const Context& context, client::Client& client, const json::object& visit,
              const std::string& staff, const PinOptions& options, std::optional<GivenPins> pins,
              const json::object* tries) {
  Visit flow(context, client, visit, staff);
  flow.set_options(options);
  if (tries != nullptr) flow.set_tries(*tries);
  if (pins) {
    flow.entry().use_given(std::move(*pins));
  } else {
    flow.entry().use_terminal();
  }
  return flow.carry_out();
}

void tell_of_unfinished(const Context& context, const std::string& id) {
  Output::complain(say(context.lang(), "case.unfinished", {id}));
  Output::complain(say(context.lang(), "case.go_on", {id}));
  Output::complain(say(context.lang(), "case.beside", {id}));
}

int refuse_to_open(const Context& context, client::Client& client, const json::object& facts,
                   const client::RpcError& error) {
  const auto* decision = object_at(error.details, "decision");
  if (decision != nullptr) show_decision(context, *decision, facts);
  const int code = fail(context, error);
  if (decision != nullptr && !needs_reason(error)) tell_about_next_time(context, client, facts, *decision);
  if (needs_reason(error)) Output::complain(say(context.lang(), "missing.override_reason"));
  // Begun since the card was looked at.
  if (error.reason == "conflict" && !error.case_id.empty()) tell_of_unfinished(context, error.case_id);
  // The daemon may have opened it after all, under an id that we were not told.
  if (error.code == 0) Output::complain(say(context.lang(), "case.perhaps_open"));
  return code;
}

bool among(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// A second case would make new keys under the first one's feet, so that one is to be finished, unless the
// clerk has named it: no other option passes over it.
std::optional<int> leave_unfinished(const Context& context, client::Client& client, const json::value& card,
                                    const std::vector<std::string>& beside) {
  const auto identity = card.is_object() ? text_at(card.get_object(), "identity") : std::string();
  if (identity.empty()) return std::nullopt;
  const auto page =
      client.call("cases.list",
                  {{"card", identity}, {"states", json::array{"issuing", "attention", "partly_completed"}}});
  if (!page) return fail(context, page.error());
  const auto* visits = page->is_object() ? array_at(page->get_object(), "cases") : nullptr;
  if (visits == nullptr) return std::nullopt;
  for (const auto& item : *visits) {
    if (!item.is_object() || among(beside, text_at(item.get_object(), "id"))) continue;
    const auto& visit = item.get_object();
    // Given up: it ends by itself once its authority knows, and does not touch the card any more.
    if (visit.contains("cancel_reason")) continue;
    context.out.document(visit);
    show_case(context, visit);
    const auto id = text_at(visit, "id");
    tell_of_unfinished(context, id);
    return finish(context, unfinished, id);
  }
  return std::nullopt;
}

client::Reply open_case(const Context& context, client::Client& client, const RenewOptions& options,
                        json::object facts) {
  auto reason = options.override_reason;
  for (;;) {
    json::object params{{"facts", facts}, {"staff", options.staff}};
    if (!options.no_card) params["reader"] = options.reader;
    if (!reason.empty()) params["override_reason"] = reason;
    if (!options.beside.empty()) params["beside"] = json::array(options.beside.begin(), options.beside.end());
    auto opened = client.call("cases.open", params);
    // Who gives PINs as a script does is not asked anything.
    if (opened || options.pins.from_stdin) return opened;
    if (ask_reason(context, opened.error(), reason)) continue;
    if (!ask_again(context, client, opened.error(), facts)) return opened;
  }
}

// Whoever waited is not too late for that.
int judge_by_ticket(const Context& context, client::Client& client, const std::string& ticket,
                    json::object& facts) {
  if (ticket.empty() || facts.contains("at")) return done;
  const auto found =
      client.call("queue-board.ticket", {{"office", text_at(facts, "office")}, {"ticket", ticket}});
  if (!found) {
    const int code = fail(context, found.error());
    if (found.error().reason == "method_not_found") Output::complain(say(context.lang(), "queue.no_plugin"));
    return code;
  }
  if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  facts["at"] = text_at(found->get_object(), "taken_at");
  return done;
}

// The last time; today's reader is to show it.
bool came_without_card(const json::object& visit) {
  const auto* facts = object_at(visit, "facts");
  const auto* card = facts != nullptr ? object_at(*facts, "card") : nullptr;
  return card != nullptr && card->contains("presented") && !flag_at(*card, "presented");
}

// What is to be known before anything is changed. At a second visit the card, which was with the holder
// meanwhile, is looked at anew.
int prepare(const Context& context, client::Client& client, const json::object& visit,
            ResumeOptions& options) {
  if (options.second_visit) options.form.source = "city";
  if (const int code = complete_form(context, !options.pins.from_stdin, options.form); code != done)
    return code;
  if (options.no_card) return done;
  return options.second_visit || came_without_card(visit) ? pick_reader(context, client, options.reader)
                                                          : done;
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

// Papers that lay on the counter on another day have to be brought again.
bool received_today(const json::object& facts) {
  const auto at = base::parse_time(text_at(facts, "at"));
  if (!at) return true;  // not decided yet
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return base::date_in_japan(*at) == base::date_in_japan(now);
}

// What the clerk's order to go on says about the visit.
int told_facts(const Context& context, client::Client& client, const ResumeOptions& options,
               const json::object& visit, json::object& facts) {
  if (options.no_card) object_in(facts, "card")["presented"] = false;
  if (options.retry_pins) forget_mismatches(visit, facts);
  if (options.second_visit) {
    const bool sealed = options.form.sealed.value_or(false);
    if (const int code = add_second_visit(context, client, options.id, sealed, facts); code != done)
      return code;
  }
  add_forgotten(options.forgotten, facts);
  if (options.documents.empty() && options.form.source.empty()) return done;
  const auto* known = object_at(visit, "facts");
  const auto* documents =
      known != nullptr && received_today(*known) ? array_at(*known, "documents") : nullptr;
  if (documents != nullptr && !facts.contains("documents")) facts["documents"] = *documents;
  add_documents(options.documents, facts);
  if (!options.second_visit) add_form(options.form, facts);
  return done;
}

// What came with the clerk's order to go on.
client::Reply brought_up_to_date(const Context& context, client::Client& client, const ResumeOptions& options,
                                 const json::object& visit, json::object facts) {
  json::object params{{"case", options.id}};
  if (!options.reader.empty()) params["reader"] = options.reader;
  if (!facts.empty()) params["facts"] = std::move(facts);
  if (!options.beside.empty()) params["beside"] = json::array(options.beside.begin(), options.beside.end());
  auto reason = options.override_reason;
  // A reason alone asks for a decision as of now, which it is to allow.
  if (params.size() == 1 && reason.empty()) return json::value(visit);
  params["staff"] = options.staff;
  for (;;) {
    if (!reason.empty()) params["override_reason"] = reason;
    auto updated = client.call("cases.update", params);
    if (updated || options.pins.from_stdin || !ask_reason(context, updated.error(), reason)) return updated;
  }
}

// Not to be gone on with; the exit code then.
std::optional<int> settled_already(const Context& context, const ResumeOptions& options,
                                   const json::object& visit) {
  const auto state = text_at(visit, "state");
  const bool news = options.second_visit || options.retry_pins || !options.documents.empty() ||
                    !options.form.source.empty() || !options.forgotten.empty() || options.no_card;
  const bool waiting = waits_for_answer(visit);
  if (state != "completed" && state != "cancelled" && (!waiting || news)) return std::nullopt;
  context.out.document(visit);
  show_case(context, visit);
  Output::complain(say(context.lang(), "case.settled"));
  if (waiting) Output::complain(say(context.lang(), "case.second_visit", {text_at(visit, "id")}));
  return finish(context, state == "completed" ? done : refused);
}

// A proxy's application is received without the holder's card too, which the clerk may not know.
int ask_for_card(const Context& context, client::Client& client, RenewOptions& options) {
  if (options.no_card) return done;
  const bool may_lack = options.proxy && options.reader.empty() && no_card_on_any_reader(client);
  if (may_lack && !options.pins.from_stdin) {
    const auto answer = ask_for(context, "ask.no_card");
    options.no_card = answer == "yes" || answer == "はい";
    if (options.no_card) return done;
  }
  const int code = pick_reader(context, client, options.reader);
  if (code != done && may_lack) Output::complain(say(context.lang(), "reader.no_card_proxy"));
  return code;
}

int tell_who_has_come(const Context& context, RenewOptions& options, json::object& facts) {
  const bool may_ask = !options.pins.from_stdin;
  if (options.no_card) object_in(facts, "card")["presented"] = false;
  if (options.representative.has_come)
    return complete_representative(context, may_ask, options.representative, facts);
  if (options.representative.adult_ward) object_in(facts, "holder")["adult_ward"] = true;
  if (!options.proxy) return done;
  if (may_ask) {
    if (const int code = ask_for_form(context, options.form); code != done) return code;
  }
  if (const int code = complete_form(context, may_ask, options.form); code != done) return code;
  object_in(facts, "visitor")["role"] = "proxy";
  add_form(options.form, facts);
  return done;
}

// Without the card there is nothing to begin but an application that goes through the post.
std::optional<int> needs_the_card(const Context& context, client::Client& client, const json::object& facts) {
  const auto reply = client.call("policy.evaluate", {{"facts", facts}});
  if (!reply) return fail(context, reply.error());
  if (!reply->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto& decision = reply->get_object();
  if (any_of_severity(decision, "second_visit")) return std::nullopt;
  context.out.document(json::object{{"decision", decision}});
  show_decision(context, decision, facts);
  tell_about_next_time(context, client, facts, decision);
  return finish(context, not_today);
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
  // What a PIN that was forgotten meanwhile takes.
  if (text_at(visit, "state") == "partly_completed") {
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

std::string own_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid-" + std::to_string(::getuid());
}

int renew(const Context& context, RenewOptions options) {
  json::object facts;
  if (const int code = read_object(context, options.facts, "facts.no_file", "facts.not_an_object", facts);
      code != done)
    return code;
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.pins, pins); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (const int code = ask_for_card(context, *client, options); code != done) return code;
  json::value card;
  if (!options.no_card) {
    auto seen = look_at_card(context, *client, options.reader);
    if (!seen) return fail(context, seen.error());
    card = std::move(*seen);
    if (const auto ended = leave_unfinished(context, *client, card, options.beside)) return *ended;
  }
  if (const int code = complete_facts(context, *client, options, facts); code != done) return code;
  if (const int code = tell_who_has_come(context, options, facts); code != done) return code;
  if (const int code = judge_by_ticket(context, *client, options.ticket, facts); code != done) return code;
  if (context.out.closed()) return finish(context);
  if (options.no_card) {
    if (const auto ended = needs_the_card(context, *client, facts)) return *ended;
  }
  const auto opened = open_case(context, *client, options, facts);
  if (!opened) return refuse_to_open(context, *client, facts, opened.error());
  if (!opened->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  auto visit = opened->get_object();
  context.out.say("case.opened", {text_at(visit, "id")});
  show_decision_of(context, visit);
  if (!pins) {
    if (const auto ended = ask_for_documents(context, *client, visit, options.staff)) return *ended;
  }
  if (const auto ended = not_to_be_done_today(context, *client, visit)) return *ended;
  const auto* tries = card.is_object() ? object_at(card.get_object(), "tries_left") : nullptr;
  return carry_out(context, *client, visit, options.staff, options.pins, std::move(pins), tries);
}

int resume_case(const Context& context, ResumeOptions options) {
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.pins, pins); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  auto found = client->call("cases.get", {{"case", options.id}});
  if (!found) return fail(context, found.error());
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
