// When a plugin that failed may be asked again, and when no more. A pure state machine: time is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace madoguchi::extension {

struct HealthRules {
  // The first failure in a while costs one denied decision; the next ones a wait that doubles from
  // `first_wait` to `longest_wait`; so many in `window` put it into quarantine.
  std::chrono::milliseconds first_wait{100};
  std::chrono::milliseconds longest_wait{5'000};
  std::size_t most_failures = 5;
  std::chrono::seconds window{60};
  // After which it is asked once: a good answer ends it, another failure doubles it. One that follows within
  // the longest is a relapse, and doubles it too.
  std::chrono::seconds first_quarantine{60};
  std::chrono::seconds longest_quarantine{3'600};
};

class Health {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t { ready, waiting, quarantined };

  explicit Health(HealthRules rules = {}) : rules_(rules) {}

  [[nodiscard]] State state(Time now) const;
  // Also true of one in quarantine whose time has come to show that it is well.
  [[nodiscard]] bool may_be_asked(Time now) const { return now >= wait_until_; }
  void succeeded(Time now);
  void failed(Time now, std::string reason);
  // It did not even start again in its time: to try that once more soon would keep everybody waiting again.
  void did_not_start(Time now, std::string reason);

  [[nodiscard]] std::uint64_t calls() const { return calls_; }  // failed ones included
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] const std::string& last_failure() const { return reason_; }

 private:
  void note_failure(std::string reason);
  [[nodiscard]] bool relapsed(Time now) const;
  void quarantine(Time now, bool again);

  HealthRules rules_;
  std::deque<Time> recent_;  // failures in the window, the oldest first
  Time wait_until_{};
  bool quarantined_ = false;
  std::chrono::seconds quarantine_{};  // how long the last one was; zero: there was none
  Time healed_{};                      // when the last one ended
  std::uint64_t calls_ = 0;
  std::uint64_t failures_ = 0;
  std::string reason_;
};

std::string_view to_text(Health::State state);

}  // namespace madoguchi::extension
