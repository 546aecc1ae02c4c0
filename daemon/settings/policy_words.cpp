// What is told: when services work again, and a city's own texts.
#include <algorithm>

#include "policy/decision.hpp"
#include "policy/plugin_key.hpp"
#include "policy_reader.hpp"

namespace madoguchi::settings {
namespace {

using policy::AvailabilityDelay;
using policy::Policy;

constexpr int most_hours = 24 * 60;
constexpr int most_days = 365;

void read_delay(Section& section, std::string_view key, std::optional<AvailabilityDelay>& into) {
  section.section(key, Need::optional, [&](Section& s) {
    AvailabilityDelay delay;
    int value = 0;
    if (s.has("hours")) {
      s.integer("hours", value, 0, most_hours, Need::optional);
      delay.minutes = value * 60;
    }
    if (s.has("days")) {
      s.integer("days", value, 0, most_days, Need::optional);
      delay.days = value;
    }
    s.section("applied_at_once", Need::optional, [&](Section& applied) {
      applied.integer("by_end_of_days_later", value, 0, most_days, Need::required);
      applied.integer("immediate_after_minutes", delay.settled_after, 0, most_hours * 60, Need::required);
      delay.applied_by_days = value;
    });
    const auto given = (delay.minutes ? 1 : 0) + (delay.days ? 1 : 0) + (delay.applied_by_days ? 1 : 0);
    if (given != 1) s.complain("", "give exactly one of `hours`, `days` and `applied_at_once`");
    into = delay;
  });
}

}  // namespace

void read_availability(Section& root, Policy& policy) {
  root.section("availability", Need::optional, [&](Section& s) {
    s.words_in_both("caveat", policy.availability.caveat, Need::required);
    s.each("services", Need::required, [&](Section& one) {
      policy::ServiceAvailability service;
      read_id(one, service.id);
      one.words_in_both("name", service.name, Need::required);
      read_delay(one, "renewal", service.renewal);
      read_delay(one, "new_issuance", service.new_issuance);
      one.flag("face_authentication", service.face_authentication, Need::optional);
      const auto& all = policy.availability.services;
      const auto twice = [&](const policy::ServiceAvailability& other) { return other.id == service.id; };
      if (!service.id.empty() && std::any_of(all.begin(), all.end(), twice)) {
        one.complain("id", "the service \"" + service.id + "\" stands here a second time");
      }
      policy.availability.services.push_back(std::move(service));
    });
  });
}

namespace {

// What a plugin says is not known here; that it does say so is checked where it is let in.
void read_text(Section& section, std::string_view code, bool by_core, Policy& policy) {
  section.section(code, Need::optional, [&](Section& one) {
    policy::Text text;
    one.text("ja", text.ja, Need::required);
    one.text("en", text.en, Need::required);
    if (by_core) {
      const auto known = policy::text_parameters(code);
      for (const auto& problem : policy::parameter_complaints(text.ja, known)) one.complain("ja", problem);
      for (const auto& problem : policy::parameter_complaints(text.en, known)) one.complain("en", problem);
    }
    policy.texts.emplace(code, std::move(text));
  });
}

}  // namespace

void read_texts(Section& root, Policy& policy) {
  root.section("texts", Need::optional, [&](Section& s) {
    const auto cores = policy::core_codes();
    for (const auto code : cores) {
      if (s.has(code)) {
        read_text(s, code, true, policy);
      } else {
        s.knows(code);
      }
    }
    for (const auto code : s.keys()) {
      if (std::find(cores.begin(), cores.end(), code) != cores.end()) continue;
      const bool plugins =
          std::any_of(policy.plugins.begin(), policy.plugins.end(),
                      [&](const auto& section) { return policy::may_say(section.first, code); });
      if (plugins) read_text(s, code, false, policy);
    }
  });
}

}  // namespace madoguchi::settings
