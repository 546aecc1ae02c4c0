// The envelope that was opened once issuing had begun, for PINs that did not match.
#pragma once

#include <madoguchi/step.hpp>
#include <madoguchi/visit.hpp>
#include <optional>

#include "rules.hpp"

namespace proxy_two_visit {

namespace json = madoguchi::plugin::json;

// Kept whether the case has an inquiry or not: nothing is applied for while issuing goes on, and yet the same
// envelope will not do on another day.
struct Opened {
  Date on{};
  json::array shown;  // the forms that were told, as facts
  json::array pins;   // that did not match
};

std::optional<Opened> opened_in(const json::object& state);
void keep(const Opened& opened, json::object& state);

// The PINs that have not matched from the envelope that is shown, where it was opened on an earlier day.
json::array opened_in_vain(const FormRule& rule, const Visit& visit);

// What happens in a case that has begun changes no inquiry; what is known of its envelope is kept.
Step watch(const Rules& rules, const Case& about, const Event& event, json::object state);

}  // namespace proxy_two_visit
