#include "unit_finding.hpp"

#include <map>
#include <sstream>

namespace madoguchi::cli {

using doctor::State;

doctor::Finding unit_finding(const std::string& shown) {
  std::map<std::string, std::string> unit;
  std::istringstream lines(shown);
  for (std::string line; std::getline(lines, line);)
    unit[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  if (unit["LoadState"] == "not-found") return {State::attention, "unit.not_installed"};
  // EXIT_CREDENTIALS of systemd.exec(5): before the daemon itself has run.
  if (unit["ActiveState"] != "active" && unit["ExecMainStatus"] == "243")
    return {State::wrong, "unit.no_credential"};
  if (unit["ActiveState"] == "failed") return {State::wrong, "unit.failed", {{"result", unit["Result"]}}};
  if (unit["UnitFileState"] == "disabled") return {State::attention, "unit.not_enabled"};
  if (unit["ActiveState"] == "inactive") return {State::wrong, "unit.inactive"};
  return {State::ok, "unit.ok"};
}

}  // namespace madoguchi::cli
