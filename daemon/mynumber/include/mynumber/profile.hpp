// What differs between generations of My Number Cards, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/fault.hpp"

namespace madoguchi::mynumber {

enum class CertificateName : std::uint8_t { signature, authentication };
enum class PinName : std::uint8_t { signature, authentication, resident_register };
enum class KeyAlgorithm : std::uint8_t { rsa_2048 };
// Which administrative commands write to the card. The genuine card's are not public; see admin.hpp.
enum class AdminSet : std::uint8_t { none, iso7816 };

// "signature", "authentication", "resident_register": the names of the contract.
std::string_view name(CertificateName certificate);
std::string_view name(PinName pin);
std::optional<CertificateName> certificate_named(std::string_view text);
std::optional<PinName> pin_named(std::string_view text);
// The PIN that guards a certificate's key.
constexpr PinName pin_of(CertificateName c) {
  return c == CertificateName::signature ? PinName::signature : PinName::authentication;
}

// Where one certificate and its key live in the JPKI application. File ids are 16 bit; those up to 001E are
// reachable as short ids too.
struct CertificateFiles {
  std::uint16_t certificate = 0;
  std::uint16_t issuer = 0;
  std::uint16_t key = 0;
  std::uint16_t pin = 0;
  // A second place for key and certificate, exchanged with the first by one command. Absent: making a new key
  // destroys the old one.
  std::optional<std::uint16_t> spare_key;
  std::optional<std::uint16_t> spare_certificate;
  bool readable_without_pin = false;
};

struct PinRules {
  std::uint8_t min_length = 4;
  std::uint8_t max_length = 4;
  bool digits_only = true;  // else A-Z and 0-9, at least one of each
  std::uint8_t max_tries = 3;
};

struct CardProfile {
  std::string_view name;
  KeyAlgorithm key_algorithm = KeyAlgorithm::rsa_2048;
  CertificateFiles signature;
  CertificateFiles authentication;
  PinRules signature_pin;
  PinRules authentication_pin;
  PinRules resident_register_pin;
  AdminSet admin = AdminSet::none;
  bool spare_slot = false;
  std::uint16_t certificate_size = 2048;  // bytes of each certificate's file

  [[nodiscard]] const CertificateFiles& files(CertificateName c) const {
    return c == CertificateName::signature ? signature : authentication;
  }
  [[nodiscard]] const PinRules& rules(PinName p) const;
};

// Today's card: RSA-2048, three PINs of our concern. `simulated_spare` and `simulated_single` add the
// simulated card's ISO/IEC 7816-4/-8 administration, with and without a spare key slot; `genuine` has none.
const CardProfile& genuine();
const CardProfile& simulated_spare();
const CardProfile& simulated_single();
// "genuine", "simulated-spare", "simulated-single"; nullptr for another name.
const CardProfile* profile_named(std::string_view name);

}  // namespace madoguchi::mynumber
