#include "simulated_card/frames.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/secret.hpp"

namespace madoguchi::simulated_card {
namespace {
constexpr std::size_t header = 2;
}

base::Bytes make_frame(base::ByteView payload) {
  if (payload.empty() || payload.size() > 0xFFFF) throw std::logic_error("a frame has 1 to 65,535 bytes");
  base::Bytes frame{static_cast<std::uint8_t>(payload.size() >> 8),
                    static_cast<std::uint8_t>(payload.size() & 0xFF)};
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

FrameReader::~FrameReader() {
  clear();
}

void FrameReader::feed(base::ByteView bytes) {
  base::Bytes longer;
  longer.reserve(buffer_.size() + bytes.size());
  longer.insert(longer.end(), buffer_.begin(), buffer_.end());
  longer.insert(longer.end(), bytes.begin(), bytes.end());
  clear();
  buffer_ = std::move(longer);
}

std::optional<base::Bytes> FrameReader::next() {
  if (buffer_.size() < header) return std::nullopt;
  const std::size_t size = static_cast<std::size_t>(buffer_[0] << 8 | buffer_[1]);
  if (buffer_.size() < header + size) return std::nullopt;
  const auto begin = buffer_.begin() + header;
  const auto end = begin + static_cast<std::ptrdiff_t>(size);
  base::Bytes payload(begin, end);
  const std::size_t left = buffer_.size() - header - size;
  std::copy(end, buffer_.end(), buffer_.begin());
  base::wipe(buffer_.data() + left, buffer_.size() - left);
  buffer_.resize(left);
  return payload;
}

void FrameReader::clear() {
  base::wipe(buffer_.data(), buffer_.size());
  buffer_.clear();
}

}  // namespace madoguchi::simulated_card
