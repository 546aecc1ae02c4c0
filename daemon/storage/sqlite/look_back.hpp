// Goes through the log from its first line for what earlier starts have found no signature over: in pieces,
// as the log may be of many years, and past what the disk does not give back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "audit/verifier.hpp"

namespace madoguchi::storage {

// The line, where it tells what a start has found.
std::optional<audit::ReadLine> finding_in(std::string_view line);

class LookBack {
 public:
  LookBack() = default;  // with nothing to look at
  // What follows on `since`, up to the entry `to`: what comes then is of this start.
  LookBack(std::vector<audit::PublicKey> keys, std::int64_t since, std::int64_t to)
      : keys_(std::move(keys)), since_(since), to_(to) {}

  [[nodiscard]] bool done() const { return since_ >= to_; }
  // Behind which number it goes on.
  [[nodiscard]] std::int64_t since() const { return since_; }
  void row(std::int64_t seq, std::string_view line);
  // The row that was to follow on the last one.
  void not_read();
  void end() { since_ = to_; }
  [[nodiscard]] std::vector<audit::Problem> found() const;

 private:
  std::vector<audit::PublicKey> keys_;
  std::int64_t since_ = 0;
  std::int64_t to_ = 0;
  std::int64_t step_ = 0;  // over rows that cannot be read
  std::optional<std::int64_t> first_;
  std::int64_t run_ends_ = 0;  // of entries about one start's findings, the last one
  audit::Place behind_;        // where the chain stood before that start
  std::optional<audit::Problem> unproven_, unreadable_;
};

}  // namespace madoguchi::storage
