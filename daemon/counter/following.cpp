#include "following.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/code_book.hpp"
#include "renewal/following.hpp"

namespace madoguchi::counter {

namespace json = boost::json;
using base::Code;
using base::make_fault;

// The events of one step, and what may become of it.
struct Following::Happened {
  json::array events;
  bool deniable = false;   // the step can still be left undone
  bool beginning = false;  // of the issuing
};

namespace {

// However much a plugin keeps, one call's request stays well below what it can read in time.
constexpr int most_states = 200;
constexpr std::size_t most_state_bytes = std::size_t{512} * 1024;

json::object words_of(const std::string& plugin, const policy::Text& text) {
  return {{"plugin", plugin}, {"ja", text.ja}, {"en", text.en}};
}

base::Result<json::value> parsed(const std::string& text) {
  if (text.empty()) return json::value();
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error)
    return make_fault(Code::internal, "what a plugin keeps is stored as no JSON: " + error.message());
  return value;
}

}  // namespace

base::Result<Kept> Following::kept(const std::string& plugin, const std::string& case_id) {
  auto rows = parts_.store.plugin_states(case_id);
  if (!rows) return rows.error();
  const auto found =
      std::find_if(rows->begin(), rows->end(), [&](const auto& row) { return row.plugin == plugin; });
  if (found == rows->end()) return Kept{{.plugin = plugin, .case_id = case_id}, nullptr, {}};
  auto owed = parsed(found->owed);
  if (!owed) return owed.error();
  auto state = parsed(found->body);
  if (!state) return state.error();
  return Kept{*found, std::move(*state), owed->is_array() ? std::move(owed->get_array()) : json::array()};
}

base::Result<json::object> Following::kept_about(const std::string& case_id) {
  if (parts_.plugins == nullptr) return json::object();
  const auto rows = parts_.store.plugin_states(case_id);
  if (!rows) return rows.error();
  json::object kept;
  for (const auto& row : *rows) {
    auto state = parsed(row.body);
    if (!state) return state.error();
    if (!state->is_null()) kept[row.plugin] = std::move(*state);
  }
  return kept;
}

base::Result<json::object> Following::page(const std::string& plugin, const std::string& after) {
  const auto rows = parts_.store.states_of(plugin, after, most_states);
  if (!rows) return rows.error();
  json::array items;
  std::size_t bytes = 0;
  for (const auto& row : *rows) {
    bytes += row.body.size();
    if (!items.empty() && bytes > most_state_bytes) break;
    auto state = parsed(row.body);
    if (!state) return state.error();
    items.push_back(json::object{{"case", row.case_id}, {"state", std::move(*state)}});
  }
  const bool more = items.size() < rows->size() || rows->size() == most_states;
  json::value next = more ? items.back().at("case") : json::value();
  return json::object{{"items", std::move(items)}, {"next", std::move(next)}};
}

bool Following::keep(const Kept& before, const json::value& state, const json::array& owed,
                     storage::Change& change) {
  if (state == before.state && owed == before.owed) return false;
  auto row = before.row;
  row.body = state.is_null() ? std::string() : json::serialize(state);
  row.owed = owed.empty() ? std::string() : json::serialize(owed);
  change.plugin_states.push_back(std::move(row));
  return true;
}

storage::EventRecord Following::told(const std::string& plugin, const policy::PluginEvent& event,
                                     const std::string& case_id) const {
  // Who hears of the queue may know nothing of cases.
  const bool of_a_case = event.topic == "cases";
  return {0,
          parts_.clock.now(),
          event.topic,
          plugin + "." + event.name,
          of_a_case ? case_id : std::string(),
          {},
          json::serialize(event.data)};
}

