// The counter's seam to plugins, on the policy version that a case is decided by.
#pragma once

#include "counter/plugin_port.hpp"
#include "decider.hpp"

namespace madoguchi::app {

class DecidersPlugins final : public counter::PluginPort {
 public:
  explicit DecidersPlugins(Decider& decider) : decider_(decider) {}

  std::vector<Follower> followers(const renewal::Case& visit) override;
  bool configured(const renewal::Case& visit, const std::string& plugin) override;
  base::Result<policy::PluginStep> advance(const std::string& plugin, const renewal::Case& visit,
                                           const boost::json::value& state,
                                           const boost::json::object& event) override;
  base::Result<policy::PluginStep> call(const Asked& asked) override;

 private:
  [[nodiscard]] extension::Plugins& plugins_of(const renewal::Case& visit) const;
  [[nodiscard]] boost::json::object told_of(const renewal::Case& visit) const;

  Decider& decider_;
};

}  // namespace madoguchi::app
