#include "input_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"

namespace madoguchi::server {
namespace {

// An ordinary request fits; a thousand idle connections cost 4 MiB.
constexpr std::size_t small = 4UL * 1024;
// For who sends many requests at once. Not more, so that one connection does not keep the loop from the
// others.
constexpr std::size_t large = 64UL * 1024;

}  // namespace

InputBuffer::InputBuffer(std::size_t longest)
    : longest_(longest),
      capacity_(std::min(small, longest + 1)),
      data_(std::make_unique_for_overwrite<char[]>(capacity_)) {}

InputBuffer::~InputBuffer() {
  base::wipe(data_.get(), end_);
}

std::optional<std::string_view> InputBuffer::next_line() {
  if (scanned_ == end_) return std::nullopt;
  const auto* found = static_cast<const char*>(std::memchr(data_.get() + scanned_, '\n', end_ - scanned_));
  if (found == nullptr) {
    scanned_ = end_;
    return std::nullopt;
  }
  const auto at = static_cast<std::size_t>(found - data_.get());
  const std::string_view line(data_.get() + begin_, at - begin_);
  begin_ = scanned_ = at + 1;
  return line;
}

void InputBuffer::settle() {
  const bool was_full = end_ == capacity_;
  const auto left = end_ - begin_;
  if (begin_ != 0) {
    if (left != 0) std::memmove(data_.get(), data_.get() + begin_, left);
    base::wipe(data_.get() + left, end_ - left);
    scanned_ -= begin_;
    begin_ = 0;
    end_ = left;
  }
  if (was_full) {
    const auto enough =
        left == capacity_ ? capacity_ * 2 : std::min(capacity_ * 2, std::max(capacity_, large));
    resize(std::min(enough, longest_ + 1));
  } else if (left == 0 && capacity_ > large) {
    resize(small);
  }
}

void InputBuffer::clear() {
  base::wipe(data_.get(), end_);
  begin_ = scanned_ = end_ = 0;
}

void InputBuffer::resize(std::size_t capacity) {
  if (capacity == capacity_) return;
  auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
  std::memcpy(bigger.get(), data_.get(), end_);
  base::wipe(data_.get(), end_);
  data_ = std::move(bigger);
  capacity_ = capacity;
}

}  // namespace madoguchi::server
