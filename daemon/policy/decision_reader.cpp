// A decision's JSON read back.
#include "json_reader.hpp"
#include "policy/decision.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_code = 128;
constexpr std::size_t longest_text = 4096;
constexpr std::size_t most_findings = 1000;
constexpr int most_yen = 1'000'000;

const json::object& member(JsonReader& reader, std::string_view name) {
  static const json::object nothing;
  const auto* found = reader.object(name);
  return found == nullptr ? nothing : *found;
}

CertificateDecision read_certificate(const json::object& json, std::string pointer,
                                     JsonComplaint& complaint) {
  JsonReader reader(json, std::move(pointer), complaint);
  CertificateDecision certificate;
  reader.require("action", one_of(names<Action>()));
  certificate.action = reader.word("action", Action::none);
  certificate.new_expires_on = reader.date("new_expires_on");
  reader.finish();
  return certificate;
}

Rule read_rule(const json::object& json, std::string pointer, JsonComplaint& complaint) {
  JsonReader reader(json, std::move(pointer), complaint);
  Rule rule;
  rule.key = reader.text("key", longest_code).value_or("");
  rule.origin.file = reader.text("file", longest_text).value_or("");
  rule.origin.line = static_cast<int>(reader.integer("line", 0, 1'000'000'000).value_or(0));
  rule.origin.column = static_cast<int>(reader.integer("column", 0, 1'000'000'000).value_or(0));
  reader.finish();
  return rule;
}

Text read_message(const json::object& json, std::string pointer, JsonComplaint& complaint) {
  JsonReader reader(json, std::move(pointer), complaint);
  Text text;
  reader.require("ja", "a text");
  reader.require("en", "a text");
  text.ja = reader.text("ja", longest_text).value_or("");
  text.en = reader.text("en", longest_text).value_or("");
  reader.finish();
  return text;
}

Finding read_finding(const json::object& json, const std::string& pointer, JsonComplaint& complaint) {
  JsonReader reader(json, pointer, complaint);
  Finding finding;
  reader.require("code", "a code");
  reader.require("severity", one_of(names<Severity>()));
  finding.code = reader.text("code", longest_code).value_or("");
  finding.severity = reader.word("severity", Severity::block);
  finding.source = reader.text("source", longest_code).value_or("core");
  finding.rule = read_rule(member(reader, "rule"), reader.pointer("rule"), complaint);
  if (const auto* params = reader.object("params")) finding.params = *params;
  finding.message = read_message(member(reader, "message"), reader.pointer("message"), complaint);
  reader.finish();
  return finding;
}

std::vector<Finding> read_findings(JsonReader& reader, JsonComplaint& complaint) {
  std::vector<Finding> findings;
  const auto* list = reader.array("findings", most_findings);
  if (list == nullptr) return findings;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto place = pointer_to("/findings", std::to_string(i));
    const auto* object = (*list)[i].if_object();
    if (object == nullptr) {
      complaint.say(place, "an object");
      break;
    }
    findings.push_back(read_finding(*object, place, complaint));
  }
  return findings;
}

std::vector<std::string> read_missing(JsonReader& reader, JsonComplaint& complaint) {
  std::vector<std::string> missing;
  const auto* list = reader.array("missing", most_findings);
  if (list == nullptr) return missing;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!(*list)[i].is_string()) {
      complaint.say(pointer_to("/missing", std::to_string(i)), "a text");
      break;
    }
    missing.emplace_back((*list)[i].get_string());
  }
  return missing;
}

PolicyName read_name(const json::object& json, JsonComplaint& complaint) {
  JsonReader reader(json, "/policy", complaint);
  PolicyName name;
  name.municipality = reader.text("municipality", longest_code).value_or("");
  name.version = reader.text("version", longest_code).value_or("");
  name.digest = reader.text("digest", longest_code).value_or("");
  reader.finish();
  return name;
}

}  // namespace

base::Result<Decision> parse_decision(const json::object& json) {
  JsonComplaint complaint;
  JsonReader reader(json, "", complaint);
  Decision decision;
  reader.require("outcome", one_of(names<Outcome>()));
  decision.outcome = reader.word("outcome", Outcome::not_today);
  {
    JsonReader certificates(member(reader, "certificates"), "/certificates", complaint);
    for (const auto c : {Certificate::signature, Certificate::authentication}) {
      certificates.require(to_text(c), "the certificate's action");
      const auto& object = member(certificates, to_text(c));
      if (complaint.any()) break;
      decision.certificate(c) = read_certificate(object, certificates.pointer(to_text(c)), complaint);
    }
    if (!complaint.any()) certificates.finish();
  }
  decision.pins_required = reader.words<Pin>("pins_required").value_or(std::vector<Pin>{});
  decision.pin_resets = reader.words<Pin>("pin_resets").value_or(std::vector<Pin>{});
  decision.missing = read_missing(reader, complaint);
  decision.opens_on = reader.date("opens_on");
  decision.next_opening = reader.time("next_opening");
  decision.fee_yen = static_cast<int>(reader.integer("fee_yen", 0, most_yen).value_or(0));
  decision.findings = read_findings(reader, complaint);
  decision.policy = read_name(member(reader, "policy"), complaint);
  reader.finish();
  if (complaint.any()) return complaint.fault();
  return decision;
}

}  // namespace madoguchi::policy
