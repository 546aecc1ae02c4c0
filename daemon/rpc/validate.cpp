#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include "base/json_pointer.hpp"
#include "base/utf8.hpp"
#include "rpc/method.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

// Names longer than this are nobody's parameters and are not repeated.
constexpr std::size_t longest_name = 64;

constexpr std::string_view visible_text = "text on one line, without control or bidirectional characters";

std::string pointer_to(std::string_view name) {
  return base::below(
      "", name.size() > longest_name || base::find_hidden(name) != name.npos ? std::string_view() : name);
}

base::Fault refused(std::string_view name, std::string expected) {
  return base::make_fault(base::Code::invalid_params, {},
                          {{"pointer", pointer_to(name)}, {"expected", std::move(expected)}});
}

std::string bounds(const Param& param) {
  std::string text;
  if (param.minimum) text += " from " + std::to_string(*param.minimum);
  if (param.maximum) text += " up to " + std::to_string(*param.maximum);
  if (!text.empty() && param.type == Param::Type::string) text += " characters long";
  return text;
}

// What would have been right, in words.
std::string expectation(const Param& param) {
  switch (param.type) {
    case Param::Type::string: {
      if (param.values.empty()) return "a string" + bounds(param);
      std::string text = "one of";
      for (const auto value : param.values) text.append(text.size() > 6 ? ", " : " ").append(value);
      return text;
    }
    case Param::Type::integer:
      return "an integer" + bounds(param);
    case Param::Type::boolean:
      return "true or false";
    case Param::Type::object:
      return "an object";
    case Param::Type::array:
      return "an array";
    case Param::Type::secret:
      return "a string";
    case Param::Type::described:
      return "a value as its schema says";
  }
  return {};
}

bool within(const Param& param, std::int64_t number) {
  return (!param.minimum || number >= *param.minimum) && (!param.maximum || number <= *param.maximum);
}

// As JSON Schema counts them (Unicode code points), so that Japanese has as much room as English. The text is
// valid UTF-8: the parser has seen to it.
std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

bool fits_text(const Param& param, const json::value& value) {
  const auto* string = value.if_string();
  if (string == nullptr) return false;
  const std::string_view text = *string;
  if (!within(param, characters(text))) return false;
  return param.values.empty() ||
         std::find(param.values.begin(), param.values.end(), text) != param.values.end();
}

bool fits(const Param& param, const json::value& value) {
  switch (param.type) {
    case Param::Type::string:
      return fits_text(param, value);
    case Param::Type::integer:
      return value.is_int64() && within(param, value.get_int64());
    case Param::Type::boolean:
      return value.is_bool();
    case Param::Type::object:
      return value.is_object();
    case Param::Type::array:
      return value.is_array();
    case Param::Type::secret:
      return value.is_string();
    case Param::Type::described:
      return true;
  }
  return false;
}

// The first text in `value`, or name of a member, that is more than it shows: others read it on their
// terminals, in the log and on paper. `pointer` becomes its place, up to a name that cannot be shown itself.
bool find_hidden(const json::value& value, std::string& pointer) {
  const auto lies_within = [&](std::string_view name, const json::value& inner) {
    const auto here = pointer.size();
    pointer = base::below(pointer, name);
    if (find_hidden(inner, pointer)) return true;
    pointer.resize(here);
    return false;
  };
  if (const auto* text = value.if_string()) return base::find_hidden(*text) != std::string_view::npos;
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (lies_within(std::to_string(i), (*array)[i])) return true;
    }
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      if (base::find_hidden(member.key()) != std::string_view::npos) return true;
      if (lies_within(member.key(), member.value())) return true;
    }
  }
  return false;
}

bool known(const Method& method, std::string_view name) {
  return std::any_of(method.params.begin(), method.params.end(),
                     [&](const Param& p) { return p.name == name; });
}

}  // namespace

bool may_hold_secret(const Method& method) {
  return std::any_of(method.params.begin(), method.params.end(), [](const Param& param) {
    return param.type == Param::Type::secret || param.type == Param::Type::object ||
           param.type == Param::Type::array;
  });
}

base::Result<void> validate(const Method& method, const json::object& params) {
  std::size_t seen = 0;
  for (const auto& param : method.params) {
    const auto* value = params.if_contains(param.name);
    if (value == nullptr) {
      if (param.required) return refused(param.name, expectation(param));
      continue;
    }
    if (!fits(param, *value)) return refused(param.name, expectation(param));
    if (auto place = base::below("", param.name);
        param.type != Param::Type::secret && find_hidden(*value, place)) {
      return base::make_fault(base::Code::invalid_params, {},
                              {{"pointer", std::move(place)}, {"expected", visible_text}});
    }
    ++seen;
  }
  if (seen == params.size()) return {};
  for (const auto& member : params) {
    if (!known(method, member.key())) return refused(member.key(), "no such parameter");
  }
  return {};
}

}  // namespace madoguchi::rpc