base::Result<void> Following::carry_out(const std::string& plugin,
                                        const std::vector<policy::PluginEffect>& effects,
                                        renewal::Case& visit, bool beginning, storage::Change& change) const {
  const auto note = [&](const char* kind, const policy::Text& text) {
    change.journal.push_back({0, parts_.clock.now(), kind, json::serialize(words_of(plugin, text))});
  };
  for (const auto& effect : effects) {
    if (const auto* event = std::get_if<policy::PluginEvent>(&effect)) {
      change.events.push_back(told(plugin, *event, visit.id));
    } else if (const auto* noted = std::get_if<policy::PluginNote>(&effect)) {
      note("plugin.note", noted->text);
    } else if (const auto& hold = std::get<policy::PluginHold>(effect); renewal::undecided(visit)) {
      if (hold.held) {
        visit.holds[plugin] = {hold.why.ja, hold.why.en};
        note("plugin.held", hold.why);
      } else if (visit.holds.erase(plugin) > 0) {
        note("plugin.let_go", hold.why);
      }
      visit.state = renewal::settled(visit);
    } else if (hold.held && beginning) {
      return make_fault(Code::conflict, plugin + " holds the case back", words_of(plugin, hold.why));
    } else if (hold.held) {
      note("plugin.held_too_late", hold.why);
    }
  }
  return {};
}

void Following::owe(const std::string& plugin, const base::Fault& why, const Happened& happened,
                    storage::Change& change) const {
  const auto reason = base::entry(why.code).reason;
  parts_.log.write(base::Level::error, "plugin.owed", {{"plugin", plugin}, {"why", base::describe(why)}});
  for (const auto& event : happened.events) {
    const json::object body{{"plugin", plugin}, {"event", event.at("type")}, {"reason", reason}};
    change.journal.push_back({0, parts_.clock.now(), "plugin.owed", json::serialize(body)});
  }
}

base::Result<void> Following::deliver(const PluginPort::Follower& follower, const Kept& kept,
                                      const Happened& happened, renewal::Case& visit,
                                      storage::Change& change) {
  const bool denies = happened.deniable && follower.needed;
  auto state = kept.state;
  auto owed = kept.owed;
  owed.insert(owed.end(), happened.events.begin(), happened.events.end());
  std::size_t delivered = 0;
  for (const auto& event : owed) {
    const auto step = parts_.plugins->advance(follower.name, visit, state, event.get_object());
    if (!step && denies) return step.error();
    if (!step) {
      if (!happened.events.empty()) owe(follower.name, step.error(), happened, change);
      break;
    }
    if (auto done = carry_out(follower.name, step->effects, visit, happened.beginning, change); !done)
      return done;
    state = step->state ? json::value(*step->state) : json::value();
    ++delivered;
  }
  owed.erase(owed.begin(), owed.begin() + static_cast<std::ptrdiff_t>(delivered));
  keep(kept, state, owed, change);
  return {};
}

void Following::let_go_of_the_gone(renewal::Case& visit, storage::Change& change) const {
  if (!renewal::undecided(visit)) return;
  for (auto held = visit.holds.begin(); held != visit.holds.end();) {
    const auto plugin = held->first;
    if (parts_.plugins->configured(visit, plugin)) {
      ++held;
      continue;
    }
    const json::object body{{"plugin", plugin}, {"ja", held->second.ja}, {"en", held->second.en}};
    change.journal.push_back({0, parts_.clock.now(), "plugin.gone", json::serialize(body)});
    held = visit.holds.erase(held);
    visit.state = renewal::settled(visit);
  }
}

base::Result<void> Following::tell(renewal::Case& visit, const std::vector<Note>& notes,
                                   storage::Change& change) {
  if (parts_.plugins == nullptr) return {};
  let_go_of_the_gone(visit, change);
  Happened happened;
  for (const auto& note : notes) {
    const auto heard = renewal::heard_of(note.kind);
    if (!heard) continue;
    happened.deniable = happened.deniable || heard->deniable;
    happened.beginning = happened.beginning || heard->beginning;
    happened.events.push_back(renewal::event_of(note.kind, parts_.clock.now(), note.body));
  }
  if (happened.events.empty()) return {};
  for (const auto& follower : parts_.plugins->followers(visit)) {
    auto before = kept(follower.name, visit.id);
    if (!before) return before.error();
    if (auto told = deliver(follower, std::move(*before), happened, visit, change); !told) return told;
  }
  return {};
}

base::Result<void> Following::catch_up(renewal::Case& visit, storage::Change& change) {
  if (parts_.plugins == nullptr) return {};
  let_go_of_the_gone(visit, change);
  for (const auto& follower : parts_.plugins->followers(visit)) {
    auto before = kept(follower.name, visit.id);
    if (!before) return before.error();
    if (before->owed.empty()) continue;
    if (auto told = deliver(follower, std::move(*before), {}, visit, change); !told) return told;
  }
  return {};
}

}  // namespace madoguchi::counter
