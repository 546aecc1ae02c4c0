#include "granted.hpp"

#include <algorithm>

#include "asked.hpp"
#include "coverage.hpp"
#include "prospect.hpp"
#include "standing.hpp"

namespace proxy_two_visit {
namespace {

bool is_among(const json::array& names, const json::value& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The inquiry whose letter's form is here and counts for a reset.
std::optional<Inquiry> answered(const Rules& rules, const Visit& visit) {
  if (visit.purpose != Purpose::renewal || visit.number != 2 || visit.needs_representative)
    return std::nullopt;
  const auto forms = rules.form.answers(visit);
  if (forms.empty()) return std::nullopt;
  auto before = before_the_holder(visit, visit.kept);
  auto inquiry = before ? std::optional(std::move(before->inquiry)) : from_state(visit.kept);
  if (!inquiry) return std::nullopt;
  // What is left of a case on another day is not done with an envelope that was opened.
  if (!visit.application && inquiry->second_visit_on != visit.day) return std::nullopt;
  constexpr bool to_a_reset = true;
  if (Standing::best(*inquiry, forms, visit.day, to_a_reset).kind != Standing::Kind::counts)
    return std::nullopt;
  return inquiry;
}

// A good form that came with the notice has the PIN that is on the card.
bool is_untold(const Rules& rules, const Visit& visit, const Inquiry& inquiry, Pin pin) {
  return visit.pin(pin) == PinState::unverified && !rules.form.of_notice(visit) &&
         std::find(visit.pins_required.begin(), visit.pins_required.end(), pin) !=
             visit.pins_required.end() &&
         !is_among(inquiry.known_since, json::value(pin_names[static_cast<std::size_t>(pin)]));
}

}  // namespace

Granted granted_resets(const Rules& rules, const Visit& visit) {
  Granted granted;
  const auto inquiry = answered(rules, visit);
  if (!inquiry || rules.pin_reset_by_holder_only || visit.card.face_authentication) return granted;
  const auto wanted = asked_resets(rules, visit);
  const auto letters = inquiry->letters_of(rules.form.answers(visit));
  for (const auto& asked : inquiry->last_letter()->pin_resets) {
    const bool by_all = std::all_of(letters.begin(), letters.end(), [&](const Letter& letter) {
      return asks_to_reset(letter, std::string_view(asked.as_string()));
    });
    if (!by_all) continue;
    const auto found = std::find(pin_names.begin(), pin_names.end(), std::string_view(asked.as_string()));
    const auto pin = static_cast<Pin>(found - pin_names.begin());
    if (is_among(wanted, asked))
      granted.resets.push_back(pin);
    else if (is_untold(rules, visit, *inquiry, pin))
      granted.untold.push_back(pin);
  }
  return granted;
}

void remember_known(const Case& about, const Event& event, json::object& state) {
  const auto* pin = event.more.if_contains("pin");
  if (pin == nullptr || about.facts.at("pins").at(pin->as_string()) != "matched") return;
  const auto remember = [&](json::object& inquiry) {
    auto& known = inquiry[known_since];
    if (!known.is_array()) known.emplace_array();
    auto& names = known.get_array();
    if (std::find(names.begin(), names.end(), *pin) == names.end()) names.push_back(*pin);
  };
  if (from_state(state)) remember(state);
  if (auto* before = state.if_contains(before_holder)) remember(before->at("state").as_object());
}

}  // namespace proxy_two_visit
