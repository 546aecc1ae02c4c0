// How a decision came about: every rule that was asked, in order, and what it said.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace madoguchi::policy {

struct RuleAsked {
  std::string_view rule;                    // its name, e.g. "window"
  std::string_view key;                     // the part of the policy that it reads
  std::span<const std::string_view> facts;  // JSON pointers of the facts that it reads
};

// Told around every rule; whoever measures time does so here, since the rules know no clock.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual void asked(const RuleAsked& rule) = 0;
  // The codes that it said.
  virtual void answered(const std::vector<std::string>& said) = 0;
};

}  // namespace madoguchi::policy
