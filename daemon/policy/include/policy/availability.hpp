// When the services that use a certificate work again after a renewal. All of it is a guide (目安): the
// daemon cannot know how busy the national systems are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "policy/text.hpp"
#include "policy/vocabulary.hpp"

namespace madoguchi::policy {

// One of: after so many minutes; from so many calendar days later; for services that the citizen has to apply
// for, by the end of so many days later if applied for within `settled_after` minutes and at once afterwards.
struct AvailabilityDelay {
  std::optional<int> minutes;
  std::optional<int> days;
  std::optional<int> applied_by_days;
  int settled_after = 0;  // minutes from completion
  bool operator==(const AvailabilityDelay&) const = default;
};

struct ServiceAvailability {
  std::string id;
  Text name;
  // Nothing: the city's page gives no time.
  std::optional<AvailabilityDelay> renewal;
  std::optional<AvailabilityDelay> new_issuance;
  bool face_authentication = false;  // works with a card that has no PINs
};

struct AvailabilityRules {
  std::vector<ServiceAvailability> services;
  Text caveat;
};

struct Completion {
  base::Instant at{};
  bool new_issuance = false;  // at least one certificate was issued anew rather than renewed
  bool face_authentication = false;
  // When the citizen applies for a service that wants it; nothing: not known, the later of the two is told.
  std::optional<base::Instant> applied_at;
};

// What is told about one service. None of the times: no information.
struct Availability {
  std::string service;
  Text name;
  std::optional<base::Instant> from;   // a time
  std::optional<base::Date> from_day;  // a day, without a time
  std::optional<base::Date> by;        // by the end of that day
  bool immediate = false;
  bool operator==(const Availability&) const = default;
};

// In the policy's order; services that such a card cannot use are left out. Calendar days, weekends included:
// the services are online.
std::vector<Availability> forecast(const AvailabilityRules& rules, const Completion& completion);

}  // namespace madoguchi::policy
