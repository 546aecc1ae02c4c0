// Refusals of access, without letting whoever is refused fill the disk: the first of a kind is an entry at
// once, the others of its window one entry together.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/entry.hpp"

namespace madoguchi::audit {

class Refusals {
 public:
  struct Bounds {
    std::chrono::milliseconds window = std::chrono::minutes(10);
    std::size_t kinds = 16;  // told apart within a window: callers and what they asked for
  };
  Refusals() = default;
  explicit Refusals(Bounds bounds) : bounds_(bounds) {}

  // `method` is empty where the connection itself was refused. What is to be recorded now, if anything.
  std::vector<Entry> refused(base::Instant now, const base::Actor& actor, std::string_view method);
  // What was only counted in a window that has ended by now.
  std::vector<Entry> settle(base::Instant now);
  // The same of windows that have not ended.
  std::vector<Entry> settle_all(base::Instant now);
  [[nodiscard]] bool counting() const { return !counted_.empty(); }

 private:
  struct Counted {
    base::Actor actor;
    std::string method;
    std::int64_t more = 0;
  };
  std::vector<Entry> close(base::Instant now);

  Bounds bounds_{};
  base::Instant since_{};
  std::map<std::pair<std::int64_t, std::string>, Counted> counted_;
  std::int64_t others_ = 0;  // of kinds beyond the bound
};

}  // namespace madoguchi::audit
