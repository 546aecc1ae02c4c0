// Plugins in memory: each is a function from its state and an event, or a call, to a step.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "counter/plugin_port.hpp"

namespace madoguchi::counter::test {

class TestPlugins final : public PluginPort {
 public:
  using Step = base::Result<policy::PluginStep>;

  std::vector<Follower> followers(const renewal::Case&) override { return named; }
  bool configured(const renewal::Case&, const std::string& plugin) override {
    return !removed.contains(plugin);
  }
  Step advance(const std::string& plugin, const renewal::Case& visit, const boost::json::value& state,
               const boost::json::object& event) override {
    heard.push_back(plugin + " " + std::string(event.at("type").as_string()));
    if (down.contains(plugin)) {
      return base::make_fault(base::Code::plugin_failed, "as ordered", {{"plugin", plugin}});
    }
    if (on_advance) return on_advance(visit, state, event);
    return counted(state);
  }
  Step call(const Asked& asked) override {
    ++calls;
    if (on_call) return on_call(asked);
    return counted(asked.state);
  }

  // Counts in its state what it has seen, and replies with it.
  static policy::PluginStep counted(const boost::json::value& state) {
    const auto seen = state.is_null() ? 1 : state.at("seen").as_int64() + 1;
    return {boost::json::object{{"seen", seen}}, boost::json::object{{"seen", seen}}, {}};
  }

  std::vector<Follower> named{{"visits", true}};
  std::map<std::string, bool, std::less<>> down;
  std::set<std::string> removed;
  std::function<Step(const renewal::Case&, const boost::json::value&, const boost::json::object&)> on_advance;
  std::function<Step(const Asked&)> on_call;
  std::vector<std::string> heard;
  int calls = 0;
};

}  // namespace madoguchi::counter::test
