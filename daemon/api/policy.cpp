// policy.evaluate, policy.explain, policy.info and policy.reload: what the rules say, without a card and
// without a case.
#include "answer.hpp"
#include "families.hpp"
#include "policy/text_json.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;

Reply evaluate(Parts& parts, const json::object& params) {
  auto decided = parts.decide(object(params, "facts"), parts.clock.now());
  if (!decided) return about_facts(decided.error());
  return json::value(std::move(decided->decision));
}

Reply explain(Parts& parts, const json::object& params) {
  auto explained = parts.explain(object(params, "facts"), parts.clock.now());
  if (!explained) return about_facts(explained.error());
  return json::value(std::move(*explained));
}

json::object info(const policy::Policy& policy) {
  json::array offices;
  for (const auto& office : policy.offices) {
    offices.push_back(json::object{{"office", office.id}, {"name", policy::to_json(office.name)}});
  }
  json::object all{{"municipality", policy.municipality.id},
                   {"version", policy.version},
                   {"digest", policy.digest},
                   {"offices", std::move(offices)}};
  if (!policy.municipality.code.empty()) all["municipality_code"] = policy.municipality.code;
  if (!policy.source.empty()) all["source"] = policy.source;
  if (policy.effective_from) all["effective_from"] = base::format_date(*policy.effective_from);
  if (policy.effective_to) all["effective_to"] = base::format_date(*policy.effective_to);
  return all;
}

Reply in_force(const Parts& parts) {
  const auto policy = parts.policy(parts.clock.now());
  if (!policy) return policy.error();
  auto told = info(**policy);
  told["notices"] = parts.notices();
  return json::value(std::move(told));
}

constexpr std::string_view facts_example =
    R"({"facts":{"office":"citizens-division","holder":{"birth_date":"1980-04-10"},"card":{"expires_on":"2031-04-10"},"certificates":{"authentication":{"state":"valid","expires_on":"2026-04-10"}}}})";

}  // namespace

void add_policy(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "policy.evaluate",
       .summary = "Facts in, decision out; no card needed.",
       .roles = counter_staff,
       .params = {facts_param("what is known at the counter")},
       .result = R"({"$ref":"#/components/schemas/Decision"})",
       .faults = {base::Code::policy_not_in_force, base::Code::plugin_failed, base::Code::plugin_timeout},
       .example = facts_example,
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(evaluate(parts, params)); },
       .reads = true});
  table.add(
      {.name = "policy.explain",
       .summary = "The same with its trace: every rule asked, what it read and said, how long it took.",
       .roles = counter_staff,
       .params = {facts_param("what is known at the counter")},
       .result = R"({"type":"object","required":["trace","decision"],"properties":{
           "decision":{"$ref":"#/components/schemas/Decision"},
           "trace":{"type":"array","items":{"type":"object","required":["rule","read","said"],"properties":{
             "rule":{"type":"string"},"key":{"type":"string","description":"key path in the policy"},
             "file":{"type":"string"},"line":{"type":"integer"},"column":{"type":"integer"},
             "read":{"type":"object","additionalProperties":true,"description":"facts by their JSON pointer"},
             "said":{"type":"array","items":{"type":"string"},"description":"codes of findings"},
             "nanoseconds":{"type":"integer"}}}}}})",
       .faults = {base::Code::policy_not_in_force, base::Code::plugin_failed, base::Code::plugin_timeout},
       .example = facts_example,
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(explain(parts, params)); },
       .reads = true});
  table.add(
      {.name = "policy.info",
       .summary =
           "The policy in force: municipality, version, digest, offices, and what it is remarked upon for.",
       .roles = counter_staff,
       .result = R"({"$ref":"#/components/schemas/PolicyInForce"})",
       .faults = {base::Code::policy_not_in_force},
       .example = "{}",
       .handler = [&parts](const rpc::Caller&, const json::object&,
                           rpc::Responder respond) { respond(in_force(parts)); },
       .reads = true});
  table.add({.name = "policy.reload",
             .summary = "Reads the policy again, plugins included; on any fault what was in force stays so.",
             .roles = rpc::only(rpc::Role::admin),
             .result = R"({"$ref":"#/components/schemas/PolicyInForce"})",
             .faults = with_storage(
                 {base::Code::policy_invalid, base::Code::policy_not_in_force, base::Code::plugin_failed}),
             .example = "{}",
             .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
               if (auto reloaded = parts.reload(acting(by, params)); !reloaded)
                 return respond(reloaded.error());
               respond(in_force(parts));
             }});
}

}  // namespace madoguchi::api
