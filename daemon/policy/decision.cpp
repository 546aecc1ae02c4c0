#include "policy/decision.hpp"

#include <algorithm>

#include "json_reader.hpp"

namespace madoguchi::policy {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 4096;
constexpr std::size_t most_findings = 1024;

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
          {"params", finding.params}, {"message", {{"ja", finding.message.ja}, {"en", finding.message.en}}}};
}

json::array to_json(const std::vector<Pin>& pins) {
  json::array list;
  for (const auto pin : pins) list.emplace_back(json::string_view(to_text(pin)));
  return list;
}

class DecisionReader {
 public:
  base::Result<Decision> read(const json::object& json) {
    Decision decision;
    JsonReader reader(json, "", complaint_);
    decision.outcome = required<Outcome>(reader, "outcome");
    certificates(section(reader, "certificates"), decision);
    decision.pins_required = reader.words<Pin>("pins_required").value_or(std::vector<Pin>{});
    decision.pin_resets = reader.words<Pin>("pin_resets").value_or(std::vector<Pin>{});
    decision.missing = missing(reader);
    decision.opens_on = reader.date("opens_on");
    decision.next_opening = reader.time("next_opening");
    decision.fee_yen = static_cast<int>(reader.integer("fee_yen", 0, 1'000'000).value_or(0));
    decision.findings = findings(reader);
    decision.policy = policy(section(reader, "policy"));
    reader.finish();
    if (complaint_.any()) {
      return base::make_fault(base::Code::internal, "not a decision: " + complaint_.fault().inner);
    }
    return decision;
  }

 private:
  template <class Word>
  Word required(JsonReader& reader, std::string_view name) {
    reader.require(name, one_of(names<Word>()));
    return reader.word(name, Word{});
  }

  const json::object& section(JsonReader& reader, std::string_view name) {
    static const json::object nothing;
    reader.require(name, "an object");
    const auto* found = reader.object(name);
    return found == nullptr ? nothing : *found;
  }

  void certificates(const json::object& json, Decision& decision) {
    JsonReader reader(json, "/certificates", complaint_);
    for (const auto c : {Certificate::signature, Certificate::authentication}) {
      JsonReader one(section(reader, to_text(c)), reader.pointer(to_text(c)), complaint_);
      decision.certificate(c).action = required<Action>(one, "action");
      decision.certificate(c).new_expires_on = one.date("new_expires_on");
      one.finish();
    }
    reader.finish();
  }

  std::vector<std::string> missing(JsonReader& reader) {
    std::vector<std::string> all;
    const auto* list = reader.array("missing", most_findings);
    if (list == nullptr) return all;
    for (const auto& item : *list) {
      if (!item.is_string()) {
        reader.complain("missing", "a list of texts");
        break;
      }
      all.emplace_back(item.get_string());
    }
    return all;
  }

  std::vector<Finding> findings(JsonReader& reader) {
    std::vector<Finding> all;
    const auto* list = reader.array("findings", most_findings);
    if (list == nullptr) return all;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto place = pointer_to("/findings", std::to_string(i));
      const auto* object = (*list)[i].if_object();
      if (object == nullptr) {
        complaint_.say(place, "an object");
        break;
      }
      all.push_back(finding(*object, place));
    }
    return all;
  }

  Finding finding(const json::object& json, const std::string& place) {
    JsonReader reader(json, place, complaint_);
    Finding finding;
    reader.require("code", "a code");
    finding.code = reader.text("code", longest_text).value_or("");
    finding.severity = required<Severity>(reader, "severity");
    finding.source = reader.text("source", longest_text, 0).value_or("core");
    finding.rule = rule(section(reader, "rule"), reader.pointer("rule"));
    if (const auto* params = reader.object("params")) finding.params = *params;
    JsonReader message(section(reader, "message"), reader.pointer("message"), complaint_);
    finding.message.ja = message.text("ja", longest_text, 0).value_or("");
    finding.message.en = message.text("en", longest_text, 0).value_or("");
    message.finish();
    reader.finish();
    return finding;
  }

  Rule rule(const json::object& json, std::string place) {
    constexpr std::int64_t longest_file = 10'000'000;
    JsonReader reader(json, std::move(place), complaint_);
    Rule rule;
    rule.key = reader.text("key", longest_text, 0).value_or("");
    rule.origin.file = reader.text("file", longest_text, 0).value_or("");
    rule.origin.line = static_cast<int>(reader.integer("line", 0, longest_file).value_or(0));
    rule.origin.column = static_cast<int>(reader.integer("column", 0, longest_file).value_or(0));
    reader.finish();
    return rule;
  }

  PolicyName policy(const json::object& json) {
    JsonReader reader(json, "/policy", complaint_);
    PolicyName name;
    name.municipality = reader.text("municipality", longest_text, 0).value_or("");
    name.version = reader.text("version", longest_text, 0).value_or("");
    name.digest = reader.text("digest", longest_text, 0).value_or("");
    reader.finish();
    return name;
  }

  JsonComplaint complaint_;
};

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

base::Result<Decision> parse_decision(const json::object& json) {
  return DecisionReader().read(json);
}

}  // namespace madoguchi::policy
