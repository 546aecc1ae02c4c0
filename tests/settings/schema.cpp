#include "schema.hpp"

#include <boost/json/serialize.hpp>
#include <map>
#include <regex>
#include <set>

namespace madoguchi::settings {
namespace {

namespace json = boost::json;

class Validator {
 public:
  explicit Validator(const json::value& root) : root_(root) {}

  std::string check(const json::value& schema, const json::value& value, const std::string& place) {
    if (schema.is_bool()) return schema.get_bool() ? "" : place + ": not allowed";
    const auto& rules = schema.as_object();
    for (const auto& rule : rules) {
      const std::string_view name = rule.key();
      if (auto wrong = check_rule(name, rule.value(), rules, value, place); !wrong.empty()) return wrong;
    }
    return {};
  }

 private:
  std::string check_rule(std::string_view name, const json::value& rule, const json::object& rules,
                         const json::value& value, const std::string& place) {
    static const std::set<std::string_view> silent{"$schema",     "title", "description", "default",
                                                   "definitions", "then",  "else"};
    if (silent.contains(name)) return {};
    if (name == "$ref")
      return check(root_.at_pointer(std::string_view(rule.as_string()).substr(1)), value, place);
    if (name == "allOf") return all_of(rule.as_array(), value, place);
    if (name == "if") return conditional(rules, value, place);
    if (name == "type") return fits_type(std::string_view(rule.as_string()), value) ? "" : place + ": type";
    if (name == "enum") {
      for (const auto& allowed : rule.as_array()) {
        if (allowed == value) return {};
      }
      return place + ": enum";
    }
    if (name == "const") return rule == value ? "" : place + ": const";
    if (value.is_object()) return object_rule(name, rule, rules, value.get_object(), place);
    if (value.is_array()) return array_rule(name, rule, value.get_array(), place);
    if (value.is_string()) return string_rule(name, rule, std::string(value.get_string()), place);
    if (value.is_int64()) {
      if (name == "minimum" && value.get_int64() < rule.as_int64()) return place + ": minimum";
      if (name == "maximum" && value.get_int64() > rule.as_int64()) return place + ": maximum";
    }
    return {};
  }

  std::string all_of(const json::array& schemas, const json::value& value, const std::string& place) {
    for (const auto& schema : schemas) {
      if (auto wrong = check(schema, value, place); !wrong.empty()) return wrong;
    }
    return {};
  }

  std::string conditional(const json::object& rules, const json::value& value, const std::string& place) {
    const bool holds = check(rules.at("if"), value, place).empty();
    const auto* next = rules.if_contains(holds ? "then" : "else");
    return next == nullptr ? "" : check(*next, value, place);
  }

  static bool fits_type(std::string_view type, const json::value& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64();
    throw std::logic_error("unknown type in a schema");
  }

  std::string object_rule(std::string_view name, const json::value& rule, const json::object& rules,
                          const json::object& object, const std::string& place) {
    if (name == "required") {
      for (const auto& key : rule.as_array()) {
        if (!object.contains(key.as_string())) return place + ": required " + std::string(key.as_string());
      }
    } else if (name == "properties") {
      for (const auto& property : rule.as_object()) {
        const auto* member = object.if_contains(property.key());
        if (member == nullptr) continue;
        if (auto wrong = check(property.value(), *member, place + "/" + std::string(property.key()));
            !wrong.empty())
          return wrong;
      }
    } else if (name == "additionalProperties") {
      for (const auto& member : object) {
        if (!rules.at("properties").as_object().contains(member.key()))
          return place + ": additional " + std::string(member.key());
      }
    } else {
      throw std::logic_error("unknown keyword in a schema: " + std::string(name));
    }
    return {};
  }

  std::string array_rule(std::string_view name, const json::value& rule, const json::array& array,
                         const std::string& place) {
    if (name == "maxItems")
      return array.size() <= static_cast<std::size_t>(rule.as_int64()) ? "" : place + ": maxItems";
    if (name == "uniqueItems") {
      std::set<std::string> seen;
      for (const auto& item : array) {
        if (!seen.insert(json::serialize(item)).second) return place + ": uniqueItems";
      }
    }
    if (name == "items") {
      for (std::size_t i = 0; i < array.size(); ++i) {
        if (auto wrong = check(rule, array[i], place + "/" + std::to_string(i)); !wrong.empty()) return wrong;
      }
    }
    return {};
  }

  static std::string string_rule(std::string_view name, const json::value& rule, const std::string& text,
                                 const std::string& place) {
    if (name == "minLength" && text.size() < static_cast<std::size_t>(rule.as_int64()))
      return place + ": minLength";
    if (name == "maxLength" && text.size() > static_cast<std::size_t>(rule.as_int64()))
      return place + ": maxLength";
    if (name == "pattern") {
      static std::map<std::string, std::regex> compiled;
      const std::string pattern(rule.as_string());
      const auto found = compiled.try_emplace(pattern, pattern).first;
      if (!std::regex_search(text, found->second)) return place + ": pattern";
    }
    return {};
  }

  const json::value& root_;
};

}  // namespace

std::string violation(const json::value& schema, const json::value& value) {
  return Validator(schema).check(schema, value, "");
}

}  // namespace madoguchi::settings
