// Several versions of one policy side by side, and which of them holds on a day.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/calendar.hpp"
#include "base/result.hpp"
#include "policy/policy.hpp"

namespace madoguchi::policy {

using Versions = std::vector<std::shared_ptr<const Policy>>;  // by their first day

// The version in force on that day: of those that have begun and not ended the one that began last.
// policy.not_in_force (details.day, and details.ended_on or details.begins_on) when there is none: rules that
// a city has ended, or not yet begun, decide nothing.
base::Result<std::size_t> in_force(const Versions& versions, base::Date day);

// The one to tell of when none is in force: that which ended last before the day, else that which begins
// first.
std::size_t nearest(const Versions& versions, base::Date day);

// The last of the days from `day` on that are all covered, the day before `day` if that is not; nothing when
// there is no end.
std::optional<base::Date> covered_until(const Versions& versions, base::Date day);

}  // namespace madoguchi::policy
