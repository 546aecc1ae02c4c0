#include "extension/schema.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "base/json_pointer.hpp"
#include "documents.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using documents::Wrong;

constexpr int deepest = 8;
constexpr std::int64_t longest_example = 10'000;  // values and characters

// Keywords by the type that they say something of; the first row says something of any.
struct Keywords {
  std::string_view type;
  std::array<std::string_view, 4> words;
};
constexpr std::array keywords{
    Keywords{"", {"type", "description", "enum", "examples"}},
    Keywords{"object", {"properties", "required", "additionalProperties"}},
    Keywords{"array", {"items", "minItems", "maxItems"}},
    Keywords{"string", {"minLength", "maxLength"}},
    Keywords{"integer", {"minimum", "maximum"}},
    Keywords{"number", {"minimum", "maximum"}},
    Keywords{"boolean", {}},
    Keywords{"null", {}},
};

const Keywords* of_type(std::string_view type) {
  const auto found = std::find_if(keywords.begin(), keywords.end(),
                                  [&](const Keywords& k) { return !type.empty() && k.type == type; });
  return found == keywords.end() ? nullptr : &*found;
}

bool has(const Keywords& row, std::string_view word) {
  return !word.empty() && std::find(row.words.begin(), row.words.end(), word) != row.words.end();
}

std::string_view type_in(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  return type == nullptr ? std::string_view() : std::string_view(type->get_string());
}

std::optional<std::int64_t> bound(const json::object& schema, std::string_view key) {
  const auto* value = schema.if_contains(key);
  return value == nullptr ? std::nullopt : std::optional(value->get_int64());
}

void check_values(const json::object& schema, const std::string& where) {
  for (const auto* key : {"enum", "examples"}) {
    const auto* list = schema.if_contains(key);
    if (list != nullptr && (!list->is_array() || list->get_array().empty()))
      throw Wrong(where + ": " + key + " is no list of values");
  }
  for (const auto* key : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}) {
    const auto* value = schema.if_contains(key);
    const bool of_size = std::string_view(key).substr(3) != "imum";
    if (value != nullptr && (!value->is_int64() || (of_size && value->get_int64() < 0)))
      throw Wrong(where + ": " + key + " is no whole number");
  }
  const auto* open = schema.if_contains("additionalProperties");
  if (open != nullptr && !open->is_bool()) throw Wrong(where + ": additionalProperties is not true or false");
  if (const auto* text = schema.if_contains("description"); text != nullptr && !text->is_string())
    throw Wrong(where + ": description is no text");
}

void check(const json::object& schema, const std::string& where, int depth) {
  if (depth > deepest) throw Wrong(where + ": nested too deep");
  const auto* type = schema.if_contains("type");
  const auto* known = type != nullptr && type->is_string() ? of_type(type->get_string()) : nullptr;
  if (type != nullptr && known == nullptr) throw Wrong(where + ": an unknown type");
  for (const auto& keyword : schema) {
    if (has(keywords.front(), keyword.key()) || (known != nullptr && has(*known, keyword.key()))) continue;
    throw Wrong(where + ": the keyword \"" + std::string(keyword.key()) + "\" is not known here");
  }
  check_values(schema, where);
  if (const auto* properties = schema.if_contains("properties")) {
    for (const auto& [key, value] : documents::object_of(*properties, where + "/properties")) {
      const auto place = where + "/" + std::string(key);
      check(documents::object_of(value, place), place, depth + 1);
    }
  }
  if (schema.contains("required")) {
    for (const auto& name : documents::list(schema, "required", documents::longest_name)) {
      const auto key = documents::text_of(name, where + "/required");
      const auto* properties = schema.if_contains("properties");
      if (properties == nullptr || !properties->get_object().contains(key))
        throw Wrong(std::string(where).append(": \"").append(key).append("\" is required but not described"));
    }
  }
  if (const auto* items = schema.if_contains("items"))
    check(documents::object_of(*items, where + "/items"), where + "/items", depth + 1);
}

std::string escaped(std::string_view key) {
  if (key.size() > documents::longest_name) return {};  // nobody's, and not repeated
  return base::escaped_token(key);
}

// As JSON Schema counts them: Unicode code points, in valid UTF-8.
std::int64_t characters(const json::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

std::string within(const json::object& schema, const char* least, const char* most) {
  std::string text;
  if (const auto from = bound(schema, least)) text += " from " + std::to_string(*from);
  if (const auto to = bound(schema, most)) text += " up to " + std::to_string(*to);
  return text;
}

template <class Number>
bool fits(const json::object& schema, const char* least, const char* most, Number number) {
  const auto from = bound(schema, least);
  const auto to = bound(schema, most);
  return (!from || number >= static_cast<Number>(*from)) && (!to || number <= static_cast<Number>(*to));
}

using Mismatch = Schema::Mismatch;
std::optional<Mismatch> mismatch_in(const json::object& schema, const json::value& value,
                                    const std::string& at);

std::optional<Mismatch> in_object(const json::object& schema, const json::value& value,
                                  const std::string& at) {
  if (!value.is_object()) return Mismatch{at, "an object"};
  const auto& object = value.get_object();
  const auto* properties = schema.if_contains("properties");
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& name : required->get_array()) {
      if (!object.contains(name.get_string()))
        return Mismatch{at + "/" + escaped(name.get_string()), "a value"};
    }
  }
  const auto* open = schema.if_contains("additionalProperties");
  for (const auto& [key, each] : object) {
    const auto place = at + "/" + escaped(key);
    const auto* inner = properties == nullptr ? nullptr : properties->get_object().if_contains(key);
    if (inner == nullptr) {
      if (open != nullptr && !open->get_bool()) return Mismatch{place, "no such member"};
    } else if (auto wrong = mismatch_in(inner->get_object(), each, place)) {
      return wrong;
    }
  }
  return std::nullopt;
}

