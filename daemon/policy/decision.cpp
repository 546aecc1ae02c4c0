#include "policy/decision.hpp"

#include <algorithm>

#include "policy/text_json.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

json::object to_json(const CertificateDecision& certificate) {
  json::object object{{"action", json::string_view(to_text(certificate.action))}};
  if (certificate.new_expires_on) object["new_expires_on"] = base::format_date(*certificate.new_expires_on);
  return object;
}

json::object to_json(const Finding& finding) {
  json::object rule{{"key", finding.rule.key}};
  if (!finding.rule.origin.file.empty()) {
    rule["file"] = finding.rule.origin.file;
    rule["line"] = finding.rule.origin.line;
    rule["column"] = finding.rule.origin.column;
  }
  return {{"code", finding.code},     {"severity", json::string_view(to_text(finding.severity))},
          {"source", finding.source}, {"rule", std::move(rule)},
          {"params", finding.params}, {"message", to_json(finding.message)}};
}

json::array to_json(const std::vector<Pin>& pins) {
  json::array list;
  for (const auto pin : pins) list.emplace_back(json::string_view(to_text(pin)));
  return list;
}

}  // namespace

const Finding* Decision::finding(std::string_view code) const {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
  return found == findings.end() ? nullptr : &*found;
}

json::object to_json(const Decision& decision) {
  json::object object{
      {"outcome", json::string_view(to_text(decision.outcome))},
      {"certificates",
       {{"signature", to_json(decision.signature)}, {"authentication", to_json(decision.authentication)}}},
      {"pins_required", to_json(decision.pins_required)},
      {"pin_resets", to_json(decision.pin_resets)},
  };
  json::array missing;
  for (const auto& name : decision.missing) missing.emplace_back(name);
  object["missing"] = std::move(missing);
  if (decision.opens_on) object["opens_on"] = base::format_date(*decision.opens_on);
  if (decision.next_opening) object["next_opening"] = base::format_time(*decision.next_opening);
  object["fee_yen"] = decision.fee_yen;
  json::array findings;
  for (const auto& finding : decision.findings) findings.emplace_back(to_json(finding));
  object["findings"] = std::move(findings);
  object["policy"] = json::object{{"municipality", decision.policy.municipality},
                                  {"version", decision.policy.version},
                                  {"digest", decision.policy.digest}};
  return object;
}

}  // namespace madoguchi::policy
