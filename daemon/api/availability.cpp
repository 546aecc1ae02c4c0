#include "availability.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "policy/applying.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;

json::object told_of(const policy::AvailabilityRules& rules, const policy::Completion& done,
                     const policy::Availability& told) {
  json::object all{{"service", told.service}, {"name", policy::to_json(told.name)}, {"estimate", true}};
  if (told.from) all["available_from"] = base::format_time(*told.from);
  if (told.from_day) all["available_from"] = base::format_date(*told.from_day);
  if (told.by) all["by"] = base::format_date(*told.by);
  if (told.immediate) all["immediate"] = true;
  const auto rule =
      std::find_if(rules.services.begin(), rules.services.end(),
                   [&](const policy::ServiceAvailability& one) { return one.id == told.service; });
  if (const auto from = policy::immediate_if_applied_from(*rule, done))
    all["immediate_if_applied_from"] = base::format_time(*from);
  return all;
}

}  // namespace

json::object forecast_of(const policy::AvailabilityRules& rules, const policy::Completion& done) {
  json::array services;
  for (const auto& one : policy::forecast(rules, done)) services.push_back(told_of(rules, done, one));
  return {{"services", std::move(services)}, {"caveat", policy::to_json(rules.caveat)}};
}

}  // namespace madoguchi::api
