// How far a job has come with the PINs that it was given: a job may outlive whoever waits for it, and only it
// knows what it has sent.
#pragma once

#include <atomic>
#include <cstdint>

namespace madoguchi::counter {

class PinsBegun {
 public:
  // On the reader's thread, before each PIN in turn. False: nobody waits any more, and it must not be sent.
  bool begin() {
    auto known = state_.load();
    while ((known & closed) == 0) {
      if (state_.compare_exchange_weak(known, known + one_begun)) return true;
    }
    return false;
  }
  void matched() { state_ += one_matched; }

  struct HowFar {
    std::size_t begun = 0;
    std::size_t matched = 0;
  };
  // On the loop, once the job is no longer waited for: no PIN goes to the card from now on.
  HowFar close() {
    const auto known = state_.fetch_or(closed);
    return {(known / one_begun) % per_count, (known / one_matched) % per_count};
  }

 private:
  static constexpr std::uint32_t closed = 1;
  static constexpr std::uint32_t per_count = 1U << 8U;
  static constexpr std::uint32_t one_begun = 1U << 8U;
  static constexpr std::uint32_t one_matched = 1U << 16U;

  // Both counts and the end in one word, so that none is read without the others.
  std::atomic<std::uint32_t> state_{0};
};

}  // namespace madoguchi::counter
