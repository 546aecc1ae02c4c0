#include "slips.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace madoguchi::settings {
namespace {

constexpr std::string_view wide_colon = "\xEF\xBC\x9A";
constexpr std::string_view wide_space = "\xE3\x80\x80";
constexpr std::string_view no_break_space = "\xC2\xA0";

// Quoted texts and comments made blank, byte for byte: whatever stands in them is no slip.
std::string bare(std::string_view line) {
  std::string text(line);
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char before = i == 0 ? ' ' : line[i - 1];
    const bool begins = before == ' ' || before == '\t' || before == '[' || before == '{' || before == ',';
    if (quote != 0) {
      if (c == quote) quote = 0;
      text[i] = '_';
    } else if ((c == '"' || c == '\'') && begins) {
      quote = c;
      text[i] = '_';
    } else if (c == '#' && (before == ' ' || before == '\t')) {
      text.resize(i);
    }
  }
  return text;
}

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Where the key of a line begins, after its indentation and dashes.
std::size_t key_begins(std::string_view line) {
  auto at = line.find_first_not_of(" \t");
  while (at != std::string_view::npos && line.substr(at).starts_with("- "))
    at = line.find_first_not_of(' ', at + 1);
  return std::min(at, line.size());
}

std::optional<Slip> space_slip(std::string_view line) {
  const auto indent = line.find_first_not_of(' ');
  if (indent == std::string_view::npos) return std::nullopt;
  if (line[indent] == '\t') return Slip{indent, "a tab in the indentation; indent with spaces"};
  for (const auto space : {wide_space, no_break_space}) {
    const auto at = line.find(space);
    if (at == std::string_view::npos) continue;
    // Between two words of a text it is a character like any other.
    const auto before = line.substr(0, at).find_last_not_of(' ');
    const bool in_text = before != std::string_view::npos &&
                         std::string_view(":-[{,").find(line[before]) == std::string_view::npos;
    if (in_text) continue;
    const std::string name =
        space == wide_space ? "a full-width space (U+3000)" : "a no-break space (U+00A0)";
    return Slip{at, name + "; write an ordinary space"};
  }
  return std::nullopt;
}

std::optional<Slip> colon_slip(std::string_view line) {
  const auto begins = key_begins(line);
  auto ends = begins;
  while (ends < line.size() && word_char(line[ends])) ++ends;
  if (ends == begins) return std::nullopt;
  const std::string key(line.substr(begins, ends - begins));
  const auto rest = line.substr(ends);
  if (rest.starts_with(wide_colon))
    return Slip{ends, "a full-width colon (U+FF1A); write \"" + key + ": \" with an ordinary one"};
  const bool glued = rest.size() > 1 && rest[0] == ':' && rest[1] != ' ' && !rest.starts_with("://");
  const bool letters = key.find_first_not_of("0123456789") != std::string::npos;  // 08:30 is a time
  if (glued && letters) return Slip{ends, "no space after the colon; write \"" + key + ": \""};
  return std::nullopt;
}

std::optional<Slip> dash_slip(std::string_view line) {
  const auto at = line.find_first_not_of(' ');
  if (at == std::string_view::npos || line[at] != '-' || at + 1 >= line.size()) return std::nullopt;
  const char next = line[at + 1];
  const bool glued = next == '{' || next == '[' || next == '_' || (word_char(next) && next != '-');
  const bool number = next >= '0' && next <= '9';
  if (!glued || number) return std::nullopt;
  return Slip{at, "no space after the dash; write \"- \""};
}

// A bracket that nothing closes: the next key of the lines below, or another bracket's end, comes first.
class Brackets {
 public:
  void line(std::string_view text, std::size_t begins) {
    const auto indent = std::min(text.find_first_not_of(' '), text.size());
    if (!open_.empty() && !slip_ && indent <= open_.back().indent && starts_a_key(text.substr(indent)))
      slip_ = open_.back().byte;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      // In the middle of a text it is a character like any other.
      const auto before = text.substr(0, i).find_last_not_of(' ');
      const bool opens =
          !open_.empty() || before == std::string_view::npos || text[before] == ':' || text[before] == '-';
      if ((c == '[' || c == '{') && opens) open_.push_back({c, begins + i, indent});
      if ((c != ']' && c != '}') || open_.empty()) continue;
      const bool fits = (open_.back().bracket == '[') == (c == ']');
      if (!fits && !slip_) slip_ = open_.back().byte;
      open_.pop_back();
    }
  }

  [[nodiscard]] std::optional<Slip> slip(std::string_view text) const {
    const auto at = slip_ ? slip_ : open_.empty() ? std::nullopt : std::optional(open_.front().byte);
    if (!at) return std::nullopt;
    return Slip{*at, text[*at] == '[' ? "this [ is not closed; write ] at its end"
                                      : "this { is not closed; write } at its end"};
  }

 private:
  struct Open {
    char bracket;
    std::size_t byte;
    std::size_t indent;  // of its line
  };

  static bool starts_a_key(std::string_view text) {
    if (text.starts_with("- ")) return true;
    std::size_t ends = 0;
    while (ends < text.size() && word_char(text[ends])) ++ends;
    return ends > 0 && text.substr(ends).starts_with(":");
  }

  std::vector<Open> open_;
  std::optional<std::size_t> slip_;
};

// Lines of a text in a block (| or >), which are indented deeper than what they belong to.
class Blocks {
 public:
  bool holds(std::string_view line) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos) return inside_;
    if (inside_ && indent > indent_) return true;
    inside_ = false;
    const auto last = line.find_last_of(' ');
    const auto mark = last == std::string_view::npos ? line : line.substr(last + 1);
    if (mark == "|" || mark == ">" || mark == "|-" || mark == ">-" || mark == "|+" || mark == ">+") {
      inside_ = true;
      indent_ = indent;
    }
    return false;
  }

 private:
  bool inside_ = false;
  std::size_t indent_ = 0;  // of the line that it belongs to
};

}  // namespace

std::optional<Slip> find_slip(std::string_view text, int line) {
  constexpr int farthest = 20;  // lines that the parser goes on for
  std::optional<Slip> last;
  Brackets brackets;
  Blocks blocks;
  std::size_t begins = 0;
  std::size_t stopped = text.size();
  for (int at = 0; begins <= text.size(); ++at) {
    const auto end = std::min(text.find('\n', begins), text.size());
    auto row = bare(text.substr(begins, end - begins));
    while (row.ends_with('\r') || row.ends_with(' ')) row.pop_back();
    if (!blocks.holds(row)) {
      constexpr std::array kinds{&space_slip, &colon_slip, &dash_slip};
      for (std::size_t kind = 0; kind < kinds.size() && at <= line && at >= line - farthest; ++kind) {
        auto slip = kinds.at(kind)(row);
        if (!slip) continue;
        slip->byte += begins;
        last = std::move(slip);
        break;
      }
      brackets.line(row, begins);
    }
    if (at == line) stopped = end;
    begins = end + 1;
  }
  const auto open = brackets.slip(text);
  const bool bracket = open && open->byte < stopped && (!last || last->byte < open->byte);
  return bracket ? open : last;
}

}  // namespace madoguchi::settings
