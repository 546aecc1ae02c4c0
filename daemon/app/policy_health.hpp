// How the policy is, as system.health tells it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "base/fault.hpp"
#include "policy/in_force.hpp"

namespace madoguchi::app {

struct PolicyState {
  const policy::Versions& versions;
  const base::Fault* refused;  // what is wrong with the files, if anything; the policy before goes on
  base::Instant since{};       // of `refused`
  bool from_archive = false;   // with `refused`: in force since a restart only because it had been kept
};

// {state, municipality, version, digest, effective_from?, effective_to?, ends_on?, days_left?, ...}: `failed`
// when no version is in force today, `degraded` while the files are refused (since, reason, complaints,
// source) or when the last day is near.
boost::json::object policy_health(const PolicyState& state, base::Instant now);

// The last day whose holidays the policy knows, where an office needs them and that is near or past.
std::optional<base::Date> holidays_end(const policy::Policy& policy, base::Date today);

int days_between(base::Date from, base::Date to);

}  // namespace madoguchi::app
