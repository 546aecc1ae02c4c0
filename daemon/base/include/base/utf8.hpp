// What UTF-8 is, byte by byte, and what of it hides in a line: for whoever reads text that others wrote.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace madoguchi::base {

// Bytes of the well-formed UTF-8 sequence of two to four bytes that begins at `at` (Unicode 15, table 3-7); 0
// if there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);

// Bytes of the character at `at` when it shows nothing of itself and makes the rest look like something else:
// a control (C0, DEL, C1) moves a terminal's cursor or sends it commands, a separator (U+2028, U+2029) begins
// a line, a bidirectional control (U+202A to U+202E, U+2066 to U+2069) turns the order around (UAX 9). 0 for
// any other.
std::size_t hidden_length(std::string_view text, std::size_t at);
// The first of those; npos if there is none.
std::size_t find_hidden(std::string_view text);
// As it can stand in a line of a log or on a terminal: those written out, e.g. "\u202E", what is no UTF-8 as
// "?", and what is beyond `longest` bytes as "...".
std::string on_one_line(std::string_view text, std::size_t longest = std::string_view::npos);

}  // namespace madoguchi::base
