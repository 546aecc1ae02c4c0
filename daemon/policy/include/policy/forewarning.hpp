// What is said of a time at an office beyond its hours: how busy it will be, and whether they can be relied
// on.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "policy/outlook.hpp"
#include "policy/policy.hpp"

namespace madoguchi::policy {

// The policy's rule by which that minute of that day is crowded; nullptr: none says so.
const CrowdingRule* crowded_at(const Policy& policy, base::Date day, int minute);
// {expected, ja, en}; nothing where the policy does not speak of crowding.
std::optional<boost::json::object> crowding(const Policy& policy, base::Instant at);

// {day, ja, en}: the first of these days that may be a holiday without anybody knowing, where that would
// change the office's hours.
std::optional<boost::json::object> holidays_unknown(const Policy& policy, const Office& office,
                                                    const std::vector<base::Date>& days,
                                                    const Outlook& outlook);

}  // namespace madoguchi::policy
