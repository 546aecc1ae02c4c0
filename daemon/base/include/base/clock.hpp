// Where "now" comes from: the only way in which time enters.
#pragma once

#include <chrono>

namespace madoguchi::base {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

}  // namespace madoguchi::base
