// The policy in force with its plugins, and decisions from them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "counter/parts.hpp"
#include "extension/plugins.hpp"
#include "policy/policy.hpp"

namespace madoguchi::app {

class Decider {
 public:
  // `path` is a policy file or the folder that holds policy.yaml. policy.invalid with details.complaints. A
  // plugin that cannot be let in does not end the daemon: it denies what it would have had to decide.
  static base::Result<std::unique_ptr<Decider>> make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log);

  // Reads the file and lets the plugins in again; on any fault, a plugin that is needed included, what was in
  // force stays so. plugin.failed names the plugins.
  base::Result<void> reload();
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy() const { return policy_; }
  [[nodiscard]] const extension::Plugins& plugins() const { return *plugins_; }
  base::Result<counter::Decided> decide(const boost::json::object& facts, base::Instant received) const;

 private:
  Decider(std::filesystem::path path, extension::HostConfig plugins, base::Log& log)
      : path_(std::move(path)), host_(std::move(plugins)), log_(log) {}
  base::Result<extension::Plugins::Built> read(std::shared_ptr<const policy::Policy>& policy) const;

  std::filesystem::path path_;
  extension::HostConfig host_;
  base::Log& log_;
  std::shared_ptr<const policy::Policy> policy_;
  std::unique_ptr<extension::Plugins> plugins_;
};

}  // namespace madoguchi::app
