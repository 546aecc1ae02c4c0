#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "audit/chain.hpp"
#include "base/bytes.hpp"
#include "base/calendar.hpp"
#include "base/json.hpp"
#include "text.hpp"

namespace madoguchi::audit {
namespace {

namespace json = boost::json;

constexpr std::string_view hash_key = R"(,"hash":")";

base::Fault no_line(const char* why) {
  return base::make_fault(base::Code::internal, why);
}

// Without its hash, which is of this.
std::string body_of(const Line& line) {
  std::string text = R"({"seq":)" + std::to_string(line.seq());
  add_text(text, "prev", line.before.hash);
  add_text(text, "at", base::format_time(line.entry.at()));
  add_text(text, "kind", name(line.entry.kind()));
  add_text(text, "what", line.entry.what());
  for (const auto& [field, value] : line.entry.fields()) {
    if (is_number(field)) {
      add_number(text, name(field), value);
    } else {
      add_text(text, name(field), value);
    }
  }
  text.push_back('}');
  return text;
}

std::string with_hash(std::string body, std::string_view hash) {
  body.pop_back();
  return body.append(hash_key).append(hash).append("\"}");
}

base::Result<Line> line_of(const json::object& object) {
  const auto* seq = object.if_contains("seq");
  if (seq == nullptr || !seq->is_int64() || seq->get_int64() < 1 || seq->get_int64() > last_number)
    return no_line("no number of its own");
  const auto at = base::parse_time(text_of(object, "at"));
  const auto kind = kind_named(text_of(object, "kind"));
  if (!at || !kind) return no_line("no time or no kind");
  Line line{{seq->get_int64() - 1, std::string(text_of(object, "prev"))},
            Entry(*at, *kind, text_of(object, "what"))};
  for (const auto& [key, value] : object) {
    const auto field = field_named(key);
    if (!field) continue;
    if (value.is_int64()) line.entry.put(*field, value.get_int64());
    if (value.is_string()) line.entry.put(*field, std::string_view(value.get_string()));
  }
  return line;
}

}  // namespace

std::string no_hash() {
  return std::string(64, '0');
}

std::string to_text(const Line& line) {
  auto body = body_of(line);
  const auto hash = hash_of(body);
  return with_hash(std::move(body), hash);
}

base::Result<ReadLine> read_line(std::string_view text) {
  json::value parsed;
  if (base::parse_json(text, parsed) || !parsed.is_object()) return no_line("not a JSON object");
  auto line = line_of(parsed.get_object());
  if (!line) return line.error();
  auto body = body_of(*line);
  const auto hash = hash_of(body);
  const std::string told(text_of(parsed.get_object(), "hash"));
  if (with_hash(body, told) != text) return no_line("not in the form in which it was written");
  if (told != hash) return no_line("its hash is not that of its content");
  Place after{line->seq(), hash};
  return ReadLine{std::move(*line), std::move(after)};
}

}  // namespace madoguchi::audit
