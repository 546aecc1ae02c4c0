#include "madoguchi_client/secret.hpp"

#include <string.h>

#include <algorithm>

namespace madoguchi::client {

void wipe(void* data, std::size_t size) noexcept {
  ::explicit_bzero(data, size);
}

Secret::Secret(std::string_view text) noexcept {
  for (const char c : text) {
    if (!append(c)) return;
  }
}

Secret::Secret(Secret&& other) noexcept {
  *this = std::move(other);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  clear();
  std::copy_n(other.bytes_.begin(), other.size_, bytes_.begin());
  size_ = other.size_;
  overlong_ = other.overlong_;
  other.clear();
  return *this;
}

Secret::~Secret() {
  clear();
}

bool Secret::append(char c) noexcept {
  if (overlong_) return false;
  if (size_ == capacity) {
    clear();
    overlong_ = true;
    return false;
  }
  bytes_[size_++] = c;
  return true;
}

void Secret::clear() noexcept {
  wipe(bytes_.data(), bytes_.size());
  size_ = 0;
  overlong_ = false;
}

}  // namespace madoguchi::client
