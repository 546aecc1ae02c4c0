#include "policy/availability.hpp"

#include <algorithm>
#include <chrono>

#include "policy/applying.hpp"

namespace madoguchi::policy {
namespace {

using std::chrono::minutes;

const std::optional<AvailabilityDelay>& delay_of(const ServiceAvailability& service, const Completion& done) {
  return done.new_issuance && service.new_issuance ? service.new_issuance : service.renewal;
}

Availability tell(const ServiceAvailability& service, const Completion& done) {
  Availability told{service.id, service.name, {}, {}, {}, false};
  const auto& delay = delay_of(service, done);
  if (!delay) return told;
  const auto day = base::date_in_japan(done.at);
  if (delay->minutes) told.from = done.at + minutes(*delay->minutes);
  if (delay->days) told.from_day = base::add_days(day, *delay->days);
  if (delay->applied_by_days) {
    // Between "at once" and the settled time the page is silent: the later answer is the safe one.
    if (done.applied_at && *done.applied_at - done.at >= minutes(delay->settled_after)) {
      told.immediate = true;
    } else {
      // Whoever applied before the completion waits for that first.
      const auto applied = std::max(day, base::date_in_japan(done.applied_at.value_or(done.at)));
      told.by = base::add_days(applied, *delay->applied_by_days);
    }
  }
  return told;
}

}  // namespace

std::optional<base::Instant> immediate_if_applied_from(const ServiceAvailability& service,
                                                       const Completion& done) {
  const auto& delay = delay_of(service, done);
  if (done.applied_at || !delay || !delay->applied_by_days) return std::nullopt;
  return done.at + minutes(delay->settled_after);
}

std::vector<Availability> forecast(const AvailabilityRules& rules, const Completion& completion) {
  std::vector<Availability> all;
  for (const auto& service : rules.services) {
    if (completion.face_authentication && !service.face_authentication) continue;
    all.push_back(tell(service, completion));
  }
  return all;
}

}  // namespace madoguchi::policy
