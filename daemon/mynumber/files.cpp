#include "files.hpp"

#include <algorithm>
#include <string_view>

#include "smartcard/tlv.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

constexpr std::uint16_t token_information_file = 0x0006;
constexpr std::uint16_t card_record_file = 0x0001;
// Offsets in READ BINARY have 15 bits (ISO/IEC 7816-4 11.2.3): no file reaches further.
constexpr std::size_t max_file_size = 0x7FFF;

base::Fault no_object(std::uint16_t file, std::string_view why) {
  const base::Bytes id{static_cast<std::uint8_t>(file >> 8), static_cast<std::uint8_t>(file & 0xFF)};
  return base::make_fault(base::Code::not_found,
                          "file " + base::to_hex(id) + " holds no object: " + std::string(why));
}

// A field padded with spaces (the card) or NULs (a known imitation).
std::string field(base::ByteView bytes, std::size_t offset, std::size_t size) {
  if (bytes.size() < offset + size) return {};
  const base::ByteView cut = bytes.subspan(offset, size);
  std::string text(cut.begin(), cut.end());
  text.erase(std::min(text.find('\0'), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? text : std::string();
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<base::Date> compact_date(std::string_view digits) {
  std::string text(digits.substr(0, 4));
  text.append("-").append(digits.substr(4, 2)).append("-").append(digits.substr(6, 2));
  return base::parse_date(text);
}

base::Result<base::Bytes> read_short_file(smartcard::Channel& card, std::uint16_t file) {
  if (const auto selected = select_file(card, file); !selected) return selected.error();
  return read_binary(card, 0, chunk_size, std::nullopt);
}

}  // namespace

base::Result<base::Bytes> read_binary(smartcard::Channel& card, std::size_t offset, std::size_t count,
                                      std::optional<PinName> guard) {
  const Command::Header header{.cla = 0x00,
                               .ins = 0xB0,
                               .p1 = static_cast<std::uint8_t>(offset >> 8),
                               .p2 = static_cast<std::uint8_t>(offset & 0xFF)};
  auto answer = smartcard::exchange(card, Command(header, base::Bytes(), static_cast<std::uint32_t>(count)));
  if (!answer) return answer.error();
  const std::uint16_t status = answer->status.value;
  if (answer->status.ok() || status == status::end_of_file) {
    // More than was asked for is nothing that a card may send; nobody behind this looks at it.
    if (answer->data.size() > count) answer->data.resize(count);
    return std::move(answer->data);
  }
  if (status == status::bad_offset) return base::Bytes();
  if (status == status::security && guard) return pin_fault(base::Code::pin_required, *guard);
  return not_read("read_binary", answer->status);
}

base::Result<base::Bytes> read_der_file(smartcard::Channel& card, std::uint16_t file,
                                        std::optional<PinName> guard) {
  if (const auto selected = select_file(card, file); !selected) return selected.error();
  auto object = read_binary(card, 0, chunk_size, guard);
  if (!object) return object.error();
  const auto length = smartcard::der_sequence_length(*object);
  if (!length) return no_object(file, "filler or another form");
  if (*length > max_file_size) return no_object(file, "a length beyond any file");
  while (object->size() < *length) {
    const std::size_t wanted = std::min(chunk_size, *length - object->size());
    const bool file_ended = object->size() % chunk_size != 0;
    if (file_ended) return no_object(file, "cut short");
    const auto chunk = read_binary(card, object->size(), wanted, guard);
    if (!chunk) return chunk.error();
    if (chunk->size() < wanted) return no_object(file, "cut short");
    object->insert(object->end(), chunk->begin(), chunk->end());
  }
  object->resize(*length);
  return std::move(*object);
}

base::Result<TokenInformation> read_token_information(smartcard::Channel& card) {
  const auto bytes = read_short_file(card, token_information_file);
  if (!bytes) return bytes.error();
  return TokenInformation{.label = field(*bytes, 0, 32), .serial = field(*bytes, 80, 16)};
}

base::Result<Presence> read_presence(smartcard::Channel& card) {
  const auto bytes = read_short_file(card, presence_file);
  if (!bytes) return bytes.error();
  if (bytes->size() < 2) return no_object(presence_file, "cut short");
  if (bytes->at(0) == 0xFF && bytes->at(1) == 0xFF) return no_object(presence_file, "never written");
  return Presence{
      .signature = bytes->at(presence_offset(CertificateName::signature)) == presence_mark,
      .authentication = bytes->at(presence_offset(CertificateName::authentication)) == presence_mark};
}

base::Result<CardRecord> read_card_record(smartcard::Channel& card) {
  if (const auto selected = select_file(card, card_record_file); !selected) return selected.error();
  const auto answer = smartcard::exchange(card, Command({.cla = 0x00, .ins = 0xB2, .p1 = 0x01, .p2 = 0x04},
                                                        base::Bytes(), std::uint32_t{chunk_size}));
  if (!answer) return answer.error();
  if (answer->status.value == status::no_record) return no_object(card_record_file, "no record");
  if (!answer->status.ok() && answer->status.value != status::end_of_file) {
    return not_read("read_record", answer->status);
  }
  const auto record = smartcard::find_tlv(answer->data, 0x01);
  if (!record || record->value.size() != 28) return no_object(card_record_file, "another form");
  const std::string text(record->value.begin(), record->value.end());
  if (!all_digits(text)) return no_object(card_record_file, "not digits");
  return CardRecord{.number = text.substr(0, 15),
                    .expires_on = compact_date(std::string_view(text).substr(20))};
}

namespace {

base::Result<Certificate> read_certificate_once(smartcard::Channel& card, std::uint16_t file, PinName pin) {
  const auto der = read_der_file(card, file, pin);
  if (!der) return der.error();
  // A file cut short may well be filled up by what lay behind: an object's length without its content.
  auto certificate = parse_certificate(*der);
  if (!certificate) return no_object(file, certificate.error().inner);
  return certificate;
}

}  // namespace

base::Result<Certificate> read_certificate(smartcard::Channel& card, CardState& state,
                                           const CardProfile& profile, CertificateName which) {
  const CertificateFiles& files = profile.files(which);
  const PinName pin = pin_of(which);
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  // The card would take the SELECT and refuse the READ (C8); what is known is not asked.
  if (!files.readable_without_pin && !state.is_verified(pin)) return pin_fault(base::Code::pin_required, pin);
  auto certificate = read_certificate_once(card, files.certificate, pin);
  if (!certificate && certificate.error().code == base::Code::not_found) {
    // That a card has none is decided by, and one answer spoilt on its way looks the same.
    auto again = read_certificate_once(card, files.certificate, pin);
    if (again) return read_unlike(name(which));
    const bool unlike =
        again.error().code == base::Code::not_found && again.error().inner != certificate.error().inner;
    if (unlike) return read_unlike(name(which));
    certificate = std::move(again);
  }
  if (!certificate && certificate.error().code == base::Code::pin_required) {
    state.verified.reset(static_cast<std::size_t>(pin));
  }
  return certificate;
}

base::Result<bool> holds_cut_write(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                                   CertificateName which, base::ByteView before, base::ByteView written) {
  constexpr std::size_t head_size = 4;
  const std::size_t size = std::min(before.size(), written.size());
  // Less tells no key.
  if (size < 2 * chunk_size) return false;
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  if (const auto selected = select_file(card, profile.files(which).certificate); !selected)
    return selected.error();
  for (std::size_t at = 0; at < size; at += chunk_size) {
    const auto held = read_binary(card, at, std::min(chunk_size, size - at), pin_of(which));
    if (!held) return held.error();
    if (held->size() < std::min(chunk_size, size - at)) return false;
    for (std::size_t i = 0; i < held->size(); ++i) {
      const bool known = (*held)[i] == before[at + i] || (*held)[i] == written[at + i];
      if (!known && at + i >= head_size) return false;
    }
  }
  return true;
}

base::Fault read_unlike(std::string_view what) {
  return base::make_fault(base::Code::card_mute, "read twice, and differently: " + std::string(what));
}

}  // namespace madoguchi::mynumber
