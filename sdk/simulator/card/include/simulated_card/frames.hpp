// The wire form between a virtual card and vpcd's reader: two bytes of length, big-endian, and so many bytes.
#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace madoguchi::simulated_card {

// What a payload of one byte means. Anything longer is a command.
enum class ReaderControl : std::uint8_t { power_off = 0x00, power_on = 0x01, reset = 0x02, get_atr = 0x04 };

// `payload` has 1 to 65,535 bytes: vpcd waits for ever behind a frame without any.
base::Bytes make_frame(base::ByteView payload);

// Collects what arrives and gives whole payloads. Bytes may be PINs: they are wiped as they are handed on.
class FrameReader {
 public:
  ~FrameReader();
  FrameReader() = default;
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  void feed(base::ByteView bytes);
  // The next whole payload, which may be empty; nullopt until more arrives.
  std::optional<base::Bytes> next();
  void clear();

 private:
  base::Bytes buffer_;
};

}  // namespace madoguchi::simulated_card
