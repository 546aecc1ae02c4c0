// Which parts of a policy its tests asked about: findings that were said, and places that a case came to.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/decision.hpp"
#include "policy/facts.hpp"

namespace madoguchi::policy_tools {

class Coverage {
 public:
  // What there is to ask: the findings of core and of plugins, and of the policy its offices with their
  // seasons and reservations, crowded times, and each accepted document.
  void expect(const policy::Policy& policy, const std::vector<std::string>& plugin_codes);
  void count(const policy::Policy& policy, const policy::Facts& facts, const policy::Decision& decision);

  [[nodiscard]] std::vector<std::string> never_said() const;
  [[nodiscard]] std::vector<policy::Rule> never_asked() const;  // by key path

 private:
  std::set<std::string> codes_;
  std::set<std::string> said_;
  std::map<std::string, policy::Origin> rules_;
  std::set<std::string> asked_;
};

}  // namespace madoguchi::policy_tools
