#include "base/secret.hpp"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>

namespace madoguchi::base {
namespace {

// What is swapped out is written to a disk, where nobody wipes it. The pages stay locked: others' secrets may
// stand on them, and unlocking them would not ask. Beyond the limit (RLIMIT_MEMLOCK) a secret is still wiped.
void keep_in_memory(const void* data, std::size_t size) noexcept {
  static_cast<void>(::mlock(data, size));
}

}  // namespace

void wipe(void* data, std::size_t size) noexcept {
  // Not OPENSSL_cleanse, which goes word by word: this is done for every request.
  if (size != 0) ::explicit_bzero(data, size);
}

[[gnu::noinline]] void wipe_stack() noexcept {
  std::array<std::uint8_t, 16UL * 1024> below;
  wipe(below.data(), below.size());
}

Secret::Secret(std::string_view text) noexcept : overlong_(text.size() > capacity) {
  if (overlong_) return;
  keep_in_memory(bytes_.data(), capacity);
  std::copy(text.begin(), text.end(), bytes_.begin());
  size_ = text.size();
}

Secret::Secret(Secret&& other) noexcept {
  *this = std::move(other);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(bytes_.data(), bytes_.size());
  keep_in_memory(bytes_.data(), capacity);
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
  keep_in_memory(second.bytes_.data(), capacity);
  std::copy_n(bytes_.begin(), size_, second.bytes_.begin());
  second.size_ = size_;
  second.overlong_ = overlong_;
  return second;
}

}  // namespace madoguchi::base
