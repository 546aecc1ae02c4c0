// What is said to whoever cannot have a last day looked up at the counter.
#pragma once

#include "policy/policy.hpp"

namespace madoguchi::policy {

// The other two ways of the page, as far as they serve such a card, and when the notice is due by post.
Text expiry_elsewhere(const Policy& policy, bool face_authentication);

}  // namespace madoguchi::policy
