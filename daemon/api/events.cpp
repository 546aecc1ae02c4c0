// events.subscribe and events.unsubscribe; the queues are the hub's.
#include "answer.hpp"
#include "families.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;
using rpc::Param;

base::Result<std::vector<std::string>> topics_of(const json::object& params) {
  std::vector<std::string> topics;
  const auto* given = params.if_contains("topics");
  if (given == nullptr) return topics;
  for (std::size_t i = 0; i < given->get_array().size(); ++i) {
    const auto& item = given->get_array()[i];
    if (!item.is_string()) {
      return base::make_fault(Code::invalid_params, {},
                              {{"pointer", "/topics/" + std::to_string(i)}, {"expected", "a topic's name"}});
    }
    topics.emplace_back(item.get_string());
  }
  return topics;
}

}  // namespace

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
       .summary = "Events of these topics as notifications `events.notify`, from now on or since a number.",
       .params = {{.name = "topics",
                   .type = Param::Type::array,
                   .description =
                       "readers, cases, policy, plugins, queue; all that the caller may hear of unless told"},
                  {.name = "since",
                   .type = Param::Type::integer,
                   .description = "the last sequence number that the caller has seen",
                   .minimum = 0}},
       .result = R"({"type":"object","required":["subscription","seq"]})",
       .faults = {Code::forbidden, Code::overloaded},
       .example = R"({"topics":["cases"],"since":0})",
       .handler = [&parts](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         auto wanted = topics_of(params);
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
