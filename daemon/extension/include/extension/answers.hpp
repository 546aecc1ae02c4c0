// What a plugin's documents say, held against what the host may believe. A document that does not fit is no
// answer.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "extension/manifest.hpp"
#include "extension/methods.hpp"
#include "policy/contribution.hpp"
#include "policy/schedule.hpp"

namespace madoguchi::extension {

// A finding code that a plugin may say. What it weighs is fixed here, not with each finding.
struct DeclaredCode {
  std::string code;
  policy::Severity severity = policy::Severity::info;
  policy::Text text;  // with parameters in braces
};

struct Description {
  boost::json::object section_schema;
  std::vector<DeclaredCode> codes;
  std::vector<DeclaredMethod> methods;
  [[nodiscard]] const DeclaredCode* code(std::string_view name) const;
  [[nodiscard]] const DeclaredMethod* method(std::string_view verb) const;
};

// A complaint or notice about a policy section, by RFC 6901 pointer.
struct Remark {
  std::string pointer;
  std::string message;
};
struct CheckAnswer {
  std::vector<Remark> complaints;
  std::vector<Remark> notices;
};

// All of them: plugin_failed, with what is wrong in `inner`.
base::Result<Description> parse_description(std::string_view document, std::string_view plugin);
base::Result<CheckAnswer> parse_check(std::string_view document);
std::string check_answer(const CheckAnswer& answer);  // the opposite
// A city's own words for findings, by code.
using CityTexts = std::map<std::string, policy::Text, std::less<>>;
// Findings get their severity from `description`, their place from `section`, and their words from `texts` if
// they are among them.
base::Result<policy::Contribution> parse_contribution(std::string_view document, std::string_view plugin,
                                                      const Description& description,
                                                      const policy::PluginSection& section,
                                                      const CityTexts& texts = {});
struct Asked {
  std::string_view office;
  base::Date from{};
  base::Date to{};
  std::span<const base::Date> holidays{};  // national ones in that time, sorted
  std::span<const base::Date> year_end{};  // on which the office is closed over New Year, sorted
};
base::Result<std::vector<policy::ScheduleChange>> parse_schedule(std::string_view document,
                                                                 std::string_view plugin, const Asked& asked);

}  // namespace madoguchi::extension
