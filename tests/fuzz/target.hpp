// What every target here shares: an input read piece by piece, changes to a good message, and a claim that
// must hold.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

// Each target defines it; libFuzzer calls it with one input after another, within one process.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace madoguchi::fuzz {

inline void claim(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view text_of(base::ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Numbers and pieces out of an input; zero and empty when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::uint16_t word() {
    const auto high = byte();
    return static_cast<std::uint16_t>(high << 8U | byte());
  }
  base::ByteView piece(std::size_t size) {
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  base::ByteView rest() { return piece(rest_.size()); }
  [[nodiscard]] bool used_up() const { return rest_.empty(); }

 private:
  base::ByteView rest_;
};

// A good message as the rest of the input changes it: what is behind a signature is never reached by bytes
// that were found by chance.
inline base::Bytes changed(base::Bytes message, Input& input) {
  while (!input.used_up() && !message.empty()) {
    const auto at = input.word() % message.size();
    const auto place = message.begin() + static_cast<std::ptrdiff_t>(at);
    switch (input.byte() % 4) {
      case 0:
        *place = input.byte();
        break;
      case 1:
        message.erase(place, place + static_cast<std::ptrdiff_t>(
                                         std::min<std::size_t>(input.byte(), message.size() - at)));
        break;
      case 2: {
        const auto piece = input.piece(input.byte() % 32);
        message.insert(place, piece.begin(), piece.end());
        break;
      }
      default:
        message.resize(at);
    }
  }
  return message;
}

}  // namespace madoguchi::fuzz
