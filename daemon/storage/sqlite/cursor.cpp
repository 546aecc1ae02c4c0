#include "sqlite/cursor.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace madoguchi::storage {
namespace {

// Layout: opening time (8 bytes, big-endian), id, the first 4 bytes of the SHA-256 of all that and the
// purpose.
constexpr std::size_t time_size = 8;
constexpr std::size_t check_size = 4;
constexpr std::string_view purpose = "madoguchi case cursor";

base::Bytes check_of(base::ByteView content) {
  base::Bytes whole(content.begin(), content.end());
  whole.insert(whole.end(), purpose.begin(), purpose.end());
  const auto digest = base::sha256(whole);
  return {digest.begin(), digest.begin() + check_size};
}

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  base::Bytes bytes;
  const auto time = static_cast<std::uint64_t>(cursor.opened_at);
  for (std::size_t i = 0; i < time_size; ++i)
    bytes.push_back(static_cast<std::uint8_t>(time >> (56 - 8 * i)));
  bytes.insert(bytes.end(), cursor.id.begin(), cursor.id.end());
  const auto check = check_of(bytes);
  bytes.insert(bytes.end(), check.begin(), check.end());
  return base::to_base64(bytes);
}

std::optional<Cursor> decode_cursor(std::string_view text) {
  const auto bytes = base::from_base64(text);
  if (!bytes || bytes->size() <= time_size + check_size) return std::nullopt;
  const base::ByteView content(bytes->data(), bytes->size() - check_size);
  const auto check = check_of(content);
  if (!std::equal(check.begin(), check.end(), content.end())) return std::nullopt;
  Cursor cursor;
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < time_size; ++i) time = time << 8 | content[i];
  cursor.opened_at = static_cast<std::int64_t>(time);
  cursor.id.assign(content.begin() + time_size, content.end());
  return cursor;
}

}  // namespace madoguchi::storage
