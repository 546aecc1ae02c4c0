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
  // What is wrong with the case itself: unknown keys, nothing expected. It cannot be run, and has failed.
  std::vector<Complaint> complaints;
};

// Every case of the file. What is wrong with the file as a whole is one that cannot be run, so that no
// mistake makes a file pass by its being left out.
std::vector<PolicyTest> load_policy_tests(std::string_view text, const std::string& file);
// Facts alone, as they stand in a case.
Loaded<boost::json::object> load_facts(std::string_view text, const std::string& file);
// For a file that cannot even be read.
PolicyTest unreadable_tests(const std::string& file, std::string why);

// One line for every key that is not as expected, e.g. "outcome: expected complete_today, found not_today".
// Every key of `expect` counts: lists of names as sets, times as instants, nested mappings by the keys given,
// null as absent; `findings` are codes that must be among the decision's, `no_findings` codes that must not.
std::vector<std::string> differences(const boost::json::object& expect, const boost::json::object& decision);
// One line for every code of `findings` that nothing says, and of `no_findings` that is likely a misspelt
// one: it would never be found. Another city's code, of a plugin that this one does not use, is rightly not
// said.
std::vector<std::string> unknown_codes(const boost::json::object& expect,
                                       const std::vector<std::string>& known);

}  // namespace madoguchi::settings
