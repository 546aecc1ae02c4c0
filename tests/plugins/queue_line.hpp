// A city's waiting line: through the plugin's own methods, its state handed on as the daemon does.
#pragma once

#include "city.hpp"

namespace madoguchi::plugins {

namespace json = boost::json;

inline const std::vector<std::string> with_board{"queue-board", "holiday-openings", "legal-representative",
                                                 "proxy-two-visit"};
inline constexpr std::string_view monday = "2026-04-06T09:00:00+09:00";

class QueueBoard : public testing::Test {
 protected:
  explicit QueueBoard(const std::string& text = policy_text()) : city(text, with_board) {}

  void at(std::string_view time) { now = base::parse_time(time).value(); }
  void after(std::chrono::minutes minutes) { now += minutes; }

  base::Result<policy::PluginStep> ask(std::string_view verb, const json::object& params = {}) {
    const auto changes = city.built.plugins->schedule(city.policy, base::date_in_japan(now).year());
    const auto offices = extension::offices_document(city.policy, *changes.value(), now);
    extension::CallRequest request{verb, params, state, now};
    if (tells_hours) request.offices = &offices;
    return city.built.plugins->call("queue-board", request);
  }
  json::value call(std::string_view verb, const json::object& params = {}) {
    const auto step = ask(verb, params);
    if (!step) {
      ADD_FAILURE() << verb << ": " << base::describe(step.error());
      return nullptr;
    }
    state = step->state ? json::value(*step->state) : json::value();
    events.clear();
    for (const auto& effect : step->effects) events.push_back(std::get<policy::PluginEvent>(effect).name);
    return step->reply;
  }
  base::Code refused(std::string_view verb, const json::object& params = {}) {
    const auto step = ask(verb, params);
    EXPECT_FALSE(step) << verb;
    return step ? base::Code::internal : step.error().code;
  }

  std::string take(std::string_view procedure = "renewal", bool priority = false) {
    return text(call("take", {{"office", hall}, {"procedure", procedure}, {"priority", priority}}), "ticket");
  }
  std::string next(std::string_view window) {
    return text(call("call_next", {{"office", hall}, {"window", window}}), "ticket");
  }
  json::value about(std::string_view verb, std::string_view ticket) {
    return call(verb, {{"office", hall}, {"ticket", ticket}});
  }
  json::object status(std::string_view office) {
    const auto told = call("status");
    for (const auto& one : told.at("offices").as_array()) {
      if (text(one, "office") == office) return one.as_object();
    }
    ADD_FAILURE() << office;
    return {};
  }
  json::object today() { return call("report").at("offices").at(0).at("today").as_object(); }

  // Compared as text: a value that differs is printed by gtest without end.
  static std::string written(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  }
  static std::string text(const json::value& object, std::string_view key) {
    const auto* value = object.is_object() ? object.as_object().if_contains(key) : nullptr;
    return value == nullptr ? std::string() : std::string(value->as_string());
  }

  static constexpr std::string_view hall = "citizens-division";
  City city;
  bool tells_hours = false;  // as a daemon does that knows them
  json::value state;
  base::Instant now = base::parse_time(monday).value();
  std::vector<std::string> events;
};

}  // namespace madoguchi::plugins
