// The one bounded reader of BER-TLV and DER lengths. What a card sends is hostile: every length is checked
// here.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace madoguchi::smartcard {

struct Tlv {
  std::uint32_t tag = 0;  // tag bytes as a number, e.g. 0x7F49, 0xFF20
  base::ByteView value;   // inside the bytes that were read
};

// Reads TLVs one after another; nothing is copied, and the bytes must outlive the reader.
class TlvReader {
 public:
  explicit TlvReader(base::ByteView bytes) : rest_(bytes) {}
  // The next TLV; nullopt at the end and on malformed input, which malformed() tells apart. Definite lengths
  // up to four bytes, tags up to three bytes; filler 00 and FF between objects is skipped (ISO/IEC
  // 7816-4 5.2.2), but a lone FF before any byte other than 00 and FF begins a tag such as FF20.
  std::optional<Tlv> next();
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  base::ByteView rest_;
  bool malformed_ = false;
};

// The first TLV with that tag, not looking inside constructed ones.
std::optional<Tlv> find_tlv(base::ByteView bytes, std::uint32_t tag);

// Tag, length and value in DER (shortest length form); `tag` as in Tlv.
base::Bytes make_tlv(std::uint32_t tag, base::ByteView value);

// The whole length (header included) of the DER object that begins with `head`, of which a few bytes are
// enough; nullopt if `head` does not begin a SEQUENCE with a definite length, or is too short to say.
std::optional<std::size_t> der_sequence_length(base::ByteView head);

}  // namespace madoguchi::smartcard
