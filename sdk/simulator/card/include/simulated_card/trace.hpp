// Commands and answers as lines for a log, without anything secret.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace madoguchi::simulated_card {

// Header and lengths always; the data never where a PIN travels (VERIFY, CHANGE REFERENCE DATA, CHANGE KEY,
// RESET RETRY COUNTER, in whatever class), nor where the command does not parse.
std::string trace_command(base::ByteView command);
// Long answers are cut; the status word is always there.
std::string trace_answer(base::ByteView answer);

}  // namespace madoguchi::simulated_card
