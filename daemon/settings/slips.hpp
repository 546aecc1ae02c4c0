// What people mistype in YAML, looked for once the parser has given up: it stops lines below the slip, and
// says what it missed instead of what was mistyped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::settings {

struct Slip {
  std::size_t byte;
  std::string message;  // what stands there and what to write
};

// The last slip on or before that line (from 0).
std::optional<Slip> find_slip(std::string_view text, int line);

}  // namespace madoguchi::settings
