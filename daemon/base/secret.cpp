#include "base/secret.hpp"

#include <string.h>

#include <algorithm>
#include <array>

namespace madoguchi::base {

void wipe(void* data, std::size_t size) noexcept {
  // Not OPENSSL_cleanse, which goes word by word: this is done for every request.
  if (size != 0) ::explicit_bzero(data, size);
}

[[gnu::noinline]] void wipe_stack() noexcept {
  std::array<std::uint8_t, 16 * 1024> below;
  wipe(below.data(), below.size());
}

Secret::Secret(std::string_view text) noexcept : overlong_(text.size() > capacity) {
  if (overlong_) return;
  std::copy(text.begin(), text.end(), bytes_.begin());
  size_ = text.size();
}

Secret::Secret(Secret&& other) noexcept {
  *this = std::move(other);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(bytes_.data(), bytes_.size());
  std::copy_n(other.bytes_.begin(), other.size_, bytes_.begin());
  size_ = other.size_;
  overlong_ = other.overlong_;
  wipe(other.bytes_.data(), other.bytes_.size());
  other.size_ = 0;
  other.overlong_ = false;
  return *this;
}

Secret::~Secret() {
  wipe(bytes_.data(), bytes_.size());
}

Secret Secret::duplicate() const noexcept {
  Secret second;
  std::copy_n(bytes_.begin(), size_, second.bytes_.begin());
  second.size_ = size_;
  second.overlong_ = overlong_;
  return second;
}

}  // namespace madoguchi::base
