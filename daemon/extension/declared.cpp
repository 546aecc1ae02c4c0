#include "declared.hpp"

#include <algorithm>
#include <iterator>

#include "documents.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using namespace documents;

constexpr std::size_t most_methods = 64;
constexpr std::string_view roles_known[] = {"clerk", "supervisor", "admin", "display"};
// What the daemon adds to a method's parameters by itself.
constexpr std::string_view reserved[] = {"case", "staff"};

template <class List>
bool among(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool is_verb(std::string_view verb) {
  const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !verb.empty() && verb.front() >= 'a' && verb.front() <= 'z' &&
         std::all_of(verb.begin(), verb.end(), part);
}

Schema read_schema(const json::object& object, std::string_view key) {
  auto schema = Schema::read(object_of(member(object, key), key));
  if (!schema) throw Wrong(std::string(key) + ": " + schema.error().inner);
  return std::move(*schema);
}

Schema read_params(const json::object& object) {
  auto schema = read_schema(object, "params");
  const auto& document = schema.document();
  const auto* type = document.if_contains("type");
  const auto* open = document.if_contains("additionalProperties");
  if (type == nullptr || *type != "object" || open == nullptr || *open != false)
    throw Wrong("params: not of type \"object\" with additionalProperties: false");
  if (const auto* properties = document.if_contains("properties")) {
    for (const auto& property : properties->get_object()) {
      if (among(reserved, property.key()))
        throw Wrong("params: \"" + std::string(property.key()) +
                    "\" is added by the daemon where it is needed");
    }
  }
  return schema;
}

Touches read_touches(const json::object& object) {
  const auto word = text(object, "touches");
  const auto found = std::find(touches_names.begin(), touches_names.end(), word);
  if (found == touches_names.end()) throw Wrong("touches: not case, plugin or nothing");
  return static_cast<Touches>(found - touches_names.begin());
}

// A list is of no case, and what it lists stays as it is.
bool read_states(const json::object& object, const DeclaredMethod& method) {
  const auto* states = object.if_contains("states");
  if (states == nullptr) return false;
  if (*states != "cases") throw Wrong("states: not cases");
  if (method.touches == Touches::visit || !method.reads)
    throw Wrong("states: only of a method that reads, and touches no case");
  const auto* properties = method.params.document().if_contains("properties");
  if (properties != nullptr && properties->get_object().contains("cursor"))
    throw Wrong("params: \"cursor\" is added by the daemon where states are read");
  return true;
}

DeclaredMethod read_method(const json::object& object) {
  only(object, {"verb", "summary", "params", "result", "roles", "touches", "reads", "states"});
  DeclaredMethod method;
  method.verb = text(object, "verb", longest_name);
  if (!is_verb(method.verb)) throw Wrong("verb: not of lower-case letters, digits and '_'");
  method.summary = text(object, "summary");
  if (method.summary.empty()) throw Wrong("summary: empty");
  method.params = read_params(object);
  method.result = read_schema(object, "result");
  for (const auto& item : list(object, "roles", std::size(roles_known))) {
    method.roles.push_back(text_of(item, "roles"));
    if (!among(roles_known, method.roles.back())) throw Wrong("roles: a role that there is not");
  }
  if (method.roles.empty()) throw Wrong("roles: nobody could call it");
  method.touches = read_touches(object);
  const auto* reads = object.if_contains("reads");
  if (reads != nullptr && !reads->is_bool()) throw Wrong("reads: not true or false");
  method.reads = method.touches == Touches::nothing || (reads != nullptr && reads->get_bool());
  method.states = read_states(object, method);
  return method;
}

}  // namespace

std::vector<DeclaredMethod> read_methods(const json::object& description) {
  std::vector<DeclaredMethod> methods;
  for (const auto& item : list(description, "methods", most_methods)) {
    const auto& object = object_of(item, "methods");
    try {
      methods.push_back(read_method(object));
    } catch (const Wrong& wrong) {
      throw Wrong("methods/" + std::to_string(methods.size()) + ": " + wrong.what());
    }
    const auto same = [&](const DeclaredMethod& m) { return m.verb == methods.back().verb; };
    if (std::count_if(methods.begin(), methods.end(), same) > 1)
      throw Wrong("the method \"" + methods.back().verb + "\" twice");
  }
  return methods;
}

}  // namespace madoguchi::extension
