// What UTF-8 is, byte by byte: for whoever reads text that others wrote.
#pragma once

#include <cstddef>
#include <string_view>

namespace madoguchi::base {

// Bytes of the well-formed UTF-8 sequence of two to four bytes that begins at `at` (Unicode 15, table 3-7); 0
// if there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);

}  // namespace madoguchi::base
