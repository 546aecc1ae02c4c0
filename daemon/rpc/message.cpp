#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

base::Fault refused(std::string_view pointer, std::string_view expected,
                    base::Code code = base::Code::invalid_request) {
  return base::make_fault(code, {}, {{"pointer", pointer}, {"expected", expected}});
}

// False when the member is there but is no id. Numbers with a fraction or beyond int64 could not be given
// back exactly.
bool read_id(const json::object& message, Id& id) {
  const auto* value = message.if_contains("id");
  if (value == nullptr) {
    id = std::monostate();
  } else if (const auto* number = value->if_int64()) {
    id = *number;
  } else if (const auto* text = value->if_string()) {
    id = std::string(*text);
  } else {
    id = nullptr;
    return value->is_null();
  }
  return true;
}

base::Result<void> read_params(const json::object& message, Request& request) {
  static const json::object none;
  const auto* params = message.if_contains("params");
  if (params == nullptr) {
    request.params = &none;
  } else if (params->is_object()) {
    request.params = &params->get_object();
  } else if (params->is_array()) {
    return refused("", "named parameters: an object", base::Code::invalid_params);
  } else {
    return refused("/params", "an object");
  }
  return {};
}

}  // namespace

base::Result<void> read_request(const json::value& message, Request& request) {
  request.id = nullptr;
  const auto* object = message.if_object();
  if (object == nullptr) return refused("", "an object");
  if (!read_id(*object, request.id)) return refused("/id", "a string, an integer of 64 bits or null");
  // Whoever sends something that is no request needs to be told, even without an id.
  const bool notification = absent(request.id);
  const auto invalid = [&](std::string_view pointer, std::string_view expected) {
    if (notification) request.id = nullptr;
    return refused(pointer, expected);
  };
  const auto* version = object->if_contains("jsonrpc");
  if (version == nullptr || !version->is_string() || version->get_string() != "2.0") {
    return invalid("/jsonrpc", "\"2.0\"");
  }
  const auto* method = object->if_contains("method");
  if (method == nullptr || !method->is_string()) return invalid("/method", "a string");
  request.method = method->get_string();
  auto params = read_params(*object, request);
  const std::size_t known = 2U + (object->contains("id") ? 1 : 0) + (object->contains("params") ? 1 : 0);
  request.more = object->size() != known;
  if (!params && notification && params.error().code == base::Code::invalid_request) request.id = nullptr;
  return params;
}

}  // namespace madoguchi::rpc
