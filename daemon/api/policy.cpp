// policy.evaluate, policy.info and policy.reload: what the rules say, without a card and without a case.
#include "answer.hpp"
#include "families.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using rpc::Param;

Reply evaluate(Parts& parts, const json::object& params) {
  auto decided = parts.decide(object(params, "facts"), parts.clock.now());
  if (!decided) return about_facts(decided.error());
  return json::value(std::move(decided->decision));
}

json::object info(const policy::Policy& policy) {
  json::array offices;
  for (const auto& office : policy.offices) {
    offices.push_back(json::object{{"office", office.id},
                                   {"name", json::object{{"ja", office.name.ja}, {"en", office.name.en}}}});
  }
  return {{"municipality", policy.municipality.id},
          {"version", policy.version},
          {"digest", policy.digest},
          {"offices", std::move(offices)}};
}

}  // namespace

void add_policy(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "policy.evaluate",
       .summary = "Facts in, decision out; no card needed.",
       .roles = counter_staff,
       .params = {{.name = "facts",
                   .type = Param::Type::object,
                   .required = true,
                   .description = "contract/decision.md: what is known at the counter"}},
       .result = R"({"type":"object","required":["outcome","certificates","findings","policy"]})",
       .faults = {base::Code::plugin_failed, base::Code::plugin_timeout},
       .example =
           R"({"facts":{"office":"citizens-division","holder":{"birth_date":"1980-04-10"},"card":{"expires_on":"2031-04-10"},"certificates":{"authentication":{"state":"valid","expires_on":"2026-04-10"}}}})",
       .handler = [&parts](const rpc::Caller&, const json::object& params,
                           rpc::Responder respond) { respond(evaluate(parts, params)); },
       .reads = true});
  table.add({.name = "policy.info",
             .summary = "The policy in force: municipality, version, digest, offices.",
             .roles = counter_staff,
             .result = R"({"type":"object","required":["municipality","version","digest"]})",
             .example = "{}",
             .handler = [&parts](const rpc::Caller&, const json::object&,
                                 rpc::Responder respond) { respond(json::value(info(*parts.policy()))); },
             .reads = true});
  table.add({.name = "policy.reload",
             .summary = "Reads the policy again, plugins included; on any fault what was in force stays so.",
             .roles = rpc::only(rpc::Role::admin),
             .result = R"({"type":"object","required":["municipality","version","digest"]})",
             .faults = {base::Code::policy_invalid, base::Code::plugin_failed},
             .example = "{}",
             .handler = [&parts](const rpc::Caller&, const json::object&, rpc::Responder respond) {
               if (auto reloaded = parts.reload(); !reloaded) return respond(reloaded.error());
               respond(json::value(info(*parts.policy())));
             }});
}

}  // namespace madoguchi::api
