#include "to_json.hpp"

#include <boost/json/parse.hpp>

namespace madoguchi::settings {
namespace {

namespace json = boost::json;

std::string below(const std::string& pointer, std::string_view token) {
  std::string text = pointer + "/";
  for (const char c : token) {
    if (c == '~' || c == '/') {
      text.append(c == '~' ? "~0" : "~1");
    } else {
      text.push_back(c);
    }
  }
  return text;
}

// A number is one only as JSON writes it: no leading zero or plus, no other base, no ".5".
json::value scalar(const Value& value) {
  if (value.quoted) return json::string(value.text);
  if (value.text == "null" || value.text == "~") return nullptr;
  const char first = value.text.empty() ? ' ' : value.text.front();
  if (first == '-' || (first >= '0' && first <= '9') || value.text == "true" || value.text == "false") {
    boost::system::error_code error;
    auto parsed = json::parse(value.text, error);
    if (!error && (parsed.is_bool() || parsed.is_number())) return parsed;
  }
  return json::string(value.text);
}

}  // namespace

json::value to_json(const Value& value, const std::string& pointer,
                    const std::function<void(const std::string& pointer, Position at)>& place) {
  switch (value.kind) {
    case Value::Kind::scalar:
      return scalar(value);
    case Value::Kind::list: {
      json::array list;
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        auto item = below(pointer, std::to_string(i));
        place(item, value.items[i].at);
        list.push_back(to_json(value.items[i], item, place));
      }
      return list;
    }
    case Value::Kind::mapping: {
      json::object object;
      for (const auto& member : value.members) {
        auto key = below(pointer, member.key);
        place(key, member.at);
        object[member.key] = to_json(member.value, key, place);
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
