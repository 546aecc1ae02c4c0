#include "log_lines.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <optional>

#include "base/calendar.hpp"
#include "messages/book.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;

// Numbers that count or measure; a user's, a process's or an incident's is none of these.
constexpr std::array<std::string_view, 17> counted{
    "attempts", "bytes", "calls", "connected_seconds", "connections", "count",   "entries", "failures",
    "first",    "flaws", "lines", "readers",           "running",     "seconds", "seq",     "stuck",
    "under_way"};

bool is_counted(std::string_view name) {
  return std::find(counted.begin(), counted.end(), name) != counted.end();
}

std::string_view next_word(std::string_view& rest) {
  const auto begin = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(begin);
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

// Where a quoted text ends, so that nothing in one passes for a field.
std::size_t end_of_text(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return text.size();
}

void take_fields(std::string_view rest, json::object& into) {
  while (!rest.empty()) {
    const auto begin = rest.find_first_not_of(' ');
    if (begin == std::string_view::npos) return;
    rest.remove_prefix(begin);
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return;
    const auto name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    const bool quoted = rest.starts_with('"');
    const auto length = quoted ? end_of_text(rest) : std::min(rest.find(' '), rest.size());
    std::int64_t number = 0;
    const auto* end = rest.data() + length;
    if (!quoted && is_counted(name) && std::from_chars(rest.data(), end, number).ptr == end)
      into[name] = number;
    rest.remove_prefix(length);
  }
}

bool is_level(std::string_view word) {
  return word == "debug" || word == "info" || word == "warning" || word == "error";
}

bool only_of(std::string_view word, std::string_view characters) {
  return !word.empty() && word.find_first_not_of(characters) == std::string_view::npos;
}

// "2026-11-28 10:00:00.123 warning id name=value ...", or "<4>id name=value ...".
std::optional<json::object> of_text(std::string_view line) {
  json::object told;
  if (line.size() > 3 && line[0] == '<' && line[2] == '>') line.remove_prefix(3);
  auto rest = line;
  auto word = next_word(rest);
  if (only_of(word, "0123456789-")) {
    const auto time = next_word(rest);
    if (!only_of(time, "0123456789:.")) return std::nullopt;
    told["at"] = std::string(word) + " " + std::string(time);
    const auto level = next_word(rest);
    if (!is_level(level)) return std::nullopt;
    told["level"] = level;
    word = next_word(rest);
  }
  const auto* message = messages::find(word);
  if (message == nullptr) return std::nullopt;
  told["id"] = message->id;
  take_fields(rest, told);
  return told;
}

std::optional<json::object> of_json(std::string_view line) {
  boost::system::error_code error;
  const auto parsed = json::parse(line, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto& object = parsed.get_object();
  const auto* id = object.if_contains("id");
  const auto* message = id != nullptr && id->is_string() ? messages::find(id->get_string()) : nullptr;
  if (message == nullptr) return std::nullopt;
  json::object told{{"id", message->id}};
  const auto* at = object.if_contains("at");
  if (at != nullptr && at->is_string() && only_of(at->get_string(), "0123456789-:.+TZ")) told["at"] = *at;
  for (const auto& [name, value] : object) {
    if (is_counted(name) && value.is_int64()) told[name] = value;
  }
  const auto* level = object.if_contains("level");
  if (level != nullptr && level->is_string() && is_level(level->get_string())) told["level"] = *level;
  return told;
}

}  // namespace

json::array log_without_texts(std::string_view log, std::size_t most) {
  json::array all;
  while (!log.empty()) {
    const auto line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(line.size() + 1, log.size()));
    auto told = line.starts_with('{') ? of_json(line) : of_text(line);
    if (told) all.emplace_back(std::move(*told));
  }
  if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
  return all;
}

}  // namespace madoguchi::cli
