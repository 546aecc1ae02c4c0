#include "said.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>

#include "base/utf8.hpp"

namespace madoguchi::extension {
namespace {

using Clock = std::chrono::steady_clock;

bool is_wide_digit(std::string_view sequence) {
  return sequence.size() == 3 && sequence >= "\uFF10" && sequence <= "\uFF19";
}

bool is_break(char c) {
  return c == '\n' || c == '\t';
}

std::string visible(std::string_view words, Breaks breaks) {
  std::string text;
  for (std::size_t at = 0; at < words.size();) {
    const auto hidden = base::hidden_length(words, at);
    if (hidden == 0) {
      text.push_back(words[at++]);
    } else if (is_break(words[at])) {
      text.push_back(breaks == Breaks::kept ? words[at] : ' ');
      ++at;
    } else {
      text.push_back('?');
      at += hidden;
    }
  }
  return text;
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
        line.append(base::hidden_length(sequence, 0) != 0 ? "?" : sequence);
      }
    } else if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7F) {  // or no UTF-8
      line += is_break(c) ? ' ' : '?';
    } else {
      line += masked && c >= '0' && c <= '9' ? '#' : c;
    }
  }
  return line;
}

std::string visible(std::string_view words) {
  return visible(words, Breaks::spaces);
}

void make_visible(boost::json::value& value, Breaks breaks) {
  const auto hides = [](std::string_view text) { return base::find_hidden(text) != std::string_view::npos; };
  if (auto* text = value.if_string()) {
    if (hides(*text)) *text = visible(*text, breaks);
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) make_visible(item, breaks);
  } else if (auto* object = value.if_object()) {
    boost::json::object renamed;
    for (auto& member : *object) {
      make_visible(member.value(), breaks);
      if (hides(member.key())) renamed[visible(member.key())] = member.value();
    }
    for (const auto& member : renamed) (*object)[member.key()] = member.value();
    for (auto at = object->begin(); at != object->end();) at = hides(at->key()) ? object->erase(at) : at + 1;
  }
}

LogLine log_lines(base::Log& log, std::string name) {
  return [lines = std::make_shared<Lines>(log, std::move(name))](int level, std::string_view line) {
    lines->write(level, line);
  };
}

}  // namespace madoguchi::extension
