#include "findings.hpp"

#include <algorithm>
#include <string_view>

namespace proxy_two_visit {

std::vector<std::string> reasons_in(const json::object& decision) {
  constexpr std::string_view ours = "proxy.";
  std::vector<std::string> reasons;
  for (const auto& item : decision.at("findings").as_array()) {
    const auto& finding = item.as_object();
    if (finding.at("source").as_string() != MADOGUCHI_PLUGIN_NAME) continue;
    if (finding.at("severity").as_string() != "second_visit") continue;
    reasons.emplace_back(std::string_view(finding.at("code").as_string()).substr(ours.size()));
  }
  return reasons;
}

std::vector<std::string> unmatched_pins(const json::object& decision) {
  std::vector<std::string> pins;
  for (const auto& item : decision.at("findings").as_array()) {
    const auto& finding = item.as_object();
    if (finding.at("code").as_string() != "proxy.pin_mismatch") continue;
    for (const auto& pin : finding.at("params").at("pins").as_array()) pins.emplace_back(pin.as_string());
  }
  return pins;
}

bool renewed_elsewhere(const json::object& decision) {
  const auto& outcome = decision.at("outcome").as_string();
  if (outcome == "two_visits" || outcome == "complete_today") return false;
  const auto& certificates = decision.at("certificates").as_object();
  const bool left = std::any_of(certificates.begin(), certificates.end(), [](const auto& each) {
    return each.value().as_object().at("action").as_string() != "none";
  });
  const auto& findings = decision.at("findings").as_array();
  return !left && std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.as_object().at("code").as_string() == "certificate.renewed_elsewhere";
  });
}

}  // namespace proxy_two_visit
