// A My Number Card as a value: command bytes in, response bytes out. No clock, no file, no socket.
//
// Behaves as the genuine card is publicly known to, down to status words (JICSAP v1.1, ISO/IEC 7816-4). The
// administration (terminal authentication, key generation, certificate writing, PIN reset) is in the standard
// forms of ISO/IEC 7816-4/-8/-9 and says nothing about the genuine card, whose commands for these are not
// public.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "simulated_card/image.hpp"
#include "simulated_card/keys.hpp"

namespace madoguchi::simulated_card {

// What goes wrong inside the card while it executes one command.
struct Disturbance {
  // UPDATE BINARY stores only so many of its bytes, as when power fails; whoever asks for this sends no
  // answer.
  std::optional<std::size_t> cut_write;
  bool refuse_write = false;  // UPDATE BINARY answers 6581 and stores nothing
  bool refuse_key = false;    // GENERATE ASYMMETRIC KEY PAIR answers 6F00 and keeps the former key
};

struct Session;

class Card {
 public:
  // `memory` outlives the card; `keys` gives what GENERATE ASYMMETRIC KEY PAIR makes.
  Card(CardImage image, Memory& memory, KeySource keys = generate_rsa_2048);
  ~Card();
  Card(Card&&) noexcept;
  Card& operator=(Card&&) noexcept;

  // One command; always at least a status word.
  base::Bytes transmit(base::ByteView command, const Disturbance& disturbance = {});
  // Power on, off or reset: rights, current files and challenges are gone, the image stays.
  void reset();

  [[nodiscard]] const CardImage& image() const { return image_; }

 private:
  CardImage image_;
  Memory* memory_;
  KeySource keys_;
  std::unique_ptr<Session> session_;
};

}  // namespace madoguchi::simulated_card
