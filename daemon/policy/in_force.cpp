#include "policy/in_force.hpp"

namespace madoguchi::policy {
namespace {

bool begun(const Policy& policy, base::Date day) {
  return !policy.effective_from || *policy.effective_from <= day;
}
bool ended(const Policy& policy, base::Date day) {
  return policy.effective_to && *policy.effective_to < day;
}

std::optional<std::size_t> find(const Versions& versions, base::Date day) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (begun(*versions[i], day) && !ended(*versions[i], day)) found = i;
  }
  return found;
}

base::Fault none(const Versions& versions, base::Date day) {
  boost::json::object details{{"day", base::format_date(day)}};
  std::string text = "no version of the policy is in force on " + base::format_date(day);
  std::optional<base::Date> last;
  std::optional<base::Date> next;
  for (const auto& version : versions) {
    if (ended(*version, day) && (!last || *last < *version->effective_to)) last = version->effective_to;
    if (!begun(*version, day) && (!next || *version->effective_from < *next)) next = version->effective_from;
  }
  if (last) {
    text += "; the last one ended on " + base::format_date(*last);
    details["ended_on"] = base::format_date(*last);
  }
  if (next) {
    text += "; the next one begins on " + base::format_date(*next);
    details["begins_on"] = base::format_date(*next);
  }
  return base::make_fault(base::Code::policy_not_in_force, std::move(text), std::move(details));
}

}  // namespace

base::Result<std::size_t> in_force(const Versions& versions, base::Date day) {
  if (const auto found = find(versions, day)) return *found;
  return none(versions, day);
}

std::size_t nearest(const Versions& versions, base::Date day) {
  if (const auto found = find(versions, day)) return *found;
  std::size_t best = 0;
  std::optional<base::Date> last;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (!ended(*versions[i], day) || (last && *versions[i]->effective_to < *last)) continue;
    last = versions[i]->effective_to;
    best = i;
  }
  return best;
}

std::optional<base::Date> covered_until(const Versions& versions, base::Date day) {
  auto next = day;  // the first day that is not known to be covered
  while (const auto found = find(versions, next)) {
    if (!versions[*found]->effective_to) return std::nullopt;
    next = base::add_days(*versions[*found]->effective_to, 1);
  }
  return base::add_days(next, -1);
}

}  // namespace madoguchi::policy
