// When a plugin that failed may be asked again, and when no more. A pure state machine: time is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace madoguchi::extension {

struct HealthRules {
  // The first failure in a while costs one denied decision; the next ones a wait that doubles from
  // `first_wait` to `longest_wait`; so many in `window` end it until the next reload.
  std::chrono::milliseconds first_wait{100};
  std::chrono::milliseconds longest_wait{5'000};
  std::size_t most_failures = 5;
  std::chrono::seconds window{60};
};

class Health {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t { ready, waiting, quarantined };

  explicit Health(HealthRules rules = {}) : rules_(rules) {}

  [[nodiscard]] State state(Time now) const;
  [[nodiscard]] bool may_be_asked(Time now) const { return state(now) == State::ready; }
  void succeeded() { ++calls_; }
  void failed(Time now, std::string reason);

  [[nodiscard]] std::uint64_t calls() const { return calls_; }  // failed ones included
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] const std::string& last_failure() const { return reason_; }

 private:
  HealthRules rules_;
  std::deque<Time> recent_;  // failures in the window, the oldest first
  Time wait_until_{};
  bool quarantined_ = false;
  std::uint64_t calls_ = 0;
  std::uint64_t failures_ = 0;
  std::string reason_;
};

std::string_view to_text(Health::State state);

}  // namespace madoguchi::extension
