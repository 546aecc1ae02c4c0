#include "audit/entry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.hpp"

namespace madoguchi::audit {
namespace {

// What a field's values look like. `word`: letters, digits and a few signs, as the vocabularies have them.
// `label`: an identifier that others gave, without control characters.
enum class Form : std::uint8_t { word, label, number };

constexpr std::size_t longest_word = 1024;
constexpr std::size_t longest_label = 512;
constexpr std::string_view unfit = "?";

struct FieldRow {
  std::string_view name;
  Form form;
};
constexpr std::array<FieldRow, field_count> rows{{
    {"uid", Form::number},      {"role", Form::word},        {"staff", Form::label},
    {"counter", Form::label},   {"reader", Form::label},     {"case", Form::word},
    {"policy", Form::word},     {"outcome", Form::word},     {"findings", Form::word},
    {"was", Form::word},        {"certificate", Form::word}, {"serial", Form::word},
    {"expires_on", Form::word}, {"key", Form::word},         {"slot", Form::word},
    {"pin", Form::word},        {"entered_by", Form::word},  {"reason", Form::word},
    {"plugin", Form::word},     {"version", Form::label},    {"vendor", Form::label},
    {"method", Form::word},     {"count", Form::number},     {"through", Form::number},
    {"head", Form::label},
}};

constexpr std::array<std::string_view, 11> kinds{"decision",    "override", "pin",    "key",
                                                 "certificate", "case",     "policy", "plugin",
                                                 "access",      "daemon",   "audit"};

bool is_word(std::string_view text) {
  constexpr std::string_view signs = "._:,+/-";
  return text.size() <= longest_word && std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  signs.find(c) != std::string_view::npos;
         });
}

bool is_label(std::string_view text) {
  if (text.size() > longest_label) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) return false;
    const auto length = byte < 0x80 ? std::size_t{1} : base::utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_digits(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 &&
         text == std::to_string(value);
}

bool fits(Form form, std::string_view value) {
  switch (form) {
    case Form::word:
      return is_word(value);
    case Form::label:
      return is_label(value);
    case Form::number:
      return is_digits(value);
  }
  return false;
}

}  // namespace

std::string_view name(Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> kind_named(std::string_view text) {
  const auto found = std::find(kinds.begin(), kinds.end(), text);
  if (found == kinds.end()) return std::nullopt;
  return static_cast<Kind>(found - kinds.begin());
}

bool by_a_person(Kind kind, std::string_view uid) {
  switch (kind) {
    case Kind::decision:
    case Kind::overruled:
    case Kind::pin:
    case Kind::key:
    case Kind::certificate:
    case Kind::visit:
      return !uid.empty();
    case Kind::policy:
    case Kind::plugin:
    case Kind::access:
    case Kind::daemon:
    case Kind::audit:
      break;
  }
  return false;
}

std::string_view name(Field field) {
  return rows.at(static_cast<std::size_t>(field)).name;
}

std::optional<Field> field_named(std::string_view text) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const FieldRow& row) { return row.name == text; });
  if (found == rows.end()) return std::nullopt;
  return static_cast<Field>(found - rows.begin());
}

bool is_number(Field field) {
  return rows.at(static_cast<std::size_t>(field)).form == Form::number;
}

Entry::Entry(base::Instant at, Kind kind, std::string_view what)
    : at_(at), kind_(kind), what_(!what.empty() && is_word(what) ? what : unfit) {}

Entry& Entry::put(Field field, std::string_view value) {
  if (value.empty()) return *this;
  const bool fit = fits(rows.at(static_cast<std::size_t>(field)).form, value);
  // A number's place takes numbers only.
  if (!fit && is_number(field)) return *this;
  fields_[field] = fit ? value : unfit;
  return *this;
}

Entry& Entry::put(Field field, std::int64_t value) {
  return put(field, std::to_string(value));
}

Entry& Entry::by(const base::Actor& actor) {
  if (actor.uid) put(Field::uid, std::int64_t{*actor.uid});
  return put(Field::role, actor.role).put(Field::staff, actor.staff);
}

std::string_view Entry::get(Field field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace madoguchi::audit
