// Which reader is meant where none was named: the only one with a card, or the one that the clerk chooses.
#pragma once

#include <string>

#include "context.hpp"

namespace madoguchi::cli {

// The one reader with a card in it. With several, the clerk is asked at the terminal; without one, they are
// to name it.
struct Picked {
  std::string reader{};
  int exit_code = done;  // not done: there is no reader, and why has been said
};
Picked pick_reader(const Context& context, client::Client& client);

}  // namespace madoguchi::cli
