// events.subscribe and events.unsubscribe; the queues are the hub's.
#include "answer.hpp"
#include "families.hpp"

namespace madoguchi::api {
namespace json = boost::json;
using base::Code;
using rpc::Param;

std::vector<server::Topic> topics() {
  return {{"readers", counter_staff},
          {"cases", counter_staff},
          {"policy", counter_staff},
          {"plugins", rpc::Roles{} | rpc::Role::admin},
          {"queue", rpc::all_roles}};
}

void add_events(rpc::MethodTable& table, Parts& parts) {
  table.add(
      {.name = "events.subscribe",
       .summary = "Events of these topics as notifications `events.notify` with params as "
                  "components/schemas/Event, from now on or since a number.",
       .params = {{.name = "topics",
                   .type = Param::Type::array,
                   .description = "all that the caller may hear of unless told, and when the list is empty",
                   .schema = R"({"items":{"$ref":"#/components/schemas/Event/properties/topic"}})"},
                  {.name = "since",
                   .type = Param::Type::integer,
                   .description =
                       "the last sequence number that the caller has seen; a number that never was is "
                       "answered with an event of type resync",
                   .minimum = 0}},
       .result = R"({"type":"object","required":["subscription","seq"],"properties":{
           "subscription":{"type":"integer"},
           "seq":{"type":"integer","description":"of the last event so far, of whatever topic"}}})",
       .faults = {Code::forbidden, Code::overloaded},
       .example = R"({"topics":["cases"],"since":0})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         auto wanted = texts(params, "topics", "a topic's name");
         if (!wanted) return respond(wanted.error());
         parts.hub.subscribe(caller, std::move(*wanted), number(params, "since"), std::move(respond));
       }});
  table.add(
      {.name = "events.unsubscribe",
       .summary = "Ends a subscription of this connection.",
       .params = {{.name = "subscription",
                   .type = Param::Type::integer,
                   .required = true,
                   .description = "what events.subscribe answered"}},
       .result = R"({"type":"object"})",
       .faults = {Code::not_found},
       .example = R"({"subscription":1})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         const auto ended = parts.hub.unsubscribe(caller, *number(params, "subscription"));
         if (!ended) return respond(ended.error());
         respond(json::value(json::object()));
       }});
}

}  // namespace madoguchi::api
