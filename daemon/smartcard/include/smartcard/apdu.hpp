// Command and response APDUs (ISO/IEC 7816-3/-4) as values.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace madoguchi::smartcard {

struct StatusWord {
  std::uint16_t value = 0;

  [[nodiscard]] constexpr std::uint8_t sw1() const { return static_cast<std::uint8_t>(value >> 8); }
  [[nodiscard]] constexpr std::uint8_t sw2() const { return static_cast<std::uint8_t>(value & 0xFF); }
  [[nodiscard]] constexpr bool ok() const { return value == 0x9000; }
  // The count in 63Cx (ISO/IEC 7816-4 table 6); nullopt for any other status.
  [[nodiscard]] constexpr std::optional<int> counter() const {
    if ((value & 0xFFF0) != 0x63C0) return std::nullopt;
    return value & 0x000F;
  }
  friend constexpr bool operator==(StatusWord, StatusWord) = default;
};

// Four hexadecimal digits, e.g. "6A82".
std::string to_string(StatusWord status);

// One command. Move-only, since its data may be a secret; a secret's bytes can only be had through encode().
class Command {
 public:
  // CLA INS P1 P2
  struct Header {
    std::uint8_t cla = 0;
    std::uint8_t ins = 0;
    std::uint8_t p1 = 0;
    std::uint8_t p2 = 0;
  };
  // Longest encoding: extended length, 7 bytes of header and Lc, 65,535 of data, 2 of Le.
  static constexpr std::size_t max_encoded = 7 + 65535 + 2;
  // Data up to this length, and Le up to 256, are encoded in short form; anything longer in extended form.
  static constexpr std::size_t max_short_data = 255;

  // `expected` is Ne: nullopt for no Le, 1..256 short, up to 65,536 extended. Lengths out of range, and a
  // secret that is empty or overlong, are programming errors and throw std::invalid_argument: formats are
  // checked long before.
  explicit Command(Header header, base::Bytes data = {},
                   std::optional<std::uint32_t> expected = std::nullopt);
  // A template, so that `{}` always means no data and is never mistaken for a secret.
  template <std::same_as<base::Secret> S>
  Command(Header header, S secret, std::optional<std::uint32_t> expected = std::nullopt)
      : header_(header), secret_(std::move(secret)), secret_used_(true), expected_(expected) {
    check();
  }

  [[nodiscard]] const Header& header() const { return header_; }
  // Data that is not a secret; empty for a command that carries one.
  [[nodiscard]] const base::Bytes& data() const { return data_; }
  [[nodiscard]] bool secret() const { return secret_used_; }
  [[nodiscard]] std::optional<std::uint32_t> expected() const { return expected_; }
  // The same command with another Le, after 6Cxx.
  [[nodiscard]] Command with_expected(std::uint32_t expected) const;

  [[nodiscard]] std::size_t encoded_size() const;
  // Writes the encoding to `out`, which has room for encoded_size(); whoever owns `out` wipes it when
  // secret().
  std::size_t encode(std::span<std::uint8_t> out) const;
  // For logs: header, and length and hexadecimal form of the data unless it is a secret, then neither.
  [[nodiscard]] std::string describe() const;

 private:
  void check() const;

  Header header_;
  base::Bytes data_;
  base::Secret secret_;
  bool secret_used_ = false;
  std::optional<std::uint32_t> expected_;
};

struct Response {
  base::Bytes data;
  StatusWord status;
};

// Cuts the status word off; fewer than two bytes is a card that vanished (card.removed), never a response.
base::Result<Response> parse_response(base::ByteView bytes);

// Parses a command as a card receives it; nullopt when the lengths do not add up. Extended and short forms.
struct ReceivedCommand {
  Command::Header header;
  base::Bytes data;
  std::optional<std::uint32_t> expected;
};
std::optional<ReceivedCommand> parse_command(base::ByteView bytes);

}  // namespace madoguchi::smartcard
