// What plugins add to core's own decision, and how that is merged.
#pragma once

#include <string>
#include <vector>

#include "policy/decision.hpp"
#include "policy/facts.hpp"

namespace madoguchi::policy {

// What one plugin's `decide` hook says to facts and core's own decision. It can only add; nobody can take
// back what another said.
struct Contribution {
  std::string source;  // the plugin's name; findings carry it whatever they say themselves
  std::vector<Finding> findings;
  std::vector<std::string> missing;
  std::vector<Pin> pins_required;
  std::vector<Pin> pin_resets;
};

// Core's decision with everything that was contributed, in canonical order, so that the order of the
// contributions does not matter; the outcome is worked out anew from severities and what is missing
// (contract/decision.md). `documents.missing` is said by core for the whole list, whoever else
// says it. A PIN is initialised at their word only at a second visit, where it is forgotten or locked: on the
// spot core alone says so. Without contributions the result is `core` unchanged.
Decision merge(const Policy& policy, const Facts& facts, Decision core,
               std::vector<Contribution> contributions);

}  // namespace madoguchi::policy
