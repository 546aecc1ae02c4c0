#include "cmp/message.hpp"

#include <algorithm>
#include <ctime>

#include "cmp/openssl.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::authority {
namespace {

using smartcard::Tlv;
using smartcard::TlvReader;

constexpr std::uint32_t sequence = 0x30;
constexpr std::uint32_t octet_string = 0x04;
constexpr std::uint32_t utf8_string = 0x0C;
constexpr std::uint32_t generalized_time = 0x18;
constexpr std::uint32_t context_constructed = 0xA0;  // every body tag is below 31, so one byte

base::ByteView octets_inside(const Tlv& explicit_tag) {
  const auto inner = smartcard::find_tlv(explicit_tag.value, octet_string);
  return inner ? inner->value : base::ByteView{};
}

std::optional<base::Instant> time_inside(const Tlv& explicit_tag) {
  const auto inner = smartcard::find_tlv(explicit_tag.value, generalized_time);
  if (!inner) return std::nullopt;
  const auto time =
      from_der<TimePtr>(smartcard::make_tlv(generalized_time, inner->value), d2i_ASN1_GENERALIZEDTIME);
  std::tm utc{};
  const bool read = time && ASN1_TIME_to_tm(time.get(), &utc) == 1;
  ERR_clear_error();
  if (!read) return std::nullopt;
  return base::Instant(std::chrono::seconds(timegm(&utc)));
}

bool read_header(base::ByteView header, MessageView& message) {
  TlvReader reader(header);
  // pvno, sender, recipient: a GeneralName may have the tag of transactionID, so they are passed by position.
  for (int i = 0; i < 3; ++i) {
    if (!reader.next()) return false;
  }
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case context_constructed:
        message.time = time_inside(*field);
        break;
      case context_constructed | 1:
        message.is_protected = true;
        break;
      case context_constructed | 4:
        message.transaction_id = octets_inside(*field);
        break;
      case context_constructed | 5:
        message.sender_nonce = octets_inside(*field);
        break;
      case context_constructed | 6:
        message.recipient_nonce = octets_inside(*field);
        break;
      default:
        break;
    }
  }
  return !reader.malformed();
}

}  // namespace

std::optional<MessageView> read_message(base::ByteView der) {
  const auto parsed = from_der<CmpMessagePtr>(der, d2i_OSSL_CMP_MSG);
  ERR_clear_error();
  if (!parsed) return std::nullopt;
  const auto whole = smartcard::find_tlv(der, sequence);
  if (!whole) return std::nullopt;
  TlvReader reader(whole->value);
  const auto header = reader.next();
  const auto body = header ? reader.next() : std::nullopt;
  if (!body || header->tag != sequence) return std::nullopt;
  MessageView message;
  if (!read_header(header->value, message)) return std::nullopt;
  message.body_type = static_cast<std::uint8_t>(body->tag & 0x1F);
  message.body = body->value;
  const auto protection = reader.next();
  message.is_protected = message.is_protected && protection && protection->tag == context_constructed;
  return message;
}

std::optional<base::Bytes> enclosed_request(const MessageView& message) {
  if (message.is(Body::p10cr)) return base::Bytes(message.body.begin(), message.body.end());
  if (!message.is(Body::cr) && !message.is(Body::kur)) return std::nullopt;
  const auto list = smartcard::find_tlv(message.body, sequence);
  if (!list) return std::nullopt;
  TlvReader reader(list->value);
  const auto request = reader.next();
  if (!request || request->tag != sequence || reader.next() || reader.malformed()) return std::nullopt;
  return smartcard::make_tlv(sequence, request->value);
}

std::string claimed_text(const MessageView& error) {
  const auto content = smartcard::find_tlv(error.body, sequence);
  const auto status = content ? smartcard::find_tlv(content->value, sequence) : std::nullopt;
  const auto texts = status ? smartcard::find_tlv(status->value, sequence) : std::nullopt;
  if (!texts) return {};
  std::string joined;
  TlvReader reader(texts->value);
  while (const auto text = reader.next()) {
    if (text->tag != utf8_string) continue;
    if (!joined.empty()) joined += "; ";
    joined.append(text->value.begin(), text->value.end());
  }
  return joined;
}

bool same_bytes(base::ByteView left, base::ByteView right) {
  return std::ranges::equal(left, right);
}

}  // namespace madoguchi::authority
