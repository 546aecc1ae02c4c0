// What the hooks `advance` and `call` are told, and what they answer: a reply, what the plugin keeps from now
// on, and what the daemon is to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "madoguchi/json.hpp"
#include "madoguchi/visit.hpp"

namespace madoguchi::plugin {

// A case as it stands now. No PIN, no card number and no My Number is in it.
struct Case {
  std::string id;
  std::string state;      // of the contract: open, waiting, ready, issuing, attention, ...
  std::string opened_at;  // RFC 3339
  json::object facts;
  json::object decision;
  json::object pins;  // outcomes by the PIN's name
  // {needs_representative, age_of_capacity, acting_as}; empty under a daemon that does not tell it yet.
  json::object context;
};

// What happened in it: case.opened, case.updated, case.redecided (a PIN has made another outcome of the
// decision), case.given_up, case.cancelled, case.completed, case.stopped, issue.begun, pin.matched,
// pin.mismatched, pin.locked, pin.unclear, pin.reset, pin.reset_failed; others may come.
struct Event {
  std::string type;
  std::string at;     // RFC 3339
  json::object more;  // `pin` and `reason`, where there is one
};

// What the plugin keeps about a case.
struct CaseState {
  std::string id;  // of the case
  json::object state;
};

// When an office receives, as the daemon knows it from the policy and what plugins open and close.
struct Reception {
  std::string office;
  bool open = false;
  bool in_time = false;            // open, and not after the last reception
  std::vector<std::string> today;  // "08:30-19:00"
  std::string last_reception;      // RFC 3339; empty while it is closed
  std::string next_opening;        // RFC 3339, while nobody is received; empty: within a year there is none
};

// A call of a method of the plugin's own; the parameters are as its schema wants them.
struct Call {
  std::string method;  // the verb
  json::object params;
  std::string at;             // now, RFC 3339
  std::optional<Case> visit;  // of a method that touches a case
  // Of a method that reads what the plugin keeps about cases: a page of them by the case's id, and where the
  // next one begins, to be replied as it is; empty: that was the last.
  std::vector<CaseState> states;
  std::string next;
  // Of a method that touches no case; empty: the daemon does not know, or is too old to tell.
  std::vector<Reception> offices;
  [[nodiscard]] const Reception* office(std::string_view id) const {
    for (const Reception& each : offices) {
      if (each.office == id) return &each;
    }
    return nullptr;
  }
};

// Thrown by `call`: a call that is understood and cannot be done, e.g. there is no such ticket. Nothing is
// kept.
struct Refusal {
  std::string ja;
  std::string en;
};

class Step {
 public:
  // `state`: what the plugin keeps from now on; empty: nothing. At most 64 KiB of JSON.
  explicit Step(json::object state) : state_(std::move(state)) {}

  Step& reply(json::value value) {
    reply_ = std::move(value);
    return *this;
  }
  // An event "<plugin>.<name>" to whoever hears of `topic`: cases (of a case only), plugins, or queue, which
  // everybody hears, so never say who.
  Step& tell(std::string_view topic, std::string_view name, json::object data) {
    return add({{"type", "event"}, {"topic", topic}, {"name", name}, {"data", std::move(data)}});
  }
  // Holds the case back: it waits, and nothing is issued, until this plugin lets go of it.
  Step& hold(std::string_view ja, std::string_view en) { return move_to("waiting", ja, en); }
  Step& let_go(std::string_view ja, std::string_view en) { return move_to("open", ja, en); }
  // A line in the case's timeline.
  Step& note(std::string_view ja, std::string_view en) {
    return add({{"type", "note"}, {"ja", ja}, {"en", en}});
  }

  [[nodiscard]] json::object to_json(bool with_reply) const {
    json::object answer{{"state", nullptr}, {"effects", effects_}};
    if (!state_.empty()) answer["state"] = state_;
    if (with_reply) answer["reply"] = reply_;
    return answer;
  }

 private:
  Step& add(json::object effect) {
    effects_.push_back(std::move(effect));
    return *this;
  }
  Step& move_to(std::string_view state, std::string_view ja, std::string_view en) {
    return add({{"type", "case.state"}, {"to", state}, {"ja", ja}, {"en", en}});
  }

  json::value reply_;
  json::object state_;
  json::array effects_;
};

namespace detail {

inline Case case_in(const json::value& value) {
  const auto& told = value.as_object();
  const auto* context = told.if_contains("context");
  return {std::string(told.at("id").as_string()),
          std::string(told.at("state").as_string()),
          std::string(told.at("opened_at").as_string()),
          own(told.at("facts")),
          own(told.at("decision")),
          own(told.at("pins")),
          context == nullptr ? json::object() : own(*context)};
}

inline Event event_in(const json::value& value) {
  auto more = own(value);
  Event event{std::string(more.at("type").as_string()), std::string(more.at("at").as_string()), {}};
  more.erase("type");
  more.erase("at");
  event.more = std::move(more);
  return event;
}

inline Reception reception_in(const json::value& value) {
  const auto& told = value.as_object();
  const auto text = [&](std::string_view key) {
    const auto* found = told.if_contains(key);
    return found == nullptr ? std::string() : std::string(found->as_string());
  };
  Reception reception{text("id"), told.at("open").as_bool(), told.at("in_time").as_bool(),
                      {},         text("last_reception"),    text("next_opening")};
  for (const auto& interval : told.at("today").as_array()) reception.today.emplace_back(interval.as_string());
  return reception;
}

inline Call call_in(const json::object& request) {
  Call call{std::string(request.at("method").as_string()),
            own(request.at("params")),
            std::string(request.at("at").as_string()),
            std::nullopt,
            {},
            {},
            {}};
  if (const auto* visit = request.if_contains("case")) call.visit = case_in(*visit);
  if (const auto* states = request.if_contains("states")) {
    for (const auto& item : states->at("items").as_array())
      call.states.push_back({std::string(item.at("case").as_string()), own(item.at("state"))});
    const auto& next = states->at("next");
    if (!next.is_null()) call.next = next.as_string();
  }
  if (const auto* offices = request.if_contains("offices")) {
    for (const auto& office : offices->as_array()) call.offices.push_back(reception_in(office));
  }
  return call;
}

inline json::object state_in(const json::object& request) {
  const auto& state = request.at("state");
  return state.is_null() ? json::object() : own(state);
}

}  // namespace detail

// The case's facts, typed. Under a daemon that does not tell whether the holder needs a representative, and
// as whom core takes the visitor, it is nobody, and the role that was told.
inline Visit visit_of(const Case& about) {
  json::object context{{"day", about.facts.at("at").as_string().subview(0, 10)},
                       {"needs_representative", false},
                       {"acting_as", about.facts.at("visitor").at("role")}};
  for (const auto& [key, value] : about.context) context[key] = value;
  return detail::visit_in(
      json::object{{"facts", about.facts}, {"decision", about.decision}, {"context", context}});
}

}  // namespace madoguchi::plugin
