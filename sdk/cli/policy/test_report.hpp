// How the outcome of policy tests is told: to people, as JSON, as JUnit's XML.
#pragma once

#include <boost/json/array.hpp>
#include <optional>
#include <string>
#include <vector>

#include "coverage.hpp"
#include "policy/decision.hpp"
#include "policy_tools/tools.hpp"
#include "settings/policy_test.hpp"

namespace madoguchi::policy_tools {

struct TestResult {
  std::vector<std::string> differences;  // empty: as expected
  std::optional<policy::Decision> decision;
};

class TestReport {
 public:
  TestReport(const Setting& setting, Format format) : setting_(setting), format_(format) {}
  void add(const std::string& file, const settings::PolicyTest& test, const TestResult& result);
  // `coverage`: told too, unless it is none.
  void finish(const Coverage* coverage);
  [[nodiscard]] int failed() const { return failed_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

 private:
  const Setting& setting_;
  Format format_;
  int count_ = 0;
  int failed_ = 0;
  boost::json::array cases_;  // for JSON
  std::string xml_;           // for JUnit
};

}  // namespace madoguchi::policy_tools
