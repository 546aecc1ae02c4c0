// What is wrong with an administrator's file, as a compiler would say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace madoguchi::settings {

// Where something stands. Both count from 1, columns in characters.
struct Position {
  int line = 1;
  int column = 1;
  bool operator==(const Position&) const = default;
  bool operator<(const Position& other) const {
    return line != other.line ? line < other.line : column < other.column;
  }
};

struct Complaint {
  std::string file;
  Position at;
  std::string key;      // key path, e.g. "offices[2].name.ja"; empty where there is none
  std::string message;  // what was expected, and what was found
  bool operator==(const Complaint&) const = default;
};

// `file:line:column: key: message`.
std::string to_text(const Complaint& complaint);

// A value made of a file without any fault, or everything that is wrong with the file, in its order.
template <class T>
struct Loaded {
  std::optional<T> value;
  std::vector<Complaint> complaints{};  // never empty without a value, always empty with one
};

}  // namespace madoguchi::settings
