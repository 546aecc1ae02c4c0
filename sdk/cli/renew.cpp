// renew: from the card in the reader to the new dates. cases resume: the same from wherever a case stands.
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "commands.hpp"
#include "core_dump.hpp"
#include "pick_reader.hpp"
#include "pins.hpp"
#include "show.hpp"
#include "terminal.hpp"
#include "visit.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// nullopt: what `given` says is no JSON object.
std::optional<json::object> read_facts(const std::string& given) {
  if (given.empty()) return json::object();
  std::string text = given;
  if (given.front() == '@') {
    std::ifstream file(given.substr(1));
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  json::error_code bad;
  auto parsed = json::parse(text, bad);
  if (bad || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

std::string ask_for(const Context& context, Key prompt) {
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal) return {};
  return terminal->ask(say(context.lang(), prompt)).value_or("");
}

// The facts of the case; what only the clerk knows is asked for. The exit code when something is missing.
int complete_facts(const Context& context, const RenewOptions& options, json::object& facts) {
  if (!options.wanted.empty()) facts["wanted"] = json::array(options.wanted.begin(), options.wanted.end());
  auto office = options.office;
  if (office.empty() && !facts.contains("office")) office = ask_for(context, "ask.office");
  if (!office.empty()) facts["office"] = office;
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  if (!facts.contains("office")) return fail_usage(context, "missing.office");

  auto& holder = facts["holder"];
  if (!holder.is_object()) holder = json::object();
  auto birth_date = options.birth_date;
  if (birth_date.empty() && !holder.get_object().contains("birth_date")) {
    birth_date = ask_for(context, "ask.birth_date");
  }
  if (!birth_date.empty()) holder.get_object()["birth_date"] = birth_date;
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  if (!holder.get_object().contains("birth_date")) return fail_usage(context, "missing.birth_date");
  return done;
}

// PINs for scripts are read before anything is begun, so that a mistake in them costs nothing.
int read_pins(const Context& context, const PinOptions& options, std::optional<GivenPins>& pins) {
  forbid_core_dump();
  if (!options.from_stdin) return done;
  auto read = GivenPins::read(STDIN_FILENO, context.interrupts);
  if (read.pins) {
    pins = std::move(read.pins);
    return done;
  }
  if (read.bad_line == 0) return fail(context, client::make_error(client::reasons::interrupted));
  return fail_usage(context, "pins.bad_line", {std::to_string(read.bad_line)});
}

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
    flow.use_given(std::move(*pins));
  } else {
    flow.use_terminal();
  }
  return flow.carry_out();
}

int refuse_to_open(const Context& context, const client::RpcError& error) {
  if (const auto* decision = object_at(error.details, "decision")) show_decision(context, *decision);
  const int code = fail(context, error);
  // The daemon may have opened it after all, under an id that we were not told.
  if (error.code == 0) Output::complain(say(context.lang(), "case.perhaps_open"));
  return code;
}

// Not to be gone on with; the exit code then.
std::optional<int> settled_already(const Context& context, const json::object& visit) {
  const auto state = text_at(visit, "state");
  if (state != "completed" && state != "cancelled" && state != "waiting") return std::nullopt;
  context.out.document(visit);
  show_case(context, visit);
  return finish(context, state == "completed" ? done : refused);
}

}  // namespace

std::string own_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid-" + std::to_string(::getuid());
}

int renew(const Context& context, RenewOptions options) {
  auto facts = read_facts(options.facts);
  if (!facts) return fail_usage(context, "facts.not_an_object");
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.pins, pins); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  if (options.reader.empty()) {
    auto picked = pick_reader(context, *client);
    if (picked.exit_code != done) return picked.exit_code;
    options.reader = std::move(picked.reader);
  }
  const auto card = look_at_card(context, *client, options.reader);
  if (!card) return fail(context, card.error());
  if (const int code = complete_facts(context, options, *facts); code != done) return code;
  if (context.out.closed()) return finish(context);

  json::object params{{"facts", std::move(*facts)}, {"reader", options.reader}, {"staff", options.staff}};
  if (!options.override_reason.empty()) params["override_reason"] = options.override_reason;
  const auto opened = client->call("cases.open", params);
  if (!opened) return refuse_to_open(context, opened.error());
  if (!opened->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  const auto& visit = opened->get_object();
  context.out.say("case.opened", {text_at(visit, "id")});
  if (const auto* decision = object_at(visit, "decision")) {
    show_decision(context, *decision);
    const auto outcome = text_at(*decision, "outcome");
    if (outcome != "complete_today") {
      context.out.document(visit);
      Output::complain(say(context.lang(), "case.kept", {text_at(visit, "id")}));
      return finish(context, not_today, text_at(visit, "id"));
    }
  }
  const auto* tries = card->is_object() ? object_at(card->get_object(), "tries_left") : nullptr;
  return carry_out(context, *client, visit, options.staff, options.pins, std::move(pins), tries);
}

int resume_case(const Context& context, const ResumeOptions& options) {
  std::optional<GivenPins> pins;
  if (const int code = read_pins(context, options.pins, pins); code != done) return code;
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  auto found = client->call("cases.get", {{"case", options.id}});
  if (!found) return fail(context, found.error());
  if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled));
  if (const auto code = settled_already(context, found->get_object())) return *code;
  if (!options.reader.empty()) {
    found = client->call("cases.update",
                         {{"case", options.id}, {"reader", options.reader}, {"staff", options.staff}});
    if (!found) return fail(context, found.error(), options.id);
    if (!found->is_object()) return fail(context, client::make_error(client::reasons::garbled), options.id);
  }
  const auto& visit = found->get_object();
  show_case(context, visit);
  // While the case itself holds the card nobody else may look at it; then the counts are not known
  // beforehand.
  const auto card = client->call("card.inspect", {{"reader", text_at(visit, "reader")}});
  const auto* tries = card && card->is_object() ? object_at(card->get_object(), "tries_left") : nullptr;
  if (!card && card.error().code == 0) return fail(context, card.error(), options.id);
  return carry_out(context, *client, visit, options.staff, options.pins, std::move(pins), tries);
}

}  // namespace madoguchi::cli
