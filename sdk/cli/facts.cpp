#include "facts.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "documents.hpp"
#include "show.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// A fact that people type, and so mistype; its place is `part`, within `whole` unless that is empty.
struct Typed {
  std::string_view pointer;  // within the facts
  std::string_view whole;
  std::string_view part;
  Key complaint;
  Key prompt;
};
constexpr std::array typed{
    Typed{"/office", "", "office", "ask.no_such_office", "ask.office"},
    Typed{"/holder/birth_date", "holder", "birth_date", "ask.no_such_date", "ask.birth_date"},
    Typed{"/card/expires_on", "card", "expires_on", "ask.card_is_silent", "ask.card_until"},
};

}  // namespace

json::object& object_in(json::object& facts, std::string_view key) {
  auto& value = facts[key];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

int read_object(const Context& context, const std::string& given, Key no_file, Key not_an_object,
                json::object& object) {
  if (given.empty()) return done;
  std::string text = given;
  if (given.front() == '@') {
    const auto path = given.substr(1);
    std::ifstream file(path);
    if (!file) return fail_usage(context, no_file, {path});
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  json::value parsed;
  if (base::parse_json(text, parsed) || !parsed.is_object()) return fail_usage(context, not_an_object);
  object = std::move(parsed.get_object());
  return done;
}

std::string ask_for(const Context& context, Key prompt) {
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal) return {};
  return terminal->ask(say(context.lang(), prompt)).value_or("");
}

int complete_facts(const Context& context, client::Client& client, const RenewOptions& options,
                   json::object& facts) {
  if (!options.wanted.empty()) facts["wanted"] = json::array(options.wanted.begin(), options.wanted.end());
  add_documents(options.documents, facts);
  auto office = options.office;
  if (office.empty() && !facts.contains("office")) office = ask_for_office(context, client);
  if (!office.empty()) facts["office"] = office;
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  if (!facts.contains("office")) return fail_usage(context, "missing.office");

  auto& holder = object_in(facts, "holder");
  auto birth_date = options.birth_date;
  if (birth_date.empty() && !holder.contains("birth_date")) birth_date = ask_for(context, "ask.birth_date");
  if (!birth_date.empty()) holder["birth_date"] = birth_date;
  if (context.interrupts.pending()) return fail(context, client::make_error(client::reasons::interrupted));
  if (!holder.contains("birth_date")) return fail_usage(context, "missing.birth_date");
  add_forgotten(options.forgotten, facts);
  if (!options.card_expires.empty()) object_in(facts, "card")["expires_on"] = options.card_expires;
  if (options.pins_only) facts["purpose"] = "pin_reset";
  return done;
}

std::string ask_for_office(const Context& context, client::Client& client) {
  const auto listed = client.call("offices.list", {});
  const auto* offices = listed && listed->is_object() ? array_at(listed->get_object(), "offices") : nullptr;
  if (offices == nullptr || offices->empty()) return ask_for(context, "ask.office");
  std::vector<std::string> ids;
  for (const auto& item : *offices) {
    if (!item.is_object()) continue;
    ids.push_back(text_at(item.get_object(), "office"));
    const auto* name = object_at(item.get_object(), "name");
    context.out.say("reader.choice",
                    {std::to_string(ids.size()), name != nullptr ? words_at(context, *name) : ids.back()});
  }
  const auto answer = ask_for(context, "ask.office_number");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (answer == std::to_string(i + 1)) return ids[i];
  }
  return answer;
}

void add_forgotten(const std::vector<std::string>& pins, json::object& facts) {
  for (const auto& pin : pins) object_in(facts, "pins")[pin] = "forgotten";
}

bool needs_reason(const client::RpcError& refusal) {
  return text_at(refusal.details, "needs") == "override_reason";
}

bool ask_reason(const Context& context, const client::RpcError& refusal, std::string& reason) {
  if (!needs_reason(refusal)) return false;
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal) return false;
  if (const auto* decision = object_at(refusal.details, "decision")) show_decision(context, *decision);
  reason = terminal->ask(say(context.lang(), "ask.override_reason")).value_or("");
  return !reason.empty();
}

bool ask_again(const Context& context, client::Client& client, const client::RpcError& refusal,
               json::object& facts) {
  if (refusal.reason != "invalid_params") return false;
  auto pointer = text_at(refusal.details, "pointer");
  if (pointer.starts_with("/facts/")) pointer.erase(0, std::string_view("/facts").size());
  for (const auto& fact : typed) {
    if (fact.pointer != pointer) continue;
    if (!Terminal::open(context.interrupts)) return false;
    auto expected = text_at(refusal.details, "expected");
    if (expected.starts_with("one of ")) expected.erase(0, std::string_view("one of ").size());
    Output::complain(say(context.lang(), fact.complaint, {expected}));
    const auto answer =
        fact.part == "office" ? ask_for_office(context, client) : ask_for(context, fact.prompt);
    if (answer.empty()) return false;
    (fact.whole.empty() ? facts : object_in(facts, fact.whole))[fact.part] = answer;
    return true;
  }
  return false;
}

}  // namespace madoguchi::cli
