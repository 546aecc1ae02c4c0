// Another program that is given its input and runs to its end, without a shell in between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interrupts.hpp"

namespace madoguchi::cli {

struct Ended {
  enum class How : unsigned char { not_started, exited, killed, interrupted } how;
  int status = 0;  // the exit status, the signal, or why it was not started (errno)
};

// `command`: its path and arguments. What it prints goes where this program prints. An interrupt ends it too.
Ended run_filter(const std::vector<std::string>& command, std::string_view input,
                 const Interrupts& interrupts);

}  // namespace madoguchi::cli
