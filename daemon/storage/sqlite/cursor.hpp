// A place in the list of cases, as an opaque text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace madoguchi::storage {

// Just behind the case with this opening time (milliseconds since 1970) and id. It names no row number, so
// cases that are opened meanwhile do not shift it.
struct Cursor {
  std::int64_t opened_at = 0;
  std::string id;
};

std::string encode_cursor(const Cursor& cursor);
// nullopt for a text that encode_cursor() did not make, a shortened one included.
std::optional<Cursor> decode_cursor(std::string_view text);

}  // namespace madoguchi::storage
