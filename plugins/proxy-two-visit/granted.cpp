#include "granted.hpp"

#include <algorithm>

#include "asked.hpp"
#include "prospect.hpp"
#include "standing.hpp"

namespace proxy_two_visit {

std::vector<Pin> granted_resets(const Rules& rules, const Visit& visit) {
  if (visit.number != 2 || visit.needs_representative) return {};
  const auto forms = rules.form.answers(visit);
  const auto wanted = asked_resets(rules, visit);
  if (forms.empty() || wanted.empty()) return {};
  auto before = before_the_holder(visit, visit.kept);
  const auto inquiry = before ? std::optional(std::move(before->inquiry)) : from_state(visit.kept);
  if (!inquiry) return {};
  // What is left of a case on another day is not done with an envelope that was opened.
  if (!visit.application && inquiry->second_visit_on != visit.day) return {};
  constexpr bool to_a_reset = true;
  if (Standing::best(*inquiry, forms, visit.day, to_a_reset).kind != Standing::Kind::counts) return {};
  std::vector<Pin> granted;
  for (const auto& asked : inquiry->last_letter()->pin_resets) {
    if (std::find(wanted.begin(), wanted.end(), asked) == wanted.end()) continue;
    const auto found = std::find(pin_names.begin(), pin_names.end(), std::string_view(asked.as_string()));
    granted.push_back(static_cast<Pin>(found - pin_names.begin()));
  }
  return granted;
}

}  // namespace proxy_two_visit
