// A plugin that follows cases: a real one, let in as the daemon lets it in, and what becomes of its answers.
#pragma once

#include "base/log.hpp"
#include "counter/plugin_port.hpp"
#include "extension/plugins.hpp"

namespace madoguchi::faults {

inline constexpr auto plugin_name = "visit-counter";  // it counts in its state what it has heard of a case

class Plugin final : public counter::PluginPort {
 public:
  // Throws std::runtime_error when it is not let in.
  Plugin(base::Log& log, bool isolated);

  // As the daemon's start does it.
  void begin_anew();
  // Until it may be asked, as long as a clerk is told to try again. From the quarantine, which so many
  // mishaps in so short a time lead to, the administrator takes it by beginning anew.
  void recover();

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
  base::Log& log_;
  bool isolated_;
  extension::Plugins::Built built_;
};

}  // namespace madoguchi::faults
