#include "rules.hpp"

#include "policy/contribution.hpp"

namespace madoguchi::policy_tools {

struct Rules::Plugins {};

Rules::Rules(const Setting&, const policy::Policy& policy) : policy_(policy) {
  for (const auto& [name, section] : policy.plugins) {
    const auto at = section.origin("");
    notices_.push_back({at.file, {at.line, at.column}, "plugins." + name, "this plugin is not asked here"});
  }
}

Rules::~Rules() = default;

base::Result<policy::Decision> Rules::decide(const policy::Facts& facts, policy::Tracer* tracer) {
  return policy::decide(policy_, facts, {}, tracer);
}

}  // namespace madoguchi::policy_tools
