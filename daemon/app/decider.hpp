// The policy in force, and decisions from it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "counter/parts.hpp"
#include "policy/policy.hpp"

namespace madoguchi::app {

class Decider {
 public:
  // `path` is a policy file or the folder that holds policy.yaml. policy.invalid with details.complaints.
  static base::Result<std::unique_ptr<Decider>> make(std::filesystem::path path);

  // Reads the file again; on any fault what was in force stays so.
  base::Result<void> reload();
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy() const { return policy_; }
  base::Result<counter::Decided> decide(const boost::json::object& facts, base::Instant received) const;

 private:
  std::filesystem::path path_;
  std::shared_ptr<const policy::Policy> policy_;
};

}  // namespace madoguchi::app
