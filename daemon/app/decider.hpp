// The policy in force with its plugins, and decisions from them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/log.hpp"
#include "counter/parts.hpp"
#include "extension/plugins.hpp"
#include "policy/policy.hpp"

namespace madoguchi::app {

class Decider {
 public:
  // `path` is a policy file or the folder with policy*.yaml in it, one a version. policy.invalid with
  // details.complaints. A plugin that cannot be let in does not end the daemon: it denies what it would have
  // had to decide.
  static base::Result<std::unique_ptr<Decider>> make(std::filesystem::path path,
                                                     extension::HostConfig plugins, base::Log& log);

  // Reads the file and lets the plugins in again; on any fault, a plugin that is needed included, what was in
  // force stays so. plugin.failed names the plugins.
  base::Result<void> reload();
  // In force at that time.
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy(base::Instant at) const {
    return on(base::date_in_japan(at)).policy;
  }
  [[nodiscard]] const extension::Plugins& plugins(base::Instant at) const {
    return *on(base::date_in_japan(at)).plugins;
  }
  // What the plugins open and close around that time.
  base::Result<std::shared_ptr<const policy::Schedule>> schedule(base::Instant at) const;
  // By the version in force at the time of the visit.
  base::Result<counter::Decided> decide(const boost::json::object& facts, base::Instant received) const;

 private:
  struct Version {
    std::shared_ptr<const policy::Policy> policy;
    std::unique_ptr<extension::Plugins> plugins;
  };
  struct Built {
    std::vector<Version> versions;
    std::vector<std::string> refusals;
  };

  Decider(std::filesystem::path path, extension::HostConfig plugins, base::Log& log)
      : path_(std::move(path)), host_(std::move(plugins)), log_(log) {}
  base::Result<Built> read() const;
  [[nodiscard]] const Version& on(base::Date day) const;

  std::filesystem::path path_;
  extension::HostConfig host_;
  base::Log& log_;
  std::vector<Version> in_force_;  // by their first day; at least one
};

}  // namespace madoguchi::app
