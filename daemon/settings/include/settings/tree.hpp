// The strict YAML reader: bytes in, a tree in which every value knows its place, or complaints out.
//
// yaml-cpp's own Node accepts duplicate keys (the first wins), cycles made of aliases, and several documents
// without a word; so this reader stands on its event handler interface. Refused: aliases, anchors, tags,
// directives that matter, duplicate keys, keys that are not plain words, a second document, NUL and other
// control characters, text that is not UTF-8, and anything beyond the limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/complaint.hpp"

namespace madoguchi::settings {

struct Limits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 24;  // mappings and lists inside each other
  std::size_t nodes = 20'000;
};

struct Member;

struct Value {
  // `refused`: complained about already (an alias); whoever reads it has nothing to add.
  enum class Kind : std::uint8_t { nothing, scalar, list, mapping, refused };
  Kind kind = Kind::nothing;
  Position at;
  std::string text;             // of a scalar
  bool quoted = false;          // a scalar in quotes or a block is a text, whatever it looks like
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a mapping, in the file's order, no key twice

  [[nodiscard]] const Member* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Position at;  // of the key
  Value value;
};

// What could be read in spite of the complaints, so that the values can be complained about at the same time;
// no root when the text cannot be read to its end.
struct Tree {
  std::optional<Value> root;
  std::vector<Complaint> complaints;
};

// `file` only names the place in complaints; nothing is opened.
Tree read_tree(std::string_view text, const std::string& file, const Limits& limits = {});

}  // namespace madoguchi::settings
