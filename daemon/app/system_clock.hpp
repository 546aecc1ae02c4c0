// This machine's clock, to the millisecond.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace madoguchi::app {

class SystemClock : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace madoguchi::app
