// Of services that the citizen has to apply for.
#pragma once

#include "policy/availability.hpp"

namespace madoguchi::policy {

// Whoever applies from then on has the service at once; nothing where that makes no difference, or where it
// is known when the citizen applies.
std::optional<base::Instant> immediate_if_applied_from(const ServiceAvailability& service,
                                                       const Completion& done);

}  // namespace madoguchi::policy
