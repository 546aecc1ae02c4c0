// What is told: when services work again, and a city's own texts.
#include <algorithm>

#include "policy/decision.hpp"
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

// The names in braces.
std::vector<std::string> parameters(std::string_view text) {
  std::vector<std::string> names;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) {
      names.emplace_back(text.substr(open));
      break;
    }
    names.emplace_back(text.substr(open + 1, close - open - 1));
  }
  return names;
}

void check_parameters(Section& s, std::string_view key, const std::string& text,
                      const std::vector<std::string>& known) {
  for (const auto& name : parameters(text)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string all;
    for (const auto& one : known) all.append(all.empty() ? "{" : ", {").append(one).append("}");
    s.complain(key,
               "{" + name + "} is unknown here; " + (all.empty() ? "this text has none" : "known: " + all));
  }
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

void read_texts(Section& root, Policy& policy) {
  root.section("texts", Need::optional, [&](Section& s) {
    for (const auto code : policy::core_codes()) {
      if (!s.has(code)) {
        s.knows(code);
        continue;
      }
      s.section(code, Need::optional, [&](Section& one) {
        policy::Text text;
        one.text("ja", text.ja, Need::required);
        one.text("en", text.en, Need::required);
        const auto known = policy::text_parameters(code);
        check_parameters(one, "ja", text.ja, known);
        check_parameters(one, "en", text.en, known);
        policy.texts.emplace(code, std::move(text));
      });
    }
  });
}

}  // namespace madoguchi::settings
