// What a card sends as BER-TLV.
#include "smartcard/tlv.hpp"

#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(data, size);
  smartcard::TlvReader reader(bytes);
  std::size_t inside = 0;
  while (const auto tlv = reader.next()) {
    const auto* begin = tlv->value.data();
    fuzz::claim(tlv->value.empty() || (begin >= data && begin + tlv->value.size() <= data + size),
                "a value lies inside the bytes that were read");
    inside += tlv->value.size();
    const auto again = smartcard::make_tlv(tlv->tag, tlv->value);
    const auto found = smartcard::find_tlv(again, tlv->tag);
    fuzz::claim(found && std::ranges::equal(found->value, tlv->value),
                "what was read can be written and read");
    smartcard::TlvReader(tlv->value).next();
  }
  fuzz::claim(inside <= size, "values do not overlap");
  fuzz::claim(!reader.next(), "the end is the end");
  if (const auto length = smartcard::der_sequence_length(bytes)) {
    fuzz::claim(*length >= 2, "a length counts its header");
  }
  return 0;
}
