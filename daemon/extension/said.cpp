#include "said.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/utf8.hpp"

namespace madoguchi::extension {
namespace {

using Clock = std::chrono::steady_clock;

bool is_wide_digit(std::string_view sequence) {
  return sequence.size() == 3 && sequence >= "\uFF10" && sequence <= "\uFF19";
}

// C1 controls move a terminal's cursor as escapes do; U+2028 and the bidirectional ones make a line look like
// another.
bool is_hidden(std::string_view sequence) {
  if (sequence.size() == 2) return sequence <= "\u009F";
  return sequence.size() == 3 && sequence >= "\u2028" && sequence <= "\u202E";
}

// The lines of one plugin.
class Lines {
 public:
  Lines(base::Log& log, std::string name) : log_(log), name_(std::move(name)) {}

  void write(int level, std::string_view line) {
    const auto now = Clock::now();
    if (now - since_ > window) {
      if (left_out_ > 0)
        log_.write(base::Level::debug, "plugin.said_more", {{"plugin", name_}, {"lines", left_out_}});
      since_ = now;
      lines_ = left_out_ = 0;
    }
    if (++lines_ > most_lines) return void(++left_out_);
    const auto& meant = level_names.at(static_cast<std::size_t>(std::clamp(level, 0, 3)));
    log_.write(base::Level::debug, "plugin.says",
               {{"plugin", name_}, {"level", std::string(meant)}, {"line", said(line, Digits::masked)}});
  }

 private:
  static constexpr std::chrono::seconds window{10};
  static constexpr std::int64_t most_lines = 100;
  static constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

  base::Log& log_;
  std::string name_;
  Clock::time_point since_ = Clock::now();
  std::int64_t lines_ = 0;
  std::int64_t left_out_ = 0;
};

}  // namespace

std::string said(std::string_view words, Digits digits) {
  const bool masked = digits == Digits::masked;
  std::string line;
  for (std::size_t at = 0; at < words.size();) {
    const char c = words[at];
    const auto length = std::max<std::size_t>(1, base::utf8_length(words, at));
    const auto sequence = words.substr(at, length);
    if (line.size() + length > longest_said) return line.append("...");
    at += length;
    if (length > 1) {
      if (masked && is_wide_digit(sequence)) {
        line += '#';
      } else {
        line.append(is_hidden(sequence) ? "?" : sequence);
      }
    } else if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7F) {  // or no UTF-8
      line += c == '\n' || c == '\t' ? ' ' : '?';
    } else {
      line += masked && c >= '0' && c <= '9' ? '#' : c;
    }
  }
  return line;
}

LogLine log_lines(base::Log& log, std::string name) {
  return [lines = std::make_shared<Lines>(log, std::move(name))](int level, std::string_view line) {
    lines->write(level, line);
  };
}

}  // namespace madoguchi::extension
