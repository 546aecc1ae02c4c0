#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <tuple>

#include "catalogue.hpp"
#include "conclude.hpp"
#include "policy/contribution.hpp"

namespace madoguchi::policy {
namespace {

constexpr std::string_view missing_code = "documents.missing";

bool speaks(const Decision& decision, Severity severity) {
  return std::any_of(decision.findings.begin(), decision.findings.end(),
                     [&](const Finding& f) { return f.severity == severity; });
}

bool lists(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Items>
void append(Items& to, Items& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The resident register's PIN first, since selecting its application drops the rights of the JPKI
// application; then authentication before signature, as the certificates are made.
void put_in_order(std::vector<Pin>& pins) {
  constexpr std::array order{Pin::resident_register, Pin::authentication, Pin::signature};
  std::vector<Pin> sorted;
  for (const auto pin : order) {
    if (std::find(pins.begin(), pins.end(), pin) != pins.end()) sorted.push_back(pin);
  }
  pins = std::move(sorted);
}

// "Go on without it" would contradict a city that asks this visitor for the notice.
void leave_out_notice(Decision& decision) {
  if (!lists(decision.missing, "expiry_notice")) return;
  std::erase_if(decision.findings, [](const Finding& f) { return f.code == "notice.expected"; });
}

void say_what_is_missing(const Policy& policy, Decision& decision) {
  auto& findings = decision.findings;
  std::erase_if(findings, [](const Finding& f) { return f.code == missing_code && f.source == "core"; });
  auto& missing = decision.missing;
  // The first of two visits takes an application only: the card is needed at the second.
  if (speaks(decision, Severity::second_visit)) std::erase(missing, "my_number_card");
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  if (missing.empty()) return;
  findings.push_back(
      make_finding(policy, missing_code, "documents", {param("documents", missing, policy.documents)}));
}

// In this order, so that a visitor is sent home once, for the weightiest reason, with the whole list.
Outcome outcome(const Decision& decision) {
  if (speaks(decision, Severity::block)) return Outcome::not_today;
  if (speaks(decision, Severity::redirect)) return Outcome::other_procedure;
  if (speaks(decision, Severity::second_visit)) {
    // What the first visit itself needs.
    const bool no_photo = lists(decision.missing, "photo_identity_document");
    return no_photo ? Outcome::not_today : Outcome::two_visits;
  }
  const bool wanting = !decision.missing.empty() || speaks(decision, Severity::require);
  return wanting ? Outcome::not_today : Outcome::complete_today;
}

// Whoever could have any PIN initialised could take a card over: only one that is lost, and on the spot for
// none but those whom core answers for itself; after a first visit the holder has been asked.
void leave_out_resets(const Facts& facts, std::vector<Pin>& resets) {
  std::erase_if(resets, [&](Pin pin) {
    const auto state = facts.pins.of(pin);
    const bool lost = state == PinState::forgotten || state == PinState::locked;
    return !lost || facts.visit == 1;
  });
}

}  // namespace

void conclude(const Policy& policy, Decision& decision) {
  put_in_order(decision.pins_required);
  put_in_order(decision.pin_resets);
  leave_out_notice(decision);
  say_what_is_missing(policy, decision);
  // Everything in it counts, so that no two orders of arrival lead to two documents.
  const auto key = [](const Finding& f) {
    return std::tie(f.severity, f.code, f.source, f.rule.key, f.message.en, f.message.ja);
  };
  std::sort(decision.findings.begin(), decision.findings.end(), [&](const Finding& a, const Finding& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return boost::json::serialize(a.params) < boost::json::serialize(b.params);
  });
  decision.outcome = outcome(decision);
}

Decision merge(const Policy& policy, const Facts& facts, Decision core,
               std::vector<Contribution> contributions) {
  if (contributions.empty()) return core;
  for (auto& more : contributions) {
    for (auto& finding : more.findings) finding.source = more.source;
    append(core.findings, more.findings);
    append(core.missing, more.missing);
    append(core.pins_required, more.pins_required);
    leave_out_resets(facts, more.pin_resets);
    append(core.pin_resets, more.pin_resets);
  }
  conclude(policy, core);
  return core;
}

}  // namespace madoguchi::policy
