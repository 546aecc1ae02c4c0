#include "smartcard/pin_pad.hpp"

#include <algorithm>
#include <cstring>

namespace madoguchi::smartcard {
namespace {

using base::Code;
using base::make_fault;

constexpr std::uint8_t feature_verify_pin_direct = 0x06;
constexpr std::size_t feature_size = 6;

// What the reader itself answers (part 10, 2.5.2).
constexpr std::uint16_t timed_out = 0x6400;
constexpr std::uint16_t cancelled = 0x6401;
constexpr std::uint16_t wrong_length = 0x6403;
constexpr std::uint16_t wrong_structure = 0x6B80;

// System units are bytes, the PIN begins right behind Lc, justified to the left, in ASCII.
constexpr std::uint8_t format_ascii_left = 0x82;
// Entry ends with the key for that, and where all PINs are of one length also with the last digit.
constexpr std::uint8_t ends_by_key = 0x02;
constexpr std::uint8_t ends_when_full = 0x01;
constexpr std::uint8_t default_messages = 0xFF;
constexpr std::uint16_t japanese = 0x0411;
constexpr std::uint8_t filler = 0xFF;

template <class Number>
void put(base::Bytes& bytes, Number number) {
  const auto at = bytes.size();
  bytes.resize(at + sizeof(number));
  std::memcpy(bytes.data() + at, &number, sizeof(number));
}

}  // namespace

base::Fault no_pin_pad(std::string inner) {
  return make_fault(
      Code::conflict, std::move(inner),
      {{"cannot", "pinpad"},
       {"ja", "このカードリーダーでは、テンキーからの暗証番号入力はできません。画面から入力してください。"},
       {"en", "PINs cannot be entered at this card reader; enter it on the screen."}});
}

std::optional<base::Fault> not_entered(StatusWord status) {
  switch (status.value) {
    case timed_out:
      return make_fault(Code::pin_timeout, "the pad: " + to_string(status));
    case cancelled:
      return make_fault(Code::pin_cancelled, "the pad: " + to_string(status));
    case wrong_length:
      return make_fault(Code::pin_malformed, "the pad: " + to_string(status));
    case wrong_structure:
      return no_pin_pad("the pad: " + to_string(status));
    default:
      return std::nullopt;
  }
}

std::optional<std::uint32_t> verify_direct_code(base::ByteView features) {
  if (features.size() % feature_size != 0) return std::nullopt;
  for (; !features.empty(); features = features.subspan(feature_size)) {
    if (features[1] != feature_size - 2) return std::nullopt;
    if (features[0] != feature_verify_pin_direct) continue;
    std::uint32_t code = 0;
    for (const auto byte : features.subspan(2, 4)) code = code << 8 | byte;
    return code;
  }
  return std::nullopt;
}

base::Bytes verify_structure(const PadEntry& entry) {
  const bool fixed = entry.min_length == entry.max_length;
  // The PIN's place in the command: of its length where that is known, else grown by the reader from nothing.
  const std::uint8_t room = fixed ? entry.max_length : 0;
  const auto longest = std::clamp<std::int64_t>(entry.longest.count(), 1, 255);
  base::Bytes bytes;
  put(bytes, static_cast<std::uint8_t>(longest));                                                // bTimerOut
  put(bytes, static_cast<std::uint8_t>(std::min<std::int64_t>(longest, between_keys.count())));  // bTimerOut2
  put(bytes, format_ascii_left);  // bmFormatString
  put(bytes, room);               // bmPINBlockString: no length field in the command
  put(bytes, std::uint8_t{0});    // bmPINLengthFormat
  put(bytes, static_cast<std::uint16_t>(entry.min_length << 8 | entry.max_length));  // wPINMaxExtraDigit
  put(bytes, static_cast<std::uint8_t>(ends_by_key | (fixed ? ends_when_full : 0)));
  put(bytes, default_messages);                      // bNumberMessage
  put(bytes, japanese);                              // wLangId
  put(bytes, std::uint8_t{0});                       // bMsgIndex
  bytes.insert(bytes.end(), 3, 0);                   // bTeoPrologue
  put(bytes, static_cast<std::uint32_t>(5 + room));  // ulDataLength
  const auto& head = entry.verify;
  bytes.insert(bytes.end(), {head.cla, head.ins, head.p1, head.p2, room});
  bytes.insert(bytes.end(), room, filler);
  return bytes;
}

}  // namespace madoguchi::smartcard
