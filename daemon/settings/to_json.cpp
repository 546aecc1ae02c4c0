#include "to_json.hpp"

#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "base/json_pointer.hpp"

namespace madoguchi::settings {
namespace {

namespace json = boost::json;

// A number is one only as JSON writes it: no leading zero or plus, no other base, no ".5".
json::value scalar(const Value& value, const std::string& pointer, const Placing& placing) {
  if (value.quoted) return json::string(value.text);
  if (value.text == "null" || value.text == "~") return nullptr;
  const char first = value.text.empty() ? ' ' : value.text.front();
  if (first == '-' || (first >= '0' && first <= '9') || value.text == "true" || value.text == "false") {
    boost::system::error_code error;
    auto parsed = json::parse(value.text, error);
    if (!error && (parsed.is_bool() || parsed.is_number())) {
      // Whoever reads it as JSON reads it as strictly as any other.
      json::value exact;
      const auto problem = base::parse_json(value.text, exact);
      if (!problem) return exact;
      placing.wrong(pointer, value.at, problem->problem + "; quote it if it is a text");
      return nullptr;
    }
  }
  return json::string(value.text);
}

}  // namespace

json::value to_json(const Value& value, const std::string& pointer, const Placing& placing) {
  switch (value.kind) {
    case Value::Kind::scalar:
      return scalar(value, pointer, placing);
    case Value::Kind::list: {
      json::array list;
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        auto item = base::below(pointer, std::to_string(i));
        placing.found(item, value.items[i].at);
        list.push_back(to_json(value.items[i], item, placing));
      }
      return list;
    }
    case Value::Kind::mapping: {
      json::object object;
      for (const auto& member : value.members) {
        auto key = base::below(pointer, member.key);
        placing.found(key, member.at);
        object[member.key] = to_json(member.value, key, placing);
      }
      return object;
    }
    case Value::Kind::nothing:
    case Value::Kind::refused:
      break;
  }
  return nullptr;
}

}  // namespace madoguchi::settings
