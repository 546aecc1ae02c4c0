// The configured plugins beside one policy: admitted, checked, asked; every silence a denial.
#pragma once

#include <boost/json/array.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "extension/manifest.hpp"
#include "extension/requests.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "policy/policy.hpp"

namespace madoguchi::extension {

enum class Isolation : std::uint8_t { none, process };
inline constexpr std::array<std::string_view, 2> isolation_names{"none", "process"};

struct PluginConfig {
  std::string name;
  Isolation isolate = Isolation::process;
  bool allow_unsigned = false;
  // Isolated even where the kernel cannot keep it from reading the daemon's files while it loads.
  bool allow_without_landlock = false;
  // False is allowed only for a plugin that neither decides nor schedules: without it the daemon is merely
  // degraded.
  bool critical = true;
  std::chrono::milliseconds deadline{250};            // of one call
  std::size_t memory_bytes = std::size_t{128} << 20;  // of an isolated one's process
};

struct HostConfig {
  std::filesystem::path folder;                        // the one place that plugins are read from
  std::vector<std::filesystem::path> trusted_vendors;  // certificates, PEM
  // madoguchi-plugin-host: runs the isolated ones, and looks at the others before they are loaded here; empty
  // in a program that may well end with a plugin.
  std::filesystem::path host_program;
  std::vector<PluginConfig> plugins;
  // All plugins together, for one decision: whoever would be asked later denies it, and is not held to be
  // ill.
  std::chrono::milliseconds decision_time{10'000};
  // Told after each exchange with a plugin, so that a watchdog knows a caller that waits from one that hangs.
  std::function<void()> progress;
};

// About a plugin's section of the policy file.
struct SectionRemark {
  policy::Origin origin;
  std::string key;  // "plugins.<name>..." as a key path
  std::string message;
};

class Plugins {
 public:
  struct Built {
    std::unique_ptr<Plugins> plugins;       // never null
    std::vector<SectionRemark> complaints;  // any of these: the policy is not valid
    std::vector<SectionRemark> notices;
    std::vector<std::string> refusals;  // "name: reason" of plugins that are needed and not there
  };
  // Always gives a set: a plugin that could not be let in stands in it as refused, and every decision that
  // needs it is denied. `policy` gives the sections and outlives the call only.
  static Built build(const HostConfig& config, const policy::Policy& policy, base::Log& log);
  ~Plugins();

  // The whole decision: what plugins open and close, core's own, what plugins add, merged. plugin_failed or
  // plugin_timeout with details.plugin when one of them gave no explicit answer. Not from several threads at
  // once. `tracer` is told of core's rules and then of every plugin that decides, as one rule. `outlook` as
  // for core's; `so_far` is about the case that it is for, if any.
  base::Result<policy::Decision> decide(const policy::Policy& policy, const policy::Facts& facts,
                                        policy::Tracer* tracer = nullptr, const policy::Outlook& outlook = {},
                                        const policy::CaseSoFar& so_far = {});
  // What they open and close from the beginning of that year to the end of the next; as decide() when one
  // that has to do with it is not there.
  base::Result<std::shared_ptr<const policy::Schedule>> schedule(const policy::Policy& policy,
                                                                 std::chrono::year year);

  // Every finding that they may say.
  [[nodiscard]] std::vector<std::string> codes() const;
  // Those that follow cases (hook `advance`), in the order of the configuration. Without one that is not
  // `needed` a case goes on.
  struct Follower {
    std::string name;
    bool needed = true;
  };
  [[nodiscard]] std::vector<Follower> followers() const;
  // Let in or not.
  [[nodiscard]] bool configured(std::string_view plugin) const;
  // plugin_failed or plugin_timeout with details.plugin, as decide(). `visit` is the case as plugins are told
  // of it, `state` what this one keeps about it.
  base::Result<policy::PluginStep> advance(std::string_view plugin, const boost::json::object& visit,
                                           const boost::json::value& state, const boost::json::object& event);

  // The methods that they serve, of those that were let in.
  [[nodiscard]] std::vector<ServedMethod> methods() const;
  // Also conflict, with details {plugin, ja, en}, when the plugin refuses; method_not_found.
  base::Result<policy::PluginStep> call(std::string_view plugin, const CallRequest& asked);

  // For plugins.list.
  [[nodiscard]] boost::json::array list() const;
  // Another number whenever list() has something else to tell, the memory of their processes aside.
  [[nodiscard]] std::uint64_t revision() const;
  // For system.health: {state, refused?: [...]}.
  [[nodiscard]] boost::json::object health() const;

 private:
  struct Inside;
  explicit Plugins(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace madoguchi::extension
