// Where PINs come from: the terminal, or lines of standard input for scripts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "interrupts.hpp"
#include "madoguchi_client/secret.hpp"

namespace madoguchi::cli {

// PINs given beforehand, by name: `authentication`, `signature`, `resident_register`, and with the prefix
// `new.` the PINs to be set when one is initialised.
class GivenPins {
 public:
  // Reads lines `NAME=VALUE` up to the end. The complaint is the number of the first line that is not one; 0
  // when interrupted. No line's text is ever shown: it may be a PIN.
  struct Outcome;
  static Outcome read(int fd, const Interrupts& interrupts);

  // The PIN, which can be taken once: a wrong one is never sent again.
  std::optional<client::Secret> take(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const { return pins_.find(name) != pins_.end(); }
  // For one that was right and that the card may forget.
  void give_back(std::string_view name, client::Secret pin);

 private:
  std::map<std::string, client::Secret, std::less<>> pins_;
};

struct GivenPins::Outcome {
  std::optional<GivenPins> pins{};
  int bad_line = 0;
};

}  // namespace madoguchi::cli
