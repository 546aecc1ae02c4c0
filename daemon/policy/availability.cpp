#include "policy/availability.hpp"

#include <chrono>

namespace madoguchi::policy {
namespace {

using std::chrono::minutes;

Availability tell(const ServiceAvailability& service, const Completion& done) {
  Availability told{service.id, service.name, {}, {}, {}, false};
  const auto& delay = done.new_issuance && service.new_issuance ? service.new_issuance : service.renewal;
  if (!delay) return told;
  const auto day = base::date_in_japan(done.at);
  if (delay->minutes) told.from = done.at + minutes(*delay->minutes);
  if (delay->days) told.from_day = base::add_days(day, *delay->days);
  if (delay->applied_by_days) {
    // Between "at once" and the settled time the page is silent: the later answer is the safe one.
    if (done.applied_at && *done.applied_at - done.at >= minutes(delay->settled_after)) {
      told.immediate = true;
    } else {
      const auto applied = done.applied_at ? base::date_in_japan(*done.applied_at) : day;
      told.by = base::add_days(applied, *delay->applied_by_days);
    }
  }
  return told;
}

}  // namespace

std::vector<Availability> forecast(const AvailabilityRules& rules, const Completion& completion) {
  std::vector<Availability> all;
  for (const auto& service : rules.services) {
    if (completion.face_authentication && !service.face_authentication) continue;
    all.push_back(tell(service, completion));
  }
  return all;
}

}  // namespace madoguchi::policy
