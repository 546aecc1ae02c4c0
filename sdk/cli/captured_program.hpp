// Another program whose standard output is read to its end, without a shell in between.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "interrupts.hpp"

namespace madoguchi::cli {

struct Captured {
  enum class How : unsigned char { exited, killed, not_started, overdue, interrupted } how;
  int status = 0;        // the exit status, the signal, or why it was not started (errno)
  std::string output{};  // what came until then
};

// `command`: its path and arguments. What it says on standard error goes nowhere. One that takes longer than
// `patience`, or that is interrupted, is killed.
Captured capture(const std::vector<std::string>& command, std::chrono::seconds patience,
                 const Interrupts& interrupts);
// Is told of each line as it comes, and gives how long the next one may take.
using OnLine = std::function<std::chrono::milliseconds(const std::string& line)>;
// The same, where `patience` is for the first line.
Captured capture_lines(const std::vector<std::string>& command, std::chrono::milliseconds patience,
                       const Interrupts& interrupts, const OnLine& on_line);

}  // namespace madoguchi::cli
