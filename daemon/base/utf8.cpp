#include "base/utf8.hpp"

namespace madoguchi::base {
namespace {

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7F;
}

// "\u202E" of a character of the basic plane: all that are hidden are of it.
void append_written_out(std::string& line, std::string_view sequence) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr unsigned tail_bits = 6;
  unsigned point = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() > 1) point &= sequence.size() == 2 ? 0x1FU : 0x0FU;
  for (const char c : sequence.substr(1))
    point = point << tail_bits | (static_cast<unsigned char>(c) & 0x3FU);
  line.append("\\u");
  for (const unsigned shift : {12U, 8U, 4U, 0U}) line.push_back(digits[point >> shift & 0xFU]);
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0);
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const auto lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

std::size_t hidden_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto lead = static_cast<unsigned char>(text[at]);
  if (is_control(lead)) return 1;
  if (lead != 0xC2 && lead != 0xE2) return 0;
  const auto length = utf8_length(text, at);
  const auto sequence = text.substr(at, length);
  if (length == 2) return sequence <= "\u009F" ? length : 0;
  const auto from_to = [&](std::string_view first, std::string_view last) {
    return sequence >= first && sequence <= last;
  };
  return length == 3 && (from_to("\u2028", "\u202E") || from_to("\u2066", "\u2069")) ? length : 0;
}

std::size_t find_hidden(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (hidden_length(text, at) != 0) return at;
  }
  return std::string_view::npos;
}

std::string on_one_line(std::string_view text, std::size_t longest) {
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const auto before = line.size();
    const bool ascii = static_cast<unsigned char>(text[at]) < 0x80;
    const auto length = ascii ? 1 : utf8_length(text, at);
    if (length == 0) {
      line.push_back('?');
    } else if (hidden_length(text, at) != 0) {
      append_written_out(line, text.substr(at, length));
    } else {
      line.append(text, at, length);
    }
    if (line.size() > longest) {
      line.resize(before);
      return line.append("...");
    }
    at += length == 0 ? 1 : length;
  }
  return line;
}

}  // namespace madoguchi::base
