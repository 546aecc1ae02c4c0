// <plugin>.<verb>: methods that plugins serve, as rows like core's own.
#include <boost/json/serialize.hpp>
#include <map>

#include "answer.hpp"
#include "families.hpp"

namespace madoguchi::api {
namespace {

namespace json = boost::json;
using base::Code;
using extension::ServedMethod;
using extension::Touches;
using rpc::Param;

rpc::Roles roles_of(const ServedMethod& served) {
  rpc::Roles roles;
  for (const auto& name : served.method.roles) {
    if (const auto role = rpc::role_named(name)) roles = roles | *role;
  }
  return roles;
}

bool requires_it(const json::object& schema, std::string_view name) {
  const auto* required = schema.if_contains("required");
  if (required == nullptr) return false;
  for (const auto& each : required->get_array()) {
    if (each.get_string() == name) return true;
  }
  return false;
}

std::vector<Param> params_of(rpc::MethodTable& table, const ServedMethod& served) {
  std::vector<Param> params;
  if (served.method.touches == Touches::visit) {
    params.push_back(
        {.name = "case", .required = true, .description = "a case's id", .minimum = 1, .maximum = 64});
  }
  const auto& schema = served.method.params.document();
  if (const auto* properties = schema.if_contains("properties")) {
    for (const auto& [name, property] : properties->get_object()) {
      const auto* words = property.get_object().if_contains("description");
      params.push_back({.name = table.keep(std::string(name)),
                        .type = Param::Type::described,
                        .required = requires_it(schema, name),
                        .description = words == nullptr ? std::string_view()
                                                        : table.keep(std::string(words->get_string())),
                        .schema = table.keep(json::serialize(property))});
    }
  }
  if (served.method.states) {
    params.push_back({.name = "cursor",
                      .description = "`next` of the answer before; without it the list begins",
                      .minimum = 1,
                      .maximum = 64});
  }
  if (!served.method.reads) {
    params.push_back({.name = "staff",
                      .required = true,
                      .description = "the front-end's own id of the clerk, for the audit",
                      .minimum = 1,
                      .maximum = 128});
  }
  return params;
}

json::object example_of(const ServedMethod& served) {
  auto example = served.method.params.example().as_object();
  if (served.method.touches == Touches::visit) example["case"] = "261123-7K3F92QD";
  if (!served.method.reads) example["staff"] = "clerk-7";
  return example;
}

std::vector<Code> faults_of(const ServedMethod& served) {
  std::vector<Code> faults{Code::conflict, Code::plugin_failed, Code::plugin_timeout};
  if (served.method.touches == Touches::visit) faults.push_back(Code::not_found);
  const bool stored = served.method.touches != Touches::nothing || served.method.states;
  return stored ? with_storage(std::move(faults)) : faults;
}

base::Result<counter::PluginCall> call_of(const ServedMethod& served, const json::object& given) {
  counter::PluginCall call;
  call.plugin = served.plugin;
  call.verb = served.method.verb;
  call.keeps = served.method.touches == Touches::plugin;
  call.reads = served.method.reads;
  call.states = served.method.states;
  call.params = json::object(given, json::storage_ptr());
  if (served.method.touches == Touches::visit) {
    call.case_id = text(given, "case");
    call.params.erase("case");
  }
  if (call.states) {
    call.cursor = text(given, "cursor");
    call.params.erase("cursor");
  }
  if (!call.reads) {
    call.staff = text(given, "staff");
    call.params.erase("staff");
  }
  if (auto wrong = served.method.params.mismatch(call.params)) {
    return base::make_fault(
        Code::invalid_params, {},
        {{"pointer", std::move(wrong->pointer)}, {"expected", std::move(wrong->expected)}});
  }
  return call;
}

boost::asio::awaitable<Reply> replied(counter::Later<json::value> work) {
  co_return co_await std::move(work);
}

rpc::Method row_of(rpc::MethodTable& table, Parts& parts, const ServedMethod& served) {
  return {.name = table.keep(served.plugin + "." + served.method.verb),
          .summary = table.keep(served.method.summary),
          .roles = roles_of(served),
          .params = params_of(table, served),
          .result = table.keep(json::serialize(served.method.result.document())),
          .faults = faults_of(served),
          .example = table.keep(json::serialize(example_of(served))),
          .handler =
              [&parts, served](const rpc::Caller& by, const json::object& params, rpc::Responder respond) {
                auto call = call_of(served, params);
                if (!call) return respond(call.error());
                call->by = acting(by, params);
                answer(parts.loop, std::move(respond), replied(parts.desk.call(std::move(*call))));
              },
          .reads = served.method.reads};
}

}  // namespace

PluginMethods plugin_methods(rpc::MethodTable& table, Parts& parts,
                             const std::vector<extension::ServedMethod>& methods) {
  std::map<std::string, std::vector<rpc::Method>> by_plugin;
  for (const auto& served : methods) by_plugin[served.plugin].push_back(row_of(table, parts, served));
  PluginMethods all;
  for (auto& [plugin, rows] : by_plugin) {
    auto admitted = table.admit(std::move(rows));
    if (admitted) {
      all.guests.join(std::move(*admitted));
    } else {
      auto fault = admitted.error();
      fault.details["plugin"] = plugin;
      all.refused.push_back(std::move(fault));
    }
  }
  return all;
}

}  // namespace madoguchi::api
