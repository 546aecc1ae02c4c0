// A short secret (a PIN) that wipes itself and cannot be copied or printed.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace madoguchi::client {

// Overwrites memory in a way that the compiler may not leave out.
void wipe(void* data, std::size_t size) noexcept;

class Secret {
 public:
  static constexpr std::size_t capacity = 64;

  Secret() = default;
  explicit Secret(std::string_view text) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // False when there is no more room; the secret is then unusable: overlong() is true and it is empty.
  bool append(char c) noexcept;
  void clear() noexcept;

  // Whoever calls this answers for where the bytes go.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] bool overlong() const noexcept { return overlong_; }

 private:
  std::array<char, capacity> bytes_{};
  std::size_t size_ = 0;
  bool overlong_ = false;
};

}  // namespace madoguchi::client
