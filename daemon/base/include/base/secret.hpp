// A short secret (a PIN, a password) that cannot be printed, copied, logged or turned into JSON, and wipes
// itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace madoguchi::base {

// Overwrites memory in a way that the compiler may not leave out.
void wipe(void* data, std::size_t size) noexcept;

// Overwrites what returned functions have left of their frames, 16 KiB deep: compilers spill there what they
// move, a JSON parser unescapes there, and the dynamic linker saves there the vector registers through which
// a secret was just copied. Call it from the frame under which a secret was worked on.
void wipe_stack() noexcept;

class Secret {
 public:
  // JPKI's longest password has 16 characters; room is left for other cards' codes.
  static constexpr std::size_t capacity = 64;

  Secret() = default;
  // Takes at most `capacity` bytes; a longer text gives an empty secret whose overlong() is true, so that a
  // check of the format refuses it without anybody having cut it short.
  explicit Secret(std::string_view text) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The one way in. Whoever calls this answers for where the bytes go.
  [[nodiscard]] std::span<const std::uint8_t> reveal() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] bool overlong() const noexcept { return overlong_; }
  // A second holder, made on purpose and by name.
  [[nodiscard]] Secret duplicate() const noexcept;

 private:
  std::array<std::uint8_t, capacity> bytes_{};
  std::size_t size_ = 0;
  bool overlong_ = false;
};

}  // namespace madoguchi::base
