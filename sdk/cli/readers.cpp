// readers, and the choice of one.
#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <initializer_list>

#include "commands.hpp"
#include "pick_reader.hpp"
#include "show.hpp"
#include "terminal.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// As many as a page can have: one that began long ago may be at work.
constexpr int most_cases = 500;

std::vector<std::string> readers_that_are(std::string_view state, const json::value& listed) {
  std::vector<std::string> names;
  const auto* readers = listed.is_object() ? array_at(listed.get_object(), "readers") : nullptr;
  if (readers == nullptr) return names;
  for (const auto& item : *readers) {
    if (item.is_object() && text_at(item.get_object(), "state") == state) {
      names.push_back(text_at(item.get_object(), "name"));
    }
  }
  return names;
}

bool no_reader_is(client::Client& client, std::initializer_list<std::string_view> states) {
  const auto listed = client.call("readers.list", {});
  return listed && std::all_of(states.begin(), states.end(), [&](std::string_view state) {
           return readers_that_are(state, *listed).empty();
         });
}

bool is_in_state(client::Client& client, std::string_view reader, std::string_view state) {
  const auto listed = client.call("readers.list", {});
  if (!listed) return false;
  const auto names = readers_that_are(state, *listed);
  return std::find(names.begin(), names.end(), reader) != names.end();
}

struct Picked {
  std::string reader{};
  int exit_code = done;
};

Picked none_picked(const Context& context, std::string_view reason, Key key) {
  client::RpcError error;
  error.reason = reason;
  error.ja = say(Lang::ja, key);
  error.en = say(Lang::en, key);
  return {{}, fail(context, error)};
}

// The case with its card in that reader which was worked on last, however long ago it was opened: of those
// there it is the one that holds the card. Empty: none is known.
std::string case_on(client::Client& client, std::string_view reader) {
  const auto page = client.call(
      "cases.list", {{"states", json::array{"open", "ready", "issuing", "attention", "partly_completed"}},
                     {"limit", most_cases}});
  const auto* visits = page && page->is_object() ? array_at(page->get_object(), "cases") : nullptr;
  std::string id;
  if (visits == nullptr) return id;
  std::string last;
  for (const auto& item : *visits) {
    if (!item.is_object() || text_at(item.get_object(), "reader") != reader) continue;
    auto at = text_at(item.get_object(), "updated_at");
    if (!id.empty() && at <= last) continue;
    id = text_at(item.get_object(), "id");
    last = std::move(at);
  }
  return id;
}

void tell_who_holds(const Context& context, client::Client& client, const std::string& reader) {
  const auto id = case_on(client, reader);
  if (!id.empty()) Output::complain(say(context.lang(), "reader.held_by", {id}));
}

Picked ask_which(const Context& context, const std::vector<std::string>& names) {
  auto terminal = Terminal::open(context.interrupts);
  if (!terminal) return {{}, fail_usage(context, "reader.several")};
  for (std::size_t i = 0; i < names.size(); ++i) {
    context.out.say("reader.choice", {std::to_string(i + 1), names[i]});
  }
  for (;;) {
    const auto answer = terminal->ask(say(context.lang(), "reader.which"));
    if (!answer) return {{}, fail(context, client::make_error(client::reasons::interrupted))};
    std::size_t number = 0;
    const auto* end = answer->data() + answer->size();
    const auto read = std::from_chars(answer->data(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 1 && number <= names.size())
      return {names[number - 1]};
  }
}

Picked picked_among(const Context& context, client::Client& client) {
  const auto listed = client.call("readers.list", {});
  if (!listed) return {{}, fail(context, listed.error())};
  const auto names = readers_that_are("present", *listed);
  if (names.size() == 1) return {names.front()};
  if (names.empty()) {
    if (const auto busy = readers_that_are("busy", *listed); !busy.empty()) {
      auto none = none_picked(context, "reader.busy", "reader.all_busy");
      for (const auto& reader : busy) tell_who_holds(context, client, reader);
      return none;
    }
    if (!readers_that_are("mute", *listed).empty())
      return none_picked(context, "card.mute", "reader.card_mute");
    if (readers_that_are("empty", *listed).empty())
      return none_picked(context, "reader.gone", "reader.none_here");
    return none_picked(context, "card.absent", "reader.no_card");
  }
  return ask_which(context, names);
}

}  // namespace

int pick_reader(const Context& context, client::Client& client, std::string& reader) {
  if (!reader.empty()) return done;
  auto picked = picked_among(context, client);
  reader = std::move(picked.reader);
  return picked.exit_code;
}

int fail_at_reader(const Context& context, client::Client& client, const client::RpcError& error,
                   const std::string& reader) {
  const int code = fail(context, error);
  if (error.reason == "reader.busy") tell_who_holds(context, client, reader);
  return code;
}

bool has_pin_pad(client::Client& client, std::string_view reader) {
  const auto listed = client.call("readers.list", {});
  const auto* readers = listed && listed->is_object() ? array_at(listed->get_object(), "readers") : nullptr;
  if (readers == nullptr) return false;
  for (const auto& item : *readers) {
    if (!item.is_object() || text_at(item.get_object(), "name") != reader) continue;
    return flag_at(item.get_object(), "pinpad");
  }
  return false;
}

bool has_card(client::Client& client, std::string_view reader) {
  return is_in_state(client, reader, "present");
}

bool is_held_by(client::Client& client, std::string_view reader, std::string_view case_id) {
  return is_in_state(client, reader, "busy") && case_on(client, reader) == case_id;
}

bool no_card_to_read(client::Client& client) {
  return no_reader_is(client, {"present", "mute"});
}

bool no_card_on_any_reader(client::Client& client) {
  return no_reader_is(client, {"present", "busy", "mute"});
}

int list_readers(const Context& context) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  const auto listed = client->call("readers.list", {});
  if (!listed) return fail(context, listed.error());
  context.out.document(*listed);
  const auto* readers = listed->is_object() ? array_at(listed->get_object(), "readers") : nullptr;
  if (readers == nullptr || readers->empty()) {
    context.out.say("reader.none");
  } else {
    for (const auto& item : *readers) {
      if (item.is_object()) show_reader(context, item.get_object());
    }
  }
  return finish(context);
}

}  // namespace madoguchi::cli
