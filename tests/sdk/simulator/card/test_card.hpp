// A card for tests: a citizen with keys and certificates-to-be, and a memory that counts.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "simulated_card/card.hpp"
#include "simulated_card/personalise.hpp"
#include "test_keys.hpp"

namespace madoguchi::simulated_card {

class CountingMemory : public Memory {
 public:
  bool commit(const CardImage& image) override {
    if (full) return false;
    ++commits;
    last = image;
    return true;
  }
  bool full = false;
  int commits = 0;
  CardImage last;
};

inline base::Bytes hex(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c != ' ') packed.push_back(c);
  }
  return base::from_hex(packed).value();
}

inline base::Bytes text(std::string_view characters) {
  return {characters.begin(), characters.end()};
}

// Header, Lc and data.
inline base::Bytes command(std::string_view header, base::ByteView data, std::string_view expected = "") {
  auto bytes = hex(header);
  bytes.push_back(static_cast<std::uint8_t>(data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  const auto tail = hex(expected);
  bytes.insert(bytes.end(), tail.begin(), tail.end());
  return bytes;
}

struct TestCard : public ::testing::Test {
  // 0: signature, 1: authentication, 2: the common application's.
  static base::Bytes key(std::size_t which) { return base::from_base64(test_keys[which]).value(); }
  // Stands for a certificate: a SEQUENCE of 1,004 bytes.
  static base::Bytes certificate(std::uint8_t filling) {
    base::Bytes der(1004, filling);
    const auto head = hex("308203E8");
    std::copy(head.begin(), head.end(), der.begin());
    return der;
  }
  static base::Bytes terminal_key() { return base::Bytes(32, 0x5A); }

  static CardImage image(CitizenKind kind = CitizenKind::expiring_soon, Layout layout = Layout::spare) {
    using std::chrono::year;
    Order order{.kind = kind,
                .today = year(2026) / 4 / 1,
                .seed = 7,
                .birth = {},
                .issued_on = {},
                .expires_on = {},
                .card_expires_on = {},
                .tries = {},
                .pins = {{PinKind::signature, "ABC123"},
                         {PinKind::authentication, "1234"},
                         {PinKind::resident_register, "5678"},
                         {PinKind::card_surface_input, "9012"}}};
    const auto citizen = make_citizen(order).value();
    Personalisation made{.citizen = citizen,
                         .layout = layout,
                         .signature = {},
                         .authentication = {key(1), certificate(0xAA)},
                         .signature_issuer = certificate(0x22),
                         .authentication_issuer = certificate(0xBB),
                         .terminal_key = terminal_key(),
                         .internal_key = key(2)};
    if (citizen.has_signature()) made.signature = {key(0), certificate(0x11)};
    return personalise(made);
  }

  // The answer in hexadecimal, status word last.
  std::string send(base::ByteView bytes) { return base::to_hex(card.transmit(bytes)); }
  std::string send(std::string_view bytes) { return send(hex(bytes)); }
  std::string select_jpki() { return send("00A4040C 0A D392F000260100000001"); }
  std::string select_common() { return send("00A4040C 0A D3921000310001010100"); }
  std::string select_register() { return send("00A4040C 0A D3921000310001010401"); }
  std::string verify_authentication(std::string_view pin) { return send(command("00200098", text(pin))); }
  std::string verify_signature(std::string_view pin) { return send(command("0020009B", text(pin))); }
  // Proves the terminal's key to the current application.
  std::string authenticate_terminal();

  CountingMemory memory;
  Card card{image(), memory};
};

}  // namespace madoguchi::simulated_card