std::optional<Mismatch> in_array(const json::object& schema, const json::value& value,
                                 const std::string& at) {
  if (!value.is_array() ||
      !fits(schema, "minItems", "maxItems", static_cast<std::int64_t>(value.get_array().size())))
    return Mismatch{at,
                    "a list" + within(schema, "minItems", "maxItems") +
                        (schema.contains("minItems") || schema.contains("maxItems") ? " items long" : "")};
  const auto* items = schema.if_contains("items");
  for (std::size_t i = 0; items != nullptr && i < value.get_array().size(); ++i) {
    if (auto wrong = mismatch_in(items->get_object(), value.get_array()[i], at + "/" + std::to_string(i)))
      return wrong;
  }
  return std::nullopt;
}

std::optional<Mismatch> in_scalar(const json::object& schema, std::string_view type, const json::value& value,
                                  const std::string& at) {
  if (type == "string") {
    if (value.is_string() && fits(schema, "minLength", "maxLength", characters(value.get_string())))
      return std::nullopt;
    const auto bounds = within(schema, "minLength", "maxLength");
    return Mismatch{at, "a string" + bounds + (bounds.empty() ? "" : " characters long")};
  }
  if (type == "integer") {
    if (value.is_int64() && fits(schema, "minimum", "maximum", value.get_int64())) return std::nullopt;
    return Mismatch{at, "an integer" + within(schema, "minimum", "maximum")};
  }
  if (type == "number") {
    const bool number = value.is_int64() || (value.is_double() && std::isfinite(value.get_double()));
    if (number && fits(schema, "minimum", "maximum", value.to_number<double>())) return std::nullopt;
    return Mismatch{at, "a number" + within(schema, "minimum", "maximum")};
  }
  if (type == "boolean" && !value.is_bool()) return Mismatch{at, "true or false"};
  if (type == "null" && !value.is_null()) return Mismatch{at, "null"};
  return std::nullopt;
}

std::optional<Mismatch> mismatch_in(const json::object& schema, const json::value& value,
                                    const std::string& at) {
  const auto type = type_in(schema);
  auto wrong = type == "object"  ? in_object(schema, value, at)
               : type == "array" ? in_array(schema, value, at)
                                 : in_scalar(schema, type, value, at);
  if (wrong) return wrong;
  if (const auto* closed = schema.if_contains("enum")) {
    const auto& values = closed->get_array();
    if (std::find(values.begin(), values.end(), value) == values.end())
      return Mismatch{at, "one of " + json::serialize(values)};
  }
  return std::nullopt;
}

// `left` bounds what a description can ask to be made.
json::value example_of(const json::object& schema, std::int64_t& left) {
  if (--left < 0) throw Wrong("its least value is too long: give one in `examples`");
  for (const auto* key : {"examples", "enum"}) {
    if (const auto* values = schema.if_contains(key)) return values->get_array().front();
  }
  const auto type = type_in(schema);
  if (type == "object") {
    json::object object;
    if (const auto* required = schema.if_contains("required")) {
      for (const auto& name : required->get_array()) {
        const auto& inner = schema.at("properties").as_object().at(name.get_string());
        object[name.get_string()] = example_of(inner.get_object(), left);
      }
    }
    return object;
  }
  if (type == "array") {
    json::array array;
    const auto* items = schema.if_contains("items");
    const json::object anything;
    const auto& item = items == nullptr ? anything : items->get_object();
    for (auto more = bound(schema, "minItems").value_or(0); more > 0; --more)
      array.push_back(example_of(item, left));
    return array;
  }
  if (type == "string") {
    const auto least = bound(schema, "minLength").value_or(0);
    if ((left -= least) < 0) throw Wrong("its least value is too long: give one in `examples`");
    return json::string(static_cast<std::size_t>(least), 'x');
  }
  if (type == "integer" || type == "number") {
    const auto least = bound(schema, "minimum").value_or(std::numeric_limits<std::int64_t>::min());
    return std::max(least, std::min<std::int64_t>(0, bound(schema, "maximum").value_or(0)));
  }
  if (type == "boolean") return false;
  return nullptr;
}

}  // namespace

base::Result<Schema> Schema::read(const json::object& document) {
  Schema schema;
  try {
    check(document, "", 0);
    auto left = longest_example;
    schema.document_ = document;
    // What it takes by its own words is what programs will try first.
    const auto example = example_of(document, left);
    if (const auto wrong = schema.mismatch(example))
      throw Wrong("its own example at \"" + wrong->pointer + "\" should be " + wrong->expected);
  } catch (const Wrong& wrong) {
    return base::make_fault(base::Code::plugin_failed, std::string("schema: ") + wrong.what());
  }
  return schema;
}

std::optional<Schema::Mismatch> Schema::mismatch(const json::value& value) const {
  return mismatch_in(document_, value, "");
}

json::value Schema::example() const {
  auto left = longest_example;
  return example_of(document_, left);
}

}  // namespace madoguchi::extension
