// plugins.*: what strangers' code runs beside the rules, and how it fares.
#include "answer.hpp"
#include "families.hpp"

namespace madoguchi::api {

namespace json = boost::json;
using base::Code;

void add_plugins(rpc::MethodTable& table, Parts& parts) {
  table.add({.name = "plugins.list",
             .summary = "The configured plugins: version, vendor, hooks, isolation, state, calls, failures.",
             .roles = rpc::only(rpc::Role::admin),
             .result = R"({"type":"object","required":["plugins"],"properties":{
                 "plugins":{"type":"array","items":{"$ref":"#/components/schemas/Plugin"}}}})",
             .example = "{}",
             .handler =
                 [&parts](const rpc::Caller&, const json::object&, rpc::Responder respond) {
                   respond(json::value(json::object{{"plugins", parts.plugins()}}));
                 },
             .reads = true});
  table.add(
      {.name = "plugins.reload",
       .summary = "Lets every plugin in anew, with the policy read again; on any fault the old ones stay.",
       .roles = rpc::only(rpc::Role::admin),
       .result = R"({"type":"object","required":["plugins"],"properties":{
                 "plugins":{"type":"array","items":{"$ref":"#/components/schemas/Plugin"}}}})",
       .faults = with_storage({Code::policy_invalid, Code::policy_not_in_force, Code::plugin_failed}),
       .example = "{}",
       .handler = [&parts](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
         if (auto reloaded = parts.reload(acting(by, params)); !reloaded) return respond(reloaded.error());
         respond(json::value(json::object{{"plugins", parts.plugins()}}));
       }});
}

}  // namespace madoguchi::api
