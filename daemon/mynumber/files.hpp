// The card's files, which may each be absent, empty, cut short or longer than what they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "application.hpp"
#include "base/bytes.hpp"
#include "base/calendar.hpp"

namespace madoguchi::mynumber {

// What one READ BINARY in short form brings at most.
inline constexpr std::size_t chunk_size = 256;

// Up to `count` (1..256) bytes of the current file; fewer at its end, none behind it. pin.required when the
// card wants `guard` first, card.refused when it is not known what it wants.
base::Result<base::Bytes> read_binary(smartcard::Channel& card, std::size_t offset, std::size_t count,
                                      std::optional<PinName> guard);

// The DER object that a file of the current application begins with, in 1 + ceil(length / 256) APDUs.
// not_found when the file is absent or holds no whole object.
base::Result<base::Bytes> read_der_file(smartcard::Channel& card, std::uint16_t file,
                                        std::optional<PinName> guard);

// EF 0006 of JPKI, a PKCS#11 CK_TOKEN_INFO (card.md 2.1). Fields that are cut off or not printable ASCII are
// empty.
struct TokenInformation {
  std::string label;
  std::string serial;
};
base::Result<TokenInformation> read_token_information(smartcard::Channel& card);

// EF 0008 of JPKI: which certificates there are. not_found when the file is absent, too short or never
// written.
inline constexpr std::uint16_t presence_file = 0x0008;
inline constexpr std::uint8_t presence_mark = 0x8F;
constexpr std::size_t presence_offset(CertificateName certificate) {
  return certificate == CertificateName::signature ? 0 : 1;
}
struct Presence {
  bool signature = false;
  bool authentication = false;
};
base::Result<Presence> read_presence(smartcard::Channel& card);

// Record 1 of the common application's EF 0001: number, municipality, expiry. not_found when it is not of
// that form.
struct CardRecord {
  std::string number;  // 15 digits
  std::optional<base::Date> expires_on;
};
base::Result<CardRecord> read_card_record(smartcard::Channel& card);

}  // namespace madoguchi::mynumber
