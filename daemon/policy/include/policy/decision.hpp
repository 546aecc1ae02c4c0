// Facts and a policy in, the decision of contract/decision.md out, with every reason and where its rule
// stands.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/result.hpp"
#include "policy/facts.hpp"
#include "policy/outlook.hpp"
#include "policy/policy.hpp"
#include "policy/schedule.hpp"
#include "policy/trace.hpp"
#include "policy/vocabulary.hpp"

namespace madoguchi::policy {

struct CertificateDecision {
  Action action = Action::none;
  // A preview: the authoritative day is in the certificate that comes back.
  std::optional<base::Date> new_expires_on;
  bool operator==(const CertificateDecision&) const = default;
};

// The rule that spoke: its key path in the policy and where that stands.
struct Rule {
  std::string key;
  Origin origin;
  bool operator==(const Rule&) const = default;
};

struct Finding {
  std::string code;
  Severity severity = Severity::info;
  std::string source = "core";  // or the plugin's name
  Rule rule;
  boost::json::object params;
  Text message;  // says what to do next
  bool operator==(const Finding&) const = default;
};

struct PolicyName {
  std::string municipality;
  std::string version;
  std::string digest;
  bool operator==(const PolicyName&) const = default;
};

struct Decision {
  Outcome outcome = Outcome::not_today;
  CertificateDecision signature;
  CertificateDecision authentication;
  std::vector<Pin> pins_required;  // in the order in which they are asked
  std::vector<Pin> pin_resets;
  std::vector<std::string> missing;
  std::optional<base::Date> opens_on;
  std::optional<base::Instant> next_opening;
  int fee_yen = 0;
  std::vector<Finding> findings;  // the most severe first
  PolicyName policy;

  [[nodiscard]] const CertificateDecision& certificate(Certificate c) const {
    return c == Certificate::signature ? signature : authentication;
  }
  CertificateDecision& certificate(Certificate c) {
    return c == Certificate::signature ? signature : authentication;
  }
  // The first finding with that code; nullptr if none spoke.
  [[nodiscard]] const Finding* finding(std::string_view code) const;
  bool operator==(const Decision&) const = default;
};

// Core's own decision, complete in itself; merge() in policy/contribution.hpp adds what plugins say. Total:
// any facts that check_facts() accepts lead to a decision. `changes` is what plugins open and close.
// `outlook` knows the versions that come after this one, by which the days to come are told.
Decision decide(const Policy& policy, const Facts& facts, const Schedule& changes = {},
                Tracer* tracer = nullptr, const Outlook& outlook = {});

// Whether the holder cannot act alone: below the age of capacity, or an adult ward.
bool needs_representative(const Policy& policy, const Facts& facts);
// The visitor's role as the rules take it: a "legal representative" of somebody who may not be represented is
// a proxy like any other.
Role acting_role(const Policy& policy, const Facts& facts);

boost::json::object to_json(const Decision& decision);
// The other way round, for stored decisions and for plugins' tests; invalid_params with details.pointer.
base::Result<Decision> parse_decision(const boost::json::object& json);

// The codes of core's own findings, and the {parameters} that a city's text for a code may name; empty for a
// code that core does not use.
std::vector<std::string_view> core_codes();
std::vector<std::string> text_parameters(std::string_view code);

}  // namespace madoguchi::policy
