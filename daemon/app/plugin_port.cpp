#include "plugin_port.hpp"

#include "counter/reception.hpp"
#include "renewal/following.hpp"

namespace madoguchi::app {

extension::Plugins& DecidersPlugins::plugins_of(const renewal::Case& visit) const {
  return decider_.plugins_for(counter::decided_by(visit), visit.facts, visit.received_at);
}

boost::json::object DecidersPlugins::told_of(const renewal::Case& visit) const {
  auto told = renewal::to_plugin(visit);
  auto context = decider_.context_for(counter::decided_by(visit), visit.facts, visit.received_at);
  if (!context.empty()) told["context"] = std::move(context);
  return told;
}

std::vector<counter::PluginPort::Follower> DecidersPlugins::followers(const renewal::Case& visit) {
  std::vector<Follower> all;
  for (auto& follower : plugins_of(visit).followers())
    all.push_back({std::move(follower.name), follower.needed});
  return all;
}

bool DecidersPlugins::configured(const renewal::Case& visit, const std::string& plugin) {
  return plugins_of(visit).configured(plugin);
}

base::Result<policy::PluginStep> DecidersPlugins::advance(const std::string& plugin,
                                                          const renewal::Case& visit,
                                                          const boost::json::value& state,
                                                          const boost::json::object& event) {
  return plugins_of(visit).advance(plugin, told_of(visit), state, event);
}

base::Result<policy::PluginStep> DecidersPlugins::call(const Asked& asked) {
  extension::CallRequest request{asked.verb, asked.params, asked.state, asked.at, nullptr, asked.states};
  if (asked.visit == nullptr) {
    const auto offices = decider_.offices(asked.at);
    request.offices = offices ? &*offices : nullptr;
    return decider_.plugins_for({}, {}, asked.at).call(asked.plugin, request);
  }
  const auto visit = told_of(*asked.visit);
  request.visit = &visit;
  return plugins_of(*asked.visit).call(asked.plugin, request);
}

}  // namespace madoguchi::app
