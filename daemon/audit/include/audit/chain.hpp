// The chain of entries: each line has its number, the hash of the line before and its own, so that none can
// be changed, left out, put in or moved without its followers showing it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry.hpp"
#include "base/result.hpp"

namespace madoguchi::audit {

// Hexadecimal, as of the line before the first.
std::string no_hash();

// No chain gets that far, and nothing with a greater number is read as a part of one: the largest that every
// reader of JSON keeps, with room behind it for counting on.
inline constexpr std::int64_t last_number = (std::int64_t{1} << 53) - 1;

// A place in the chain: just behind the entry with that number and hash.
struct Place {
  std::int64_t seq = 0;
  std::string hash = no_hash();
  bool operator==(const Place&) const = default;
};

struct Line {
  Place before;
  Entry entry;
  [[nodiscard]] std::int64_t seq() const { return before.seq + 1; }
};

// The canonical form, one JSON object without its '\n': {"seq":1,"prev":"...","at":"...","kind":"...",
// "what":"...", fields in their order, "hash":"..."}. The hash is the SHA-256 of the same line without it.
std::string to_text(const Line& line);

// A line read back, with the place that it leads to. Only what to_text() writes is a line, byte for byte:
// internal otherwise, or where the hash is not that of the line.
struct ReadLine {
  Line line;
  Place after;
};
base::Result<ReadLine> read_line(std::string_view text);

// Where the next entry goes.
class Chain {
 public:
  explicit Chain(Place head = {}) : head_(std::move(head)) {}
  struct Row {
    std::int64_t seq = 0;
    std::string text;
  };
  Row append(const Entry& entry);
  [[nodiscard]] const Place& head() const { return head_; }

 private:
  Place head_;
};

}  // namespace madoguchi::audit
