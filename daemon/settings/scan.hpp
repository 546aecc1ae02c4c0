// The text before any YAML is read: is it text at all, and where is what in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/complaint.hpp"

namespace madoguchi::settings {

// Finds lines of a text, and columns in characters where a byte offset within a line is known.
class Places {
 public:
  explicit Places(std::string_view text);
  // `byte` is the offset into the whole text.
  [[nodiscard]] Position at(std::size_t byte) const;
  // yaml-cpp's way: line from 0, bytes from the line's beginning.
  [[nodiscard]] Position at(int line, int column) const;

 private:
  // How far the characters of a line have been counted.
  struct Counted {
    int line = 0;
    std::size_t bytes = 0;
    int characters = 0;
  };

  std::string_view text_;
  std::vector<std::size_t> lines_;
  mutable Counted counted_;
};

struct Unreadable {
  std::size_t byte;
  std::string message;
};

// The first byte that no text file has: NUL and other control characters, or a sequence that is not UTF-8.
std::optional<Unreadable> find_unreadable(std::string_view text);

// `text` as it may be shown on one line: quoted, shortened, control characters replaced.
std::string quote(std::string_view text);

}  // namespace madoguchi::settings
