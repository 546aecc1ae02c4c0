// Several versions of one municipality's policy side by side, of which the day of the visit chooses one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/policy.hpp"
#include "settings/complaint.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::settings {

struct PolicyText {
  std::string file;
  std::string text;
};

struct PolicyBook {
  std::vector<std::shared_ptr<const policy::Policy>> versions;  // by their first day; at least one

  // The version in force on that day: of those that have begun and not ended the one that began last. Before
  // the first and after the last there is none that is right; then the nearest one is given.
  [[nodiscard]] std::shared_ptr<const policy::Policy> on(base::Date day) const;
};

// Complains about every file, about versions of different municipalities, about two that begin on the same
// day, and about days between two versions that neither covers.
Loaded<PolicyBook> load_policy_book(const std::vector<PolicyText>& texts, const ReadFile& read);

}  // namespace madoguchi::settings
