#include "coverage.hpp"

#include <algorithm>

namespace madoguchi::policy_tools {
namespace {

using policy::AcceptedDocument;

std::string item(const std::string& list, std::size_t i) {
  return list + "[" + std::to_string(i) + "]";
}

const std::vector<std::pair<std::string, std::vector<AcceptedDocument> policy::DocumentRules::*>>&
accepted() {
  static const std::vector<std::pair<std::string, std::vector<AcceptedDocument> policy::DocumentRules::*>>
      all{{"documents.identity", &policy::DocumentRules::identity},
          {"documents.photo_identity", &policy::DocumentRules::photo_identity}};
  return all;
}

std::vector<std::string> keys_of(const policy::Policy& policy) {
  std::vector<std::string> keys;
  for (const auto& office : policy.offices) {
    keys.push_back(office.key);
    for (std::size_t i = 0; i < office.seasons.size(); ++i) keys.push_back(item(office.key + ".seasons", i));
    for (const auto& rule : office.reservations) keys.push_back(rule.key);
  }
  for (const auto& rule : policy.crowding) keys.push_back(rule.key);
  for (const auto& [key, list] : accepted()) {
    for (std::size_t i = 0; i < (policy.documents.*list).size(); ++i) keys.push_back(item(key, i));
  }
  return keys;
}

}  // namespace

void Coverage::expect(const policy::Policy& policy, const std::vector<std::string>& plugin_codes) {
  for (const auto code : policy::core_codes()) codes_.emplace(code);
  codes_.insert(plugin_codes.begin(), plugin_codes.end());
  for (const auto& key : keys_of(policy)) rules_.emplace(key, policy.origin(key));
}

void Coverage::count(const policy::Policy& policy, const policy::Facts& facts,
                     const policy::Decision& decision) {
  for (const auto& finding : decision.findings) {
    said_.insert(finding.code);
    asked_.insert(finding.rule.key);
  }
  const auto day = base::date_in_japan(facts.at);
  if (const auto* office = policy.office(facts.office)) {
    asked_.insert(office->key);
    for (std::size_t i = 0; i < office->seasons.size(); ++i) {
      if (office->seasons[i].when.contains(day)) asked_.insert(item(office->key + ".seasons", i));
    }
  }
  for (const auto& [key, list] : accepted()) {
    const auto& documents = policy.documents.*list;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const bool brought =
          std::any_of(facts.documents.begin(), facts.documents.end(),
                      [&](const policy::Document& document) { return document.type == documents[i].type; });
      if (brought) asked_.insert(item(key, i));
    }
  }
}

std::vector<std::string> Coverage::never_said() const {
  std::vector<std::string> codes;
  std::set_difference(codes_.begin(), codes_.end(), said_.begin(), said_.end(), std::back_inserter(codes));
  return codes;
}

std::vector<policy::Rule> Coverage::never_asked() const {
  std::vector<policy::Rule> rules;
  for (const auto& [key, origin] : rules_) {
    if (!asked_.contains(key)) rules.push_back({key, origin});
  }
  return rules;
}

}  // namespace madoguchi::policy_tools
