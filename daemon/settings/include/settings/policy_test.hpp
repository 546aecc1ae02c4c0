// Policy tests: a YAML list of cases, each with facts and what the decision must be.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/complaint.hpp"
#include "settings/tree.hpp"

namespace madoguchi::settings {

struct PolicyTest {
  std::string name;
  Position at;
  boost::json::object facts;
  boost::json::object expect;    // only what the case is about
  std::optional<Value> overlay;  // the case's own changes to the policy under test
};

// Complains about unknown keys, and about cases that expect nothing.
Loaded<std::vector<PolicyTest>> load_policy_tests(std::string_view text, const std::string& file);

// One line for every key that is not as expected, e.g. "outcome: expected complete_today, found not_today".
// Every key of `expect` counts: lists of names as sets, times as instants, nested mappings by the keys given,
// null as absent; `findings` are codes that must be among the decision's, `no_findings` codes that must not.
std::vector<std::string> differences(const boost::json::object& expect, const boost::json::object& decision);
// One line for every code of `findings` and `no_findings` that nothing says, with the nearest that is:
// however misspelt, it would never be found.
std::vector<std::string> unknown_codes(const boost::json::object& expect,
                                       const std::vector<std::string>& known);

}  // namespace madoguchi::settings
