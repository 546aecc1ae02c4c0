// Values to text, straight into the connection's output.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <cmath>

#include "base/code_book.hpp"
#include "base/utf8.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out.append("null");
  } else {
    append_number(out, number);
  }
}

constexpr auto plain_characters = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

bool stands_for_itself(char c) {
  return plain_characters[static_cast<unsigned char>(c)];
}

void append_escape(std::string& out, unsigned char c) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  out.append("\\u00");
  out.push_back(digits[c >> 4]);
  out.push_back(digits[c & 0x0F]);
}

void append_object(std::string& out, const json::object& object) {
  out.push_back('{');
  bool first = true;
  for (const auto& member : object) {
    if (!first) out.push_back(',');
    first = false;
    append_text(out, std::string_view(member.key()));
    out.push_back(':');
    append_json(out, member.value());
  }
  out.push_back('}');
}

void append_array(std::string& out, const json::array& array) {
  out.push_back('[');
  bool first = true;
  for (const auto& element : array) {
    if (!first) out.push_back(',');
    first = false;
    append_json(out, element);
  }
  out.push_back(']');
}

void append_head(std::string& out, const Id& id) {
  out.append(R"({"jsonrpc":"2.0","id":)");
  if (const auto* number = std::get_if<std::int64_t>(&id)) {
    append_number(out, *number);
  } else if (const auto* text = std::get_if<std::string>(&id)) {
    append_text(out, std::string_view(*text));
  } else {
    out.append("null");
  }
}

// Details without the case, which has a place of its own.
void append_details(std::string& out, const json::object& details) {
  if (const auto* of = details.if_contains("case")) {
    out.append(R"(,"case":)");
    append_json(out, *of);
  }
  bool first = true;
  for (const auto& member : details) {
    if (member.key() == "case") continue;
    out.append(first ? std::string_view(R"(,"details":{)") : std::string_view(","));
    first = false;
    append_text(out, std::string_view(member.key()));
    out.push_back(':');
    append_json(out, member.value());
  }
  if (!first) out.push_back('}');
}

// What was said of this very refusal, e.g. by a plugin, is better than what its kind always says.
std::string_view words_of(const base::Fault& fault, std::string_view language, std::string_view always) {
  const auto* ja = fault.details.if_contains("ja");
  const auto* en = fault.details.if_contains("en");
  if (ja == nullptr || en == nullptr || !ja->is_string() || !en->is_string()) return always;
  return language == "ja" ? std::string_view(ja->get_string()) : std::string_view(en->get_string());
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  // Most texts go in as they are: found out first, they cost one growth and one copy.
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) {
    const auto at = out.size();
    out.resize(at + text.size() + 2, '"');
    text.copy(out.data() + at + 1, text.size());
    return;
  }
  out.push_back('"');
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const auto length = stands_for_itself(text[at]) ? 1 : c < 0x80 ? 0 : base::utf8_length(text, at);
    if (length != 0) {
      at += length;
      continue;
    }
    out.append(text, begin, at - begin);
    if (c < 0x80) {
      append_escape(out, c);
    } else {
      out.append("\xEF\xBF\xBD");
    }
    begin = ++at;
  }
  out.append(text, begin);
  out.push_back('"');
}

void append_json(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out.append("null");
      break;
    case json::kind::bool_:
      out.append(value.get_bool() ? "true" : "false");
      break;
    case json::kind::int64:
      append_number(out, value.get_int64());
      break;
    case json::kind::uint64:
      append_number(out, value.get_uint64());
      break;
    case json::kind::double_:
      append_double(out, value.get_double());
      break;
    case json::kind::string:
      append_text(out, std::string_view(value.get_string()));
      break;
    case json::kind::array:
      append_array(out, value.get_array());
      break;
    case json::kind::object:
      append_object(out, value.get_object());
      break;
  }
}

void append_result(std::string& out, const Id& id, const json::value& result) {
  append_head(out, id);
  out.append(R"(,"result":)");
  append_json(out, result);
  out.push_back('}');
}

void append_result_text(std::string& out, const Id& id, std::string_view json) {
  append_head(out, id);
  out.append(R"(,"result":)");
  out.append(json);
  out.push_back('}');
}

void append_fault(std::string& out, const Id& id, const base::Fault& fault) {
  const auto& entry = base::entry(fault.code);
  append_head(out, id);
  out.append(R"(,"error":{"code":)");
  append_number(out, entry.number);
  out.append(R"(,"message":)");
  append_text(out, entry.en);
  out.append(R"(,"data":{"reason":)");
  append_text(out, entry.reason);
  out.append(R"(,"ja":)");
  append_text(out, words_of(fault, "ja", entry.ja));
  out.append(R"(,"en":)");
  append_text(out, words_of(fault, "en", entry.en));
  out.append(R"(,"retryable":)");
  out.append(entry.retry == base::Retry::never ? "false" : "true");
  append_details(out, fault.details);
  out.append("}}}");
}

}  // namespace madoguchi::rpc
