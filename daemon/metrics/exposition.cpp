#include "metrics/exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace madoguchi::metrics {
namespace {

std::string_view name_of(Type type) {
  switch (type) {
    case Type::counter:
      return "counter";
    case Type::gauge:
      return "gauge";
    case Type::histogram:
      return "histogram";
  }
  return "untyped";
}

void append_escaped(std::string& to, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      to += "\\\\";
    } else if (c == '\n') {
      to += "\\n";
    } else if (c == '"' && quotes) {
      to += "\\\"";
    } else {
      to += c;
    }
  }
}

template <class Number>
void append_number(std::string& to, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  to.append(digits.data(), end);
}

}  // namespace

void Exposition::family(std::string_view name, Type type, std::string_view help) {
  family_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(name_of(type)).append("\n");
}

void Exposition::head(const Labels& labels, std::string_view suffix) {
  text_.append(family_).append(suffix);
  char before = '{';
  for (const auto& [name, value] : labels) {
    text_ += before;
    text_.append(name).append("=\"");
    append_escaped(text_, value, true);
    text_ += '"';
    before = ',';
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ';
}

void Exposition::sample(const Labels& labels, double value, std::string_view suffix) {
  head(labels, suffix);
  if (std::isfinite(value)) {
    append_number(text_, value);
  } else {
    text_.append(std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
  }
  text_ += '\n';
}

void Exposition::sample(const Labels& labels, std::int64_t value, std::string_view suffix) {
  head(labels, suffix);
  append_number(text_, value);
  text_ += '\n';
}

}  // namespace madoguchi::metrics
