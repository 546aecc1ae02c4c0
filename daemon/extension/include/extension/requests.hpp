// What plugins are asked, as documents (sdk/include/README.md).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "extension/answers.hpp"
#include "policy/case_so_far.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "policy/outlook.hpp"
#include "policy/policy.hpp"

namespace madoguchi::extension {

// The member `city` of a creation request.
boost::json::object city_document(const policy::Policy& policy);
// The member `offices` of a call: whether each receives somebody at that time, and when it does next.
boost::json::array offices_document(const policy::Policy& policy, const policy::Schedule& changes,
                                    base::Instant at, const policy::Outlook& outlook = {});
// How the policy takes holder and visitor: {needs_representative, age_of_capacity, acting_as}. The member
// `context` of a decision, with its day, and of a case.
boost::json::object people_document(const policy::Policy& policy, const policy::Facts& facts);
// Of `check` and `create`.
std::string creation_request(const boost::json::object& section, const boost::json::object& city);
// `plugin` is asked; of what is kept about the case it is told its own.
std::string decide_request(const policy::Policy& policy, const policy::Facts& facts,
                           const policy::Decision& core, const policy::CaseSoFar& so_far = {},
                           std::string_view plugin = {});
std::string schedule_request(const Asked& asked);
// `visit` is the case as plugins are told of it; `state` null while the plugin keeps nothing.
std::string advance_request(const boost::json::object& visit, const boost::json::value& state,
                            const boost::json::object& event);
struct CallRequest {
  std::string_view verb;
  const boost::json::object& params;
  const boost::json::value& state;
  base::Instant at{};
  const boost::json::object* visit = nullptr;   // of a method that touches a case
  const boost::json::object* states = nullptr;  // {items: [{case, state}], next} for one that reads those
  const boost::json::array* offices = nullptr;  // see offices_document(); nothing: it is not known
};
std::string call_request(const CallRequest& asked);

}  // namespace madoguchi::extension
