#include "plugin.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "renewal/following.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::faults {
namespace {

using base::Code;
using base::make_fault;

// Counts in its state what it has heard of a case.
constexpr auto counter_of_visits = "visit-counter";

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return make_fault(Code::not_found, path);
  return text.str();
}

// The city's, its plugins left out but this one.
policy::Policy with_this_plugin() {
  constexpr auto shipped = CONFIG_FOLDER "/policy/utsunomiya/policy.yaml";
  auto text = read_file(shipped).value();
  const auto section = text.find("\nplugins:");
  if (section == std::string::npos) throw std::runtime_error("the policy has no plugins any more");
  text.replace(section, std::string::npos, std::string("\nplugins:\n  ") + counter_of_visits + ": {}\n");
  auto policy = settings::load_policy(text, shipped, read_file);
  if (!policy.value) throw std::runtime_error("the policy is no longer valid without its plugins");
  return std::move(*policy.value);
}

}  // namespace

Plugin::Plugin(base::Log& log) {
  extension::HostConfig config;
  config.folder = PLUGIN_FOLDER;
  // In this process: what one that is isolated does to itself depends on how fast the machine is, and is
  // over_pcscd.py's to play.
  config.plugins.push_back({.name = counter_of_visits,
                            .isolate = extension::Isolation::none,
                            .allow_unsigned = true,
                            .deadline = std::chrono::seconds(20)});
  built_ = extension::Plugins::build(config, with_this_plugin(), log);
  for (const auto& refusal : built_.refusals) throw std::runtime_error(refusal);
}

std::vector<counter::PluginPort::Follower> Plugin::followers(const renewal::Case&) {
  std::vector<Follower> all;
  for (auto& follower : built_.plugins->followers())
    all.push_back({std::move(follower.name), follower.needed});
  return all;
}

bool Plugin::configured(const renewal::Case&, const std::string& plugin) {
  return built_.plugins->configured(plugin);
}

base::Result<policy::PluginStep> Plugin::advance(const std::string& plugin, const renewal::Case& visit,
                                                 const boost::json::value& state,
                                                 const boost::json::object& event) {
  if (down && !too_late) return make_fault(Code::plugin_failed, "as drawn", {{"plugin", plugin}});
  auto step = built_.plugins->advance(plugin, renewal::to_plugin(visit), state, event);
  if (down) return make_fault(Code::plugin_timeout, "as drawn", {{"plugin", plugin}});
  return step;
}

base::Result<policy::PluginStep> Plugin::call(const Asked& asked) {
  const auto visit = asked.visit == nullptr ? boost::json::object{} : renewal::to_plugin(*asked.visit);
  return built_.plugins->call(asked.plugin, {asked.verb, asked.params, asked.state, asked.at,
                                             asked.visit == nullptr ? nullptr : &visit, asked.states});
}

}  // namespace madoguchi::faults
