#include "scan.hpp"

#include <algorithm>

namespace madoguchi::settings {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 if it is none.
std::size_t sequence(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return 1;
  const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
  if (!continues(text, at + 1)) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (!continues(text, at + 2)) return 0;
  if (first == 0xE0) return second >= 0xA0 ? 3 : 0;
  if (first == 0xED) return second <= 0x9F ? 3 : 0;
  if (first > 0xE0 && first <= 0xEF) return 3;
  if (!continues(text, at + 3)) return 0;
  if (first == 0xF0) return second >= 0x90 ? 4 : 0;
  if (first == 0xF4) return second <= 0x8F ? 4 : 0;
  return first > 0xF0 && first < 0xF4 ? 4 : 0;
}

bool control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

Places::Places(std::string_view text) : text_(text), lines_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') lines_.push_back(i + 1);
  }
}

Position Places::at(std::size_t byte) const {
  byte = std::min(byte, text_.size());
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), byte);
  const auto line = static_cast<std::size_t>(next - lines_.begin()) - 1;
  return at(static_cast<int>(line), static_cast<int>(byte - lines_[line]));
}

Position Places::at(int line, int column) const {
  if (line < 0 || column < 0 || static_cast<std::size_t>(line) >= lines_.size())
    return {line + 1, column + 1};
  const auto bytes = static_cast<std::size_t>(column);
  // Marks come in order: counting goes on where it stopped, or a line of a megabyte would be counted for
  // every value.
  if (line != counted_.line || bytes < counted_.bytes) counted_ = {line, 0, 0};
  const auto rest =
      text_.substr(lines_[static_cast<std::size_t>(line)]).substr(0, bytes).substr(counted_.bytes);
  counted_.characters += static_cast<int>(std::count_if(
      rest.begin(), rest.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  counted_.bytes += rest.size();
  return {line + 1, counted_.characters + 1};
}

std::optional<Unreadable> find_unreadable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\0') return Unreadable{i, "a NUL byte; the file must be plain text"};
    if (control(text[i])) return Unreadable{i, "a control character; the file must be plain text"};
    const auto size = sequence(text, i);
    if (size == 0) return Unreadable{i, "not UTF-8; save the file in that encoding"};
    i += size;
  }
  return std::nullopt;
}

std::string quote(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string shown = "\"";
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    if (characters == longest) {
      shown += "...";
      break;
    }
    const auto size = std::max<std::size_t>(sequence(text, i), 1);
    shown += static_cast<unsigned char>(text[i]) < 0x20 ? " " : std::string(text.substr(i, size));
    i += size;
  }
  return shown + "\"";
}

}  // namespace madoguchi::settings
