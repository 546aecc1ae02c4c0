#include "context.hpp"

#include <boost/json/array.hpp>

#include "base/utf8.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using client::RpcError;

// A PIN was typed that has to be entered at the reader's own keys.
bool belongs_at_pad(const RpcError& error) {
  return text_at(error.details, "cannot") == "typed" && text_at(error.details, "entry") == "pinpad";
}

int exit_code(const RpcError& error) {
  const std::string_view reason = error.reason;
  if (reason == client::reasons::no_daemon) return no_daemon;
  if (reason == client::reasons::interrupted) return interrupted;
  if (reason == client::reasons::lost || reason == client::reasons::timeout) return lost;
  if (reason == "policy.blocked") return not_today;
  if (belongs_at_pad(error)) return person_needed;
  for (const std::string_view family : {"pin.", "card.", "reader."}) {
    if (reason.starts_with(family)) return person_needed;
  }
  return refused;
}

// Small facts that help a person, e.g. which parameter was wrong.
std::string particulars(const RpcError& error) {
  std::string text;
  for (const char* key : {"pointer", "expected", "incident", "inner"}) {
    const auto value = text_at(error.details, key);
    if (!value.empty()) text.append(text.empty() ? " (" : ", ").append(value);
  }
  if (!text.empty()) text.push_back(')');
  return text;
}

// The part of a pointer that people know a word for: `/facts/documents/0/type` is `documents.type`.
std::string fact_named(std::string_view pointer) {
  constexpr std::string_view facts = "/facts";
  if (pointer.starts_with(facts)) pointer.remove_prefix(facts.size());
  std::string name;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    if (part.find_first_not_of("0123456789") != std::string_view::npos)
      name.append(name.empty() ? "" : ".").append(part);
  }
  return name;
}

// What a clerk has told wrongly, in their words; empty where it is nothing that clerks tell.
std::string wrong_fact(const Context& context, const RpcError& error) {
  const auto pointer = text_at(error.details, "pointer");
  if (error.reason != "invalid_params" || !pointer.starts_with('/')) return {};
  const auto name = fact_named(pointer);
  const auto fact = word(context.lang(), "fact", name);
  if (fact == name) return {};
  constexpr std::string_view choice = "one of ";
  const auto expected = text_at(error.details, "expected");
  if (!expected.starts_with(choice)) return say(context.lang(), "fact.wrong", {fact});
  return say(context.lang(), "fact.wrong_choice", {fact, expected.substr(choice.size())});
}

// It may have come from the environment, which nobody sees on the command line.
bool names_wrong_office(const RpcError& error) {
  return error.reason == "invalid_params" && fact_named(text_at(error.details, "pointer")) == "office";
}

// Which a card that is cut short does not tell, and nobody has told.
bool misses_last_day_of_card(const RpcError& error) {
  return error.reason == "invalid_params" && text_at(error.details, "expected").ends_with("(required)") &&
         fact_named(text_at(error.details, "pointer")) == "card.expires_on";
}

json::object document_of(const RpcError& error, std::string_view case_id) {
  json::object object{{"code", error.code}, {"reason", error.reason},       {"ja", error.ja},
                      {"en", error.en},     {"retryable", error.retryable}, {"details", error.details}};
  const std::string id = error.case_id.empty() ? std::string(case_id) : error.case_id;
  if (!id.empty()) object["case"] = id;
  return {{"error", std::move(object)}};
}

void say_how_to_go_on(const Context& context, std::string_view case_id) {
  if (case_id.empty()) return;
  Output::complain(say(context.lang(), "case.kept", {case_id}));
  Output::complain(say(context.lang(), "case.go_on", {case_id}));
}

}  // namespace

std::string text_of(const Context& context, const RpcError& error) {
  // What was said of this very refusal is better than what its kind always says.
  if (auto own = text_at(error.details, context.lang() == Lang::ja ? "ja" : "en"); !own.empty()) return own;
  if (context.lang() == Lang::ja && !error.ja.empty()) return error.ja;
  return error.en.empty() ? error.reason : error.en;
}

int fail(const Context& context, const RpcError& error, std::string_view case_id) {
  context.out.document(document_of(error, case_id));
  auto told =
      misses_last_day_of_card(error) ? say(context.lang(), "ask.card_is_silent") : wrong_fact(context, error);
  if (told.empty()) told = text_of(context, error) + particulars(error);
  Output::complain(say(context.lang(), "error", {told, error.reason}));
  if (misses_last_day_of_card(error))
    Output::complain(say(context.lang(), "usage.required", {"--card-expires YYYY-MM-DD"}));
  if (names_wrong_office(error)) Output::complain(say(context.lang(), "fact.office_from"));
  if (belongs_at_pad(error)) Output::complain(say(context.lang(), "pin.use_pad"));
  say_how_to_go_on(context, case_id);
  return exit_code(error);
}

int fail_about_case(const Context& context, const RpcError& error) {
  const int code = fail(context, error);
  if (error.reason == "not_found") Output::complain(say(context.lang(), "case.which"));
  return code;
}

int fail_usage(const Context& context, Key key, std::initializer_list<std::string_view> arguments) {
  const json::object error{
      {"reason", "usage"}, {"ja", say(Lang::ja, key, arguments)}, {"en", say(Lang::en, key, arguments)}};
  context.out.document(json::object{{"error", error}});
  Output::complain(say(context.lang(), "error.usage", {say(context.lang(), key, arguments)}));
  return bad_usage;
}

int finish(const Context& context, int code, std::string_view case_id) {
  if (!context.out.closed()) return code;
  Output::complain(say(context.lang(), "output.closed"));
  say_how_to_go_on(context, case_id);
  return output_closed;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? base::on_one_line(value->get_string()) : std::string();
}

std::string whole_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string time_at(const json::object& object, std::string_view key) {
  constexpr std::size_t date_size = 10;
  constexpr std::size_t to_the_second = 19;
  auto text = text_at(object, key);
  if (text.size() <= to_the_second || text[date_size] != 'T' || !text.ends_with("+09:00")) return text;
  text.resize(to_the_second);
  text[date_size] = ' ';
  return text;
}

std::int64_t number_at(const json::object& object, std::string_view key, std::int64_t otherwise) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
}

bool flag_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_array() : nullptr;
}

std::string words_at(const Context& context, const json::object& object) {
  auto text = text_at(object, context.lang() == Lang::ja ? "ja" : "en");
  return text.empty() ? text_at(object, "en") : text;
}

}  // namespace madoguchi::cli
