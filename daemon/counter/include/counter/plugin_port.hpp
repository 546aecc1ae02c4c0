// The seam to plugins that follow cases and serve methods of their own.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "policy/plugin_step.hpp"
#include "renewal/case.hpp"

namespace madoguchi::counter {

class PluginPort {
 public:
  virtual ~PluginPort() = default;

  struct Follower {
    std::string name;
    bool needed = true;  // nothing that can still be left undone is done without its answer
  };
  virtual std::vector<Follower> followers(const renewal::Case& visit) = 0;
  // Whether there is such a plugin, well or not: what one keeps that is no longer there, nobody would undo.
  virtual bool configured(const renewal::Case& visit, const std::string& plugin) = 0;
  // The answers are values, and asking again gives the same: what comes of them is the counter's to do.
  virtual base::Result<policy::PluginStep> advance(const std::string& plugin, const renewal::Case& visit,
                                                   const boost::json::value& state,
                                                   const boost::json::object& event) = 0;
  struct Asked {
    const std::string& plugin;
    const std::string& verb;
    const boost::json::object& params;
    const boost::json::value& state;
    base::Instant at{};
    const renewal::Case* visit = nullptr;         // of a method that touches a case
    const boost::json::object* states = nullptr;  // a page of what the plugin keeps about cases
  };
  virtual base::Result<policy::PluginStep> call(const Asked& asked) = 0;
};

}  // namespace madoguchi::counter
