// A plugin that follows cases: a real one, let in as the daemon lets it in, and what becomes of its answers.
#pragma once

#include "base/log.hpp"
#include "counter/plugin_port.hpp"
#include "extension/plugins.hpp"

namespace madoguchi::faults {

class Plugin final : public counter::PluginPort {
 public:
  // Throws std::runtime_error when it is not let in.
  explicit Plugin(base::Log& log);

  std::vector<Follower> followers(const renewal::Case& visit) override;
  bool configured(const renewal::Case& visit, const std::string& plugin) override;
  base::Result<policy::PluginStep> advance(const std::string& plugin, const renewal::Case& visit,
                                           const boost::json::value& state,
                                           const boost::json::object& event) override;
  base::Result<policy::PluginStep> call(const Asked& asked) override;

  // It gives no answer; when `too_late`, it has been heard nevertheless, as one is that takes too long.
  bool down = false;
  bool too_late = false;

 private:
  extension::Plugins::Built built_;
};

}  // namespace madoguchi::faults
