// renew: from the card in the reader to the new dates.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "commands.hpp"
#include "documents.hpp"
#include "facts.hpp"
#include "guidance.hpp"
#include "pick_reader.hpp"
#include "pin_entry.hpp"
#include "reception.hpp"
#include "representative.hpp"
#include "second_visit.hpp"
#include "show.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// What the card says, shown to the clerk; its tries left are needed for asking PINs.
client::Reply look_at_card(const Context& context, client::Client& client, const std::string& reader) {
  auto card = client.call("card.inspect", {{"reader", reader}});
  if (card && card->is_object()) show_card(context, card->get_object());
  return card;
}

void tell_of_unfinished(const Context& context, const std::string& id, bool readable) {
  if (!readable) return Output::complain(say(context.lang(), "case.damaged", {id}));
  Output::complain(say(context.lang(), "case.unfinished", {id}));
  Output::complain(say(context.lang(), "case.go_on", {id}));
  Output::complain(say(context.lang(), "case.beside", {id}));
}

int refuse_to_open(const Context& context, client::Client& client, const json::object& facts,
                   const client::RpcError& error) {
  const auto* decision = object_at(error.details, "decision");
  if (decision != nullptr) show_decision(context, *decision, facts);
  const int code = fail(context, error);
  if (needs_reason(error)) {
    Output::complain(say(context.lang(), "missing.override_reason"));
    context.out.say("guide.not_today");
  }
  if (decision != nullptr) tell_about_next_time(context, client, facts, *decision);
  // Begun since the card was looked at.
  if (error.reason == "conflict" && !error.case_id.empty()) {
    const auto* damaged = array_at(error.details, "damaged");
    const bool readable = damaged == nullptr || std::find(damaged->begin(), damaged->end(),
                                                          json::value(error.case_id)) == damaged->end();
    tell_of_unfinished(context, error.case_id, readable);
  }
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
    tell_of_unfinished(context, id, !visit.contains("unreadable"));
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
    if (!seen) return fail_at_reader(context, *client, seen.error(), options.reader);
    card = std::move(*seen);
    if (const auto ended = leave_unfinished(context, *client, card, options.beside)) return *ended;
  }
  if (const int code = complete_facts(context, *client, options, facts); code != done) return code;
  if (const int code = tell_who_has_come(context, options, facts); code != done) return code;
  if (const int code = judge_by_ticket(context, *client, options.ticket, text_at(facts, "office"), facts);
      code != done)
    return code;
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

}  // namespace madoguchi::cli
