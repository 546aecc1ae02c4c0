// Everything a simulated My Number Card remembers without power: applications, files, keys, PINs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace madoguchi::simulated_card {

// A transparent or record file. Internal files (PINs and keys) are kept apart below: nothing ever reads them.
struct File {
  base::Bytes content;  // the whole physical file, filler included
  bool record = false;  // content is one record, read by READ RECORD
  bool never_readable = false;
  std::vector<std::uint16_t> read_pins;  // any one of these opens it; empty: no PIN is asked
  // Written by UPDATE BINARY after terminal authentication, which then also reads it without a PIN.
  bool administered = false;
};

// The value is kept as a salted digest, so that a search of the disk for a PIN's characters finds nothing.
struct Pin {
  base::Bytes salt;
  base::Bytes digest;  // empty: no value was ever set, which behaves like a locked PIN until it is reset
  int max_tries = 3;
  int tries = 3;
  bool change_by_jicsap = false;  // CHANGE KEY `80 32` instead of `00 24 01`
};

enum class KeyUse : std::uint8_t { authentication, signature, internal };

struct Key {
  base::Bytes private_key;  // PKCS#8, RSA 2048; empty: the slot holds no key
  KeyUse use = KeyUse::internal;
  // The PIN that allows its use; 0: none. A card without that PIN (face authentication) asks the terminal
  // instead.
  std::uint16_t pin = 0;
};

struct Application {
  base::Bytes aid;
  std::string name;  // for people: jpki, resident-register, card-surface, card-surface-input, common
  std::map<std::uint16_t, File> files;
  std::map<std::uint16_t, Pin> pins;
  std::map<std::uint16_t, Key> keys;
  // Files that can be selected and are of no known use.
  std::vector<std::uint16_t> opaque;
  // Takes the simulated administration: terminal authentication and what needs it.
  bool administered = false;

  [[nodiscard]] bool has(std::uint16_t id) const;
};

struct CardImage {
  std::string kind;  // what the factory was asked for
  std::string name;  // the synthetic holder's, for people who look at the state file
  base::Bytes atr;
  base::Bytes terminal_key;  // answers EXTERNAL AUTHENTICATE: HMAC-SHA-256 under this key
  std::vector<Application> applications;
  std::map<std::uint16_t, base::Bytes> data_objects;  // GET DATA with the issuer security domain current

  [[nodiscard]] const Application* find(std::string_view application) const;
  [[nodiscard]] Application* find(std::string_view application);
};

// Where a changed image goes before the card answers. A card without memory keeps nothing over a crash.
class Memory {
 public:
  virtual ~Memory() = default;
  // All of it or nothing; false makes the card answer 6581 and forget the change.
  virtual bool commit(const CardImage& image) = 0;
};

// Sets a PIN's value (1 to 16 bytes) and fills its tries.
void set_pin(Pin& pin, base::ByteView value);
[[nodiscard]] bool matches(const Pin& pin, base::ByteView value);

// The application identifiers and files of the genuine card's layout.
namespace layout {
inline constexpr std::string_view jpki = "jpki";
inline constexpr std::string_view resident_register = "resident-register";
inline constexpr std::string_view card_surface = "card-surface";
inline constexpr std::string_view card_surface_input = "card-surface-input";
inline constexpr std::string_view common = "common";
inline constexpr std::size_t certificate_file_size = 2048;

// The JPKI application's files. Spare ones exist only on the simulated card's spare layout.
inline constexpr std::uint16_t signature_certificate = 0x0001;
inline constexpr std::uint16_t signature_issuer = 0x0002;
inline constexpr std::uint16_t spare_signature_certificate = 0x0003;
inline constexpr std::uint16_t token_information = 0x0006;
inline constexpr std::uint16_t presence = 0x0008;
inline constexpr std::uint16_t authentication_certificate = 0x000A;
inline constexpr std::uint16_t authentication_issuer = 0x000B;
inline constexpr std::uint16_t spare_authentication_certificate = 0x000C;
inline constexpr std::uint16_t spare_authentication_key = 0x0014;
inline constexpr std::uint16_t spare_signature_key = 0x0015;
inline constexpr std::uint16_t authentication_key = 0x0017;
inline constexpr std::uint16_t authentication_pin = 0x0018;
inline constexpr std::uint16_t signature_key = 0x001A;
inline constexpr std::uint16_t signature_pin = 0x001B;

// Common application: the record, the key of INTERNAL AUTHENTICATE, the PIN (also the resident register's
// id).
inline constexpr std::uint16_t card_record = 0x0001;
inline constexpr std::uint16_t internal_key = 0x0019;
inline constexpr std::uint16_t resident_pin = 0x001C;

// One certificate with its spare place.
struct Pair {
  std::uint16_t certificate;
  std::uint16_t spare_certificate;
  std::uint16_t key;
  std::uint16_t spare_key;
};
inline constexpr Pair pairs[] = {
    {signature_certificate, spare_signature_certificate, signature_key, spare_signature_key},
    {authentication_certificate, spare_authentication_certificate, authentication_key,
     spare_authentication_key},
};
}  // namespace layout

}  // namespace madoguchi::simulated_card
