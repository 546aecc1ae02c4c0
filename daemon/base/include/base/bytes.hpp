// Byte strings, their hexadecimal and base64 forms, and SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace madoguchi::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Sha256 = std::array<std::uint8_t, 32>;

// Lower-case hexadecimal without separators.
std::string to_hex(ByteView bytes);

// Accepts both cases; nothing else, not even spaces. nullopt on anything that is not pairs of hexadecimal
// digits.
std::optional<Bytes> from_hex(std::string_view text);

// Standard alphabet with padding (RFC 4648 section 4).
std::string to_base64(ByteView bytes);
std::optional<Bytes> from_base64(std::string_view text);

Sha256 sha256(ByteView bytes);

// Cryptographically strong random bytes; throws std::runtime_error when the system has none to give.
Bytes random_bytes(std::size_t count);

}  // namespace madoguchi::base
