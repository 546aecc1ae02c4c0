// A decision explained: every rule that was asked, in order, with what it read, what it said and how long it
// took, as a document for people and front ends.
//
//   policy::Trace trace(policy, facts, clock);
//   auto decision = plugins.decide(policy, facts, &trace);   // or policy::decide(..., &trace): core alone
//   reply(policy::explained(trace, *decision));              // {"trace": [...], "decision": {...}}
//
// One entry of the trace: {"rule": "window", "key": "window", "file", "line", "column", "read": {pointer:
// value}, "said": [codes], "nanoseconds"}. A plugin is one rule, "plugins.<name>", which reads all facts
// (pointer ""). Tracing changes no decision, and without a tracer nothing of it is done.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>

#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "policy/trace.hpp"

namespace madoguchi::policy {

class Trace : public Tracer {
 public:
  // Any even clock: only differences count. Without one no times are told.
  using Clock = std::function<std::chrono::nanoseconds()>;
  // `policy` outlives the trace.
  Trace(const Policy& policy, const Facts& facts, Clock clock = {});

  void asked(const RuleAsked& rule) override;
  void answered(const std::vector<std::string>& said) override;

  [[nodiscard]] const boost::json::array& rules() const { return rules_; }

 private:
  const Policy& policy_;
  boost::json::value facts_;
  Clock clock_;
  boost::json::array rules_;
  std::chrono::nanoseconds began_{};
};

boost::json::object explained(const Trace& trace, const Decision& decision);

}  // namespace madoguchi::policy
