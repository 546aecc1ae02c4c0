// Everything about a counter's installation that can be found out from here: what the running service says of
// itself, what the service manager says of it, and what `madoguchid --examine` finds, whether it runs or not.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "context.hpp"

namespace madoguchi::cli {

inline constexpr const char* default_config = "/etc/madoguchi/madoguchid.yaml";

// Findings as doctor::to_json() writes them, those that matter most first.
struct Examined {
  boost::json::array findings{};
  bool interrupted = false;
  bool as_service = false;  // with the service's rights, which root has too
};
Examined examine(const Context& context, const std::string& config);
// Only what `madoguchid --examine` finds of these parts.
Examined examine_parts(const Context& context, const std::string& config,
                       const std::vector<std::string>& parts);

// What the examiner said line by line.
struct ExaminerLines {
  boost::json::array findings{};
  std::string last_part{};  // that was begun
  bool as_service = false;
  std::vector<std::string> silent{};  // parts that were begun, and of which nothing was said
};
ExaminerLines lines_of(const std::string& output);

// Shows them and gives the exit code: 0, `unfinished` when something needs attention, `refused` when
// something is wrong.
int show_findings(const Context& context, const Examined& examined);

}  // namespace madoguchi::cli
