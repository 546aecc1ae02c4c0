// Several versions of one municipality's policy side by side, of which the day of the visit chooses one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "policy/in_force.hpp"
#include "policy/policy.hpp"
#include "settings/complaint.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::settings {

struct PolicyText {
  std::string file;
  std::string text;
};

struct PolicyBook {
  policy::Versions versions;  // at least one

  // The version in force on that day; policy.not_in_force when there is none.
  [[nodiscard]] base::Result<std::shared_ptr<const policy::Policy>> on(base::Date day) const;
};

// Complains about every file, about versions of different municipalities, about two that begin on the same
// day, and about days between two versions that neither covers.
Loaded<PolicyBook> load_policy_book(const std::vector<PolicyText>& texts, const ReadFile& read);

}  // namespace madoguchi::settings
