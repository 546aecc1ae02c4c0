// Answers of the hooks `advance` and `call`: next state, effects, reply.
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "documents.hpp"
#include "extension/methods.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using namespace documents;

constexpr std::size_t most_effects = 16;
constexpr std::size_t longest_data = std::size_t{8} * 1024;
constexpr std::array<std::string_view, 3> topics{"cases", "queue", "plugins"};

void bounded(const json::value& value, std::string_view where, std::size_t longest) {
  const auto size = json::serialize(value).size();
  if (size > longest) {
    throw Wrong(std::string(where) + ": " + std::to_string(size) + " bytes, at most " +
                std::to_string(longest) + " are kept");
  }
}

std::optional<json::object> read_state(const json::object& answer) {
  const auto& state = member(answer, "state");
  if (state.is_null()) return std::nullopt;
  const auto& object = object_of(state, "state");
  bounded(state, "state", longest_state);
  return object;
}

bool is_event_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

policy::PluginEvent read_event(const json::object& effect) {
  only(effect, {"type", "topic", "name", "data"});
  json::value data = object_of(member(effect, "data"), "data");
  make_visible(data);
  policy::PluginEvent event{text(effect, "topic"), text(effect, "name", longest_name),
                            std::move(data.get_object())};
  if (std::find(topics.begin(), topics.end(), event.topic) == topics.end())
    throw Wrong("topic: not cases, queue or plugins");
  if (!is_event_name(event.name)) throw Wrong("name: not of lower-case letters, digits and '_'");
  bounded(event.data, "data", longest_data);
  return event;
}

policy::PluginHold read_hold(const json::object& effect) {
  only(effect, {"type", "to", "ja", "en"});
  const auto to = text(effect, "to");
  if (to != "waiting" && to != "open") throw Wrong("to: not waiting or open");
  return {to == "waiting", words(effect)};
}

// What touches no case can say nothing about one.
policy::PluginEffect read_effect(const json::object& effect, bool of_a_case) {
  const auto type = text(effect, "type");
  if (type == "event") {
    auto event = read_event(effect);
    if (!of_a_case && event.topic == "cases") throw Wrong("topic: cases, but no case is touched");
    return event;
  }
  if (of_a_case && type == "case.state") return read_hold(effect);
  if (of_a_case && type == "note") {
    only(effect, {"type", "ja", "en"});
    return policy::PluginNote{words(effect)};
  }
  throw Wrong("the type \"" + type.substr(0, longest_name) + "\" is nothing that is carried out here");
}

std::vector<policy::PluginEffect> read_effects(const json::object& answer, bool of_a_case) {
  std::vector<policy::PluginEffect> effects;
  for (const auto& item : list(answer, "effects", most_effects)) {
    try {
      effects.push_back(read_effect(object_of(item, "effect"), of_a_case));
    } catch (const Wrong& wrong) {
      throw Wrong("effects/" + std::to_string(effects.size()) + ": " + wrong.what());
    }
  }
  return effects;
}

void check_call(const policy::PluginStep& step, const DeclaredMethod& method, const json::value& before) {
  if (method.reads) {
    const json::value after = step.state ? json::value(*step.state) : json::value();
    const bool kept = method.touches == Touches::nothing ? after.is_null() : after == before;
    if (!kept) throw Wrong("state: another one from a method that only reads");
    if (!step.effects.empty()) throw Wrong("effects: some from a method that only reads");
  }
  if (const auto wrong = method.result.mismatch(step.reply))
    throw Wrong("reply" + wrong->pointer + ": not " + wrong->expected);
}

}  // namespace

base::Result<policy::PluginStep> parse_advance(std::string_view document) {
  return read_document(document, "advance", [](const json::object& answer) {
    only(answer, {"state", "effects"});
    return policy::PluginStep{nullptr, read_state(answer), read_effects(answer, true)};
  });
}

base::Result<Called> parse_call(std::string_view document, const DeclaredMethod& method,
                                const json::value& before) {
  return read_document(document, "call", [&](const json::object& answer) {
    Called called;
    if (const auto* refused = answer.if_contains("refused")) {
      only(answer, {"refused"});
      const auto& why = object_of(*refused, "refused");
      only(why, {"ja", "en"});
      called.refused = words(why);
      return called;
    }
    only(answer, {"reply", "state", "effects"});
    called.step = {member(answer, "reply"), read_state(answer),
                   read_effects(answer, method.touches == Touches::visit)};
    check_call(called.step, method, before);
    make_visible(called.step.reply, Breaks::kept);
    return called;
  });
}

}  // namespace madoguchi::extension
