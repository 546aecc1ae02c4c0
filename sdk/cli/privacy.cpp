// privacy report and privacy reseal.
#include <array>
#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "call_and_show.hpp"
#include "privacy_line.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

struct Kind {
  std::string_view name;
  Key words;
};
constexpr std::array kinds{
    Kind{"case", "privacy.kind.case"},         Kind{"facts", "privacy.kind.facts"},
    Kind{"decision", "privacy.kind.decision"}, Kind{"certificates", "privacy.kind.certificates"},
    Kind{"messages", "privacy.kind.messages"}, Kind{"journal", "privacy.kind.journal"},
    Kind{"plugins", "privacy.kind.plugins"}};

std::string in_words(Lang lang, std::string_view kind) {
  for (const auto& known : kinds)
    if (known.name == kind) return say(lang, known.words);
  return std::string(kind);
}

std::vector<std::string> words_at(const json::object& object, std::string_view key) {
  std::vector<std::string> words;
  if (const auto* items = array_at(object, key)) {
    for (const auto& item : *items)
      if (item.is_string()) words.emplace_back(item.get_string());
  }
  return words;
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const auto& word : words) list.append(list.empty() ? "" : ", ").append(word);
  return list;
}

void show_held(const Context& context, const json::object& held) {
  auto& out = context.out;
  auto mark = text_at(held, "card_mark");
  if (mark.empty()) mark = say(out.lang(), "privacy.unknown_card");
  auto kinds_held = words_at(held, "held");
  for (auto& kind : kinds_held) kind = in_words(out.lang(), kind);
  out.say("privacy.case", {text_at(held, "id"), text_at(held, "state"), mark, listed(kinds_held)});
  const auto plugins = listed(words_at(held, "plugins"));
  if (!plugins.empty()) out.say("privacy.plugins", {plugins});
  const auto day = text_at(held, "leaves_on");
  if (day.empty()) {
    out.say("privacy.needed");
  } else {
    out.say("privacy.until", {day});
  }
}

// A whole store each, of any case and card.
void show_put_aside(const Context& context, const json::array& stores) {
  for (const auto& store : stores) {
    if (!store.is_object()) continue;
    const auto& object = store.get_object();
    context.out.say("privacy.put_aside", {text_at(object, "path"), text_at(object, "put_aside_at")});
    const auto day = text_at(object, "leaves_on");
    if (day.empty()) {
      context.out.say("privacy.put_aside_needed");
    } else {
      context.out.say("privacy.put_aside_until", {day});
    }
  }
}

}  // namespace

int report_privacy(const Context& context, const PrivacyOptions& options) {
  auto client = context.connect();
  if (!client) return fail(context, client.error());
  json::object params;
  if (!options.id.empty()) params["case"] = options.id;
  if (!options.card.empty()) params["card"] = options.card;
  std::size_t count = 0;
  json::array put_aside;  // told with the first page
  for (;;) {
    const auto page = client->call("privacy.report", params);
    if (!page) return fail(context, page.error());
    if (!page->is_object()) return fail(context, client::make_error(client::reasons::garbled));
    context.out.document(*page);
    const auto& object = page->get_object();
    if (const auto* cases = array_at(object, "cases")) {
      count += cases->size();
      for (const auto& held : *cases)
        if (held.is_object()) show_held(context, held.get_object());
    }
    if (const auto* stores = array_at(object, "put_aside")) put_aside = *stores;
    if (const auto next = text_at(object, "next"); !next.empty() && !context.out.closed()) {
      params["cursor"] = next;
      continue;
    }
    show_put_aside(context, put_aside);
    if (count == 0 && put_aside.empty()) context.out.say("privacy.none");
    context.out.say("privacy.sum", {std::to_string(count), text_at(object, "key")});
    const auto former = listed(words_at(object, "former_keys"));
    if (!former.empty()) context.out.say("privacy.former", {former});
    return finish(context);
  }
}

int reseal_store(const Context& context) {
  return call_and_show(context, "privacy.reseal", {}, [&](const json::object& done) {
    context.out.say("privacy.resealed", {text_at(done, "key")});
    const auto former = listed(words_at(done, "former_keys"));
    if (!former.empty()) context.out.say("privacy.not_resealed", {former});
  });
}

}  // namespace madoguchi::cli
