// Who has something done: what the daemon knows of the caller by itself, and whom the front end names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace madoguchi::base {

struct Actor {
  std::optional<std::uint32_t> uid{};  // none: the daemon of its own accord
  std::string role{};                  // the caller's roles, with commas
  std::string staff{};                 // the front end's own id of the clerk; empty where none is named
};

}  // namespace madoguchi::base
