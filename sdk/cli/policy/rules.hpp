// Deciding by one policy as the daemon does: core's rules and those of the plugins that the policy has
// sections for.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "extension/plugins.hpp"
#include "policy/decision.hpp"
#include "policy_tools/tools.hpp"
#include "settings/complaint.hpp"

namespace madoguchi::policy_tools {

class Rules {
 public:
  // `policy` outlives the rules. With the plugins that it has sections for, or those of a counter.
  Rules(const Setting& setting, const policy::Policy& policy);
  Rules(const policy::Policy& policy, const extension::HostConfig& counter);
  ~Rules();

  // What the plugins say about their sections, and which of them cannot be asked. With any of these nothing
  // must be decided: it would lack their rules.
  [[nodiscard]] const std::vector<settings::Complaint>& complaints() const { return complaints_; }
  [[nodiscard]] const std::vector<settings::Complaint>& notices() const { return notices_; }
  // Every finding that the plugins may say.
  [[nodiscard]] std::vector<std::string> codes() const;
  // `tracer` is told of core's rules and of every plugin that decides.
  base::Result<policy::Decision> decide(const policy::Facts& facts, policy::Tracer* tracer = nullptr,
                                        const policy::Outlook& outlook = {});
  // What they open and close in that year and the next.
  base::Result<std::shared_ptr<const policy::Schedule>> schedule(std::chrono::year year);

 private:
  struct Plugins;
  void let_in(const extension::HostConfig& host);
  const policy::Policy& policy_;
  std::unique_ptr<Plugins> plugins_;
  std::vector<settings::Complaint> complaints_;
  std::vector<settings::Complaint> notices_;
};

// The plugins at hand that would not do without a section and have none. Which of them are needed is said in
// the daemon's configuration, so that this is no fault of the policy's.
std::vector<settings::Complaint> lacking(const Setting& setting, const policy::Policy& policy);

}  // namespace madoguchi::policy_tools
