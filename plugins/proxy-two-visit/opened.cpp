#include "opened.hpp"

#include <algorithm>

namespace proxy_two_visit {
namespace {

constexpr std::string_view key = "opened";

const json::object* object_at(const json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

bool is_renewed_by_proxy(const Case& about) {
  const auto* role = about.context.if_contains("acting_as");
  return role != nullptr && *role == "proxy" && about.facts.at("purpose") == "renewal";
}

// Among the PINs that the decision has under that key.
bool is_named(const Case& about, std::string_view pins, const json::string& pin) {
  const auto& named = about.decision.at(pins).as_array();
  return std::find(named.begin(), named.end(), pin) != named.end();
}

void add(Opened& opened, const json::string& pin) {
  if (std::find(opened.pins.begin(), opened.pins.end(), pin) == opened.pins.end()) opened.pins.push_back(pin);
}

}  // namespace

std::optional<Opened> opened_in(const json::object& state) {
  const auto* kept = object_at(state, key);
  if (kept == nullptr) return std::nullopt;
  return Opened{parse_date(kept->at("on").as_string()).value(), kept->at("shown").as_array(),
                kept->at("pins").as_array()};
}

void keep(const Opened& opened, json::object& state) {
  state[key] = json::object{
      {"on", json::string(format_date(opened.on))}, {"shown", opened.shown}, {"pins", opened.pins}};
}

json::array opened_in_vain(const FormRule& rule, const Visit& visit) {
  const auto opened = opened_in(visit.kept);
  if (!opened || visit.day <= opened->on || documents_of(opened->shown) != rule.shown(visit)) return {};
  return opened->pins;
}

Step watch(const Rules& rules, const Case& about, const Event& event, json::object state) {
  const auto* pin = event.more.if_contains("pin");
  const auto* outcome = pin == nullptr ? nullptr : about.pins.if_contains(pin->as_string());
  const auto today = parse_date(std::string_view(event.at).substr(0, 10));
  const bool told = about.facts.contains("documents");
  if (outcome == nullptr || !today || !told || !rules.pins_must_match || !is_renewed_by_proxy(about))
    return Step(std::move(state));
  auto shown = rules.form.shown(about.facts);
  auto opened = opened_in(state);
  const bool same = opened && opened->on == *today && opened->shown == shown;
  // The envelope has the new one of a PIN that is set anew, which nobody has tried.
  const bool failed = (*outcome == "mismatched" || *outcome == "forgotten" || *outcome == "locked") &&
                      !is_named(about, "pin_resets", pin->as_string());
  if (failed && !shown.empty() && is_named(about, "pins_required", pin->as_string())) {
    if (!same) opened = Opened{*today, std::move(shown), {}};
    add(*opened, pin->as_string());
  } else if (same && !failed) {
    // A slip that is put right on the same day.
    auto& pins = opened->pins;
    pins.erase(std::remove(pins.begin(), pins.end(), *pin), pins.end());
  } else {
    return Step(std::move(state));
  }
  if (opened->pins.empty())
    state.erase(key);
  else
    keep(*opened, state);
  return Step(std::move(state));
}

}  // namespace proxy_two_visit
