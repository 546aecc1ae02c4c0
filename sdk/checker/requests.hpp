// What the check asks: a city, visits of many kinds, and requests that nobody should send.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "policy/facts.hpp"
#include "policy/policy.hpp"

namespace madoguchi::checker {

policy::Policy example_city();
// Every role, purpose, age, state of card, PINs and papers at least once.
std::vector<policy::Facts> example_visits();
// Cases as plugins that follow them are told, and what happens in one, in order.
std::vector<boost::json::object> example_cases();
std::vector<boost::json::object> example_events();
// The member `states` of a call: those of cases, given to it by so many; the last page says that it is the
// last.
std::vector<boost::json::object> pages_of(const std::vector<boost::json::object>& states, std::size_t by);
// Not JSON, not an object, members missing or of another type, too deep, too long, not UTF-8.
std::vector<std::string> hostile_requests();

}  // namespace madoguchi::checker
