// The days to come, each by the version of the policy that will be in force then.
#pragma once

#include <functional>
#include <memory>

#include "base/calendar.hpp"
#include "policy/policy.hpp"
#include "policy/schedule.hpp"

namespace madoguchi::policy {

// The rules of a day, with what plugins open and close by them.
struct DayRules {
  const Policy* policy = nullptr;  // nullptr: nothing is known of that day
  std::shared_ptr<const Schedule> changes{};
};

struct Outlook {
  // Empty: there is no other version, and nothing is known of the days after the deciding one has ended.
  std::function<DayRules(base::Date)> rules{};
  // Whether an office will do, as another version has it; empty: it does.
  std::function<bool(const Office&)> receives{};
};

}  // namespace madoguchi::policy
