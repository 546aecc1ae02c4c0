// The table in the words of OpenRPC 1.2.6 (https://spec.open-rpc.org).
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/code_book.hpp"
#include "rpc/method.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

// What any method may answer, whatever its row says.
constexpr std::array anyones_faults{base::Code::parse_error,      base::Code::invalid_request,
                                    base::Code::method_not_found, base::Code::invalid_params,
                                    base::Code::internal,         base::Code::forbidden,
                                    base::Code::overloaded,       base::Code::shutting_down};

std::string_view type_name(Param::Type type) {
  switch (type) {
    case Param::Type::string:
    case Param::Type::secret:
      return "string";
    case Param::Type::integer:
      return "integer";
    case Param::Type::boolean:
      return "boolean";
    case Param::Type::object:
      return "object";
    case Param::Type::array:
      return "array";
    case Param::Type::described:
      break;
  }
  return {};
}

// `example` is null when the row's example does without this parameter.
json::object schema_of(const Param& param, const json::value* example) {
  if (param.type == Param::Type::described) {
    auto schema = json::parse(param.schema).as_object();
    if (example != nullptr && !schema.contains("examples")) schema["examples"] = json::array{*example};
    return schema;
  }
  json::object schema{{"type", type_name(param.type)}};
  if (!param.schema.empty()) {
    auto more = json::parse(param.schema);
    for (auto& [keyword, value] : more.as_object()) schema[keyword] = std::move(value);
  }
  const bool text = param.type == Param::Type::string;
  if (param.type == Param::Type::secret) {
    schema["format"] = "password";
    schema["writeOnly"] = true;
    return schema;  // nothing else of it is checked here, or told
  }
  if (example != nullptr) schema["examples"] = json::array{*example};
  if (param.minimum) schema[text ? "minLength" : "minimum"] = *param.minimum;
  if (param.maximum) schema[text ? "maxLength" : "maximum"] = *param.maximum;
  if (!param.values.empty()) {
    auto& list = schema["enum"].emplace_array();
    for (const auto value : param.values) list.emplace_back(value);
  }
  return schema;
}

json::array params_of(const Method& row) {
  // Within the schemas: a pair of OpenRPC's own needs a result beside it, which no row can know.
  const auto example = row.example.empty() ? json::value(json::object()) : json::parse(row.example);
  json::array list;
  for (const auto& param : row.params) {
    const auto* value = example.as_object().if_contains(param.name);
    json::object entry{
        {"name", param.name}, {"required", param.required}, {"schema", schema_of(param, value)}};
    if (!param.description.empty()) entry["description"] = param.description;
    list.push_back(std::move(entry));
  }
  return list;
}

// With the shape of its details, where one is defined.
json::object reason_of(const base::CodeEntry& entry, const json::object& shapes) {
  json::object reason{{"reason", entry.reason},
                      {"en", entry.en},
                      {"ja", entry.ja},
                      {"retryable", entry.retry != base::Retry::never}};
  const auto shape = "Details." + std::string(entry.reason);
  if (shapes.contains(shape)) reason["details"] = json::object{{"$ref", "#/components/schemas/" + shape}};
  return reason;
}

// OpenRPC wants each error code once; reasons that share a number stand together in its data.
template <class Codes>
json::array errors_of(const Codes& codes, const json::object& shapes) {
  json::array list;
  for (const auto code : codes) {
    const auto& entry = base::entry(code);
    auto* same = std::find_if(list.begin(), list.end(), [&](const json::value& error) {
      return error.at("code").as_int64() == entry.number;
    });
    if (same == list.end()) {
      list.push_back({{"code", entry.number}, {"message", entry.en}, {"data", {{"reasons", json::array()}}}});
      same = &list.back();
    }
    same->at("data").at("reasons").as_array().push_back(reason_of(entry, shapes));
  }
  return list;
}

json::array roles_of(const Method& row) {
  json::array list;
  for (const auto role : {Role::clerk, Role::supervisor, Role::admin, Role::display}) {
    if (row.roles.has(role)) list.emplace_back(name(role));
  }
  return list;
}

json::object describe(const Method& row, const json::object& shapes) {
  json::object entry{{"name", row.name},
                     {"summary", row.summary},
                     {"paramStructure", "by-name"},
                     {"params", params_of(row)},
                     {"errors", errors_of(row.faults, shapes)},
                     {"x-roles", roles_of(row)},
                     {"x-reads", row.reads}};
  entry["result"] = {{"name", "result"},
                     {"schema", row.result.empty() ? json::value(json::object()) : json::parse(row.result)}};
  return entry;
}

}  // namespace

json::object MethodTable::openrpc(std::string_view title, std::string_view version) const {
  json::array methods;
  for (const auto& row : rows_) methods.push_back(describe(row, shapes_));
  for (const auto& guest : guests_) methods.push_back(describe(guest, shapes_));
  json::object document{{"openrpc", "1.2.6"}, {"info", {{"title", title}, {"version", version}}}};
  document["methods"] = std::move(methods);
  if (!shapes_.empty()) document["components"] = {{"schemas", shapes_}};
  document["x-errors"] = errors_of(anyones_faults, shapes_);
  return document;
}

void add_discover(MethodTable& table, std::string title, std::string version) {
  Method row{
      .name = "rpc.discover",
      .summary = "Describes every method, its parameters, results and errors, as an OpenRPC document.",
      .result = R"({"type":"object","required":["openrpc","info","methods"],"additionalProperties":true,
                 "description":"See spec.open-rpc.org. x-roles: who may call; x-reads: changes nothing; x-errors: what any may answer."})",
      .reads = true};
  row.handler = [&table, title = std::move(title), version = std::move(version)](
                    const Caller&, const json::object&, Responder respond) {
    respond(json::value(table.openrpc(title, version)));
  };
  table.add(std::move(row));
}

}  // namespace madoguchi::rpc
