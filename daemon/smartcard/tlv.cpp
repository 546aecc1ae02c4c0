#include "smartcard/tlv.hpp"

#include <stdexcept>

namespace madoguchi::smartcard {
namespace {

constexpr std::size_t max_tag_bytes = 3;
constexpr std::size_t max_length_bytes = 4;

// Takes bytes from the front; every length check of this file is in here (C12).
class Cursor {
 public:
  explicit Cursor(base::ByteView bytes) : rest_(bytes) {}

  std::optional<std::uint8_t> byte() {
    if (rest_.empty()) return std::nullopt;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }

  std::optional<base::ByteView> bytes(std::uint64_t count) {
    if (count > rest_.size()) return std::nullopt;
    const base::ByteView taken = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(static_cast<std::size_t>(count));
    return taken;
  }

  [[nodiscard]] base::ByteView rest() const { return rest_; }

 private:
  base::ByteView rest_;
};

std::optional<std::uint32_t> take_tag(Cursor& cursor) {
  const auto first = cursor.byte();
  if (!first) return std::nullopt;
  std::uint32_t tag = *first;
  if ((tag & 0x1F) != 0x1F) return tag;
  for (std::size_t count = 2; count <= max_tag_bytes; ++count) {
    const auto next = cursor.byte();
    if (!next) return std::nullopt;
    tag = tag << 8 | *next;
    if ((*next & 0x80) == 0) return tag;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> take_length(Cursor& cursor) {
  const auto first = cursor.byte();
  if (!first) return std::nullopt;
  if (*first < 0x80) return *first;
  const std::size_t count = *first & 0x7F;
  if (count == 0 || count > max_length_bytes) return std::nullopt;  // 80 is the indefinite form
  const auto bytes = cursor.bytes(count);
  if (!bytes) return std::nullopt;
  std::uint64_t length = 0;
  for (const auto byte : *bytes) length = length << 8 | byte;
  return length;
}

// Erased memory reads as 00 or FF. A tag such as FF20 begins with FF too, so FF is filler only where no tag
// can follow: at the end and before FF or 00.
base::ByteView skip_filler(base::ByteView bytes) {
  while (!bytes.empty()) {
    const bool erased = bytes[0] == 0xFF && (bytes.size() == 1 || bytes[1] == 0xFF || bytes[1] == 0x00);
    if (bytes[0] != 0x00 && !erased) break;
    bytes = bytes.subspan(1);
  }
  return bytes;
}

void append_number(base::Bytes& out, std::uint64_t number) {
  int shift = 56;
  while (shift > 0 && number >> shift == 0) shift -= 8;
  for (; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift & 0xFF));
}

}  // namespace

std::optional<Tlv> TlvReader::next() {
  rest_ = skip_filler(rest_);
  if (rest_.empty()) return std::nullopt;
  Cursor cursor(rest_);
  const auto tag = take_tag(cursor);
  const auto length = tag ? take_length(cursor) : std::nullopt;
  const auto value = length ? cursor.bytes(*length) : std::nullopt;
  if (!value) {
    malformed_ = true;
    rest_ = {};
    return std::nullopt;
  }
  rest_ = cursor.rest();
  return Tlv{.tag = *tag, .value = *value};
}

std::optional<Tlv> find_tlv(base::ByteView bytes, std::uint32_t tag) {
  TlvReader reader(bytes);
  while (const auto tlv = reader.next()) {
    if (tlv->tag == tag) return tlv;
  }
  return std::nullopt;
}

base::Bytes make_tlv(std::uint32_t tag, base::ByteView value) {
  if (value.size() > 0xFFFFFFFF) throw std::invalid_argument("a TLV holds less than 4 GiB");
  base::Bytes bytes;
  bytes.reserve(value.size() + max_tag_bytes + 1 + max_length_bytes);
  append_number(bytes, tag);
  if (value.size() >= 0x80) {
    base::Bytes length;
    append_number(length, value.size());
    bytes.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
    bytes.insert(bytes.end(), length.begin(), length.end());
  } else {
    bytes.push_back(static_cast<std::uint8_t>(value.size()));
  }
  bytes.insert(bytes.end(), value.begin(), value.end());
  return bytes;
}

std::optional<std::size_t> der_sequence_length(base::ByteView head) {
  Cursor cursor(head);
  if (cursor.byte() != std::uint8_t{0x30}) return std::nullopt;
  const auto length = take_length(cursor);
  if (!length) return std::nullopt;
  const std::size_t header = head.size() - cursor.rest().size();
  return header + static_cast<std::size_t>(*length);
}

}  // namespace madoguchi::smartcard
