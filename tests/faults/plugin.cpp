#include "plugin.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "renewal/following.hpp"
#include "settings/policy_file.hpp"

namespace madoguchi::faults {
namespace {

using base::Code;
using base::make_fault;

constexpr std::chrono::milliseconds patience{400};  // with a process that hangs

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
  text.replace(section, std::string::npos, std::string("\nplugins:\n  ") + plugin_name + ": {}\n");
  auto policy = settings::load_policy(text, shipped, read_file);
  if (!policy.value) throw std::runtime_error("the policy is no longer valid without its plugins");
  return std::move(*policy.value);
}

}  // namespace

Plugin::Plugin(base::Log& log, bool isolated) : log_(log), isolated_(isolated) {
  begin_anew();
}

void Plugin::begin_anew() {
  extension::HostConfig config;
  config.folder = PLUGIN_FOLDER;
  if (isolated_) config.host_program = HOST_PROGRAM;
  config.plugins.push_back({.name = plugin_name,
                            .isolate = isolated_ ? extension::Isolation::process : extension::Isolation::none,
                            .allow_unsigned = true,
                            .allow_without_landlock = true,
                            .deadline = isolated_ ? patience : std::chrono::seconds(20)});
  built_ = {};
  built_ = extension::Plugins::build(config, with_this_plugin(), log_);
  for (const auto& refusal : built_.refusals) throw std::runtime_error(refusal);
}

void Plugin::recover() {
  const auto state = [this] { return std::string(built_.plugins->list().at(0).at("state").as_string()); };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (state() == "waiting") {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the plugin is never asked again");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // nothing tells when its time has come
  }
  if (state() == "quarantined") begin_anew();
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
