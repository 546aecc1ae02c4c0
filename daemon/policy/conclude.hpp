// The end of every decision, core's own and the merged one: what is missing said, findings in order, the
// outcome.
#pragma once

#include "policy/decision.hpp"

namespace madoguchi::policy {

void conclude(const Policy& policy, Decision& decision);

}  // namespace madoguchi::policy
