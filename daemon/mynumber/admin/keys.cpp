#include "admin/iso7816.hpp"
#include "slots.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

// ISO/IEC 7816-8, GENERATE ASYMMETRIC KEY PAIR.
enum class KeyAct : std::uint8_t { generate = 0x80, read = 0x81 };

constexpr std::size_t modulus_size = 256;
constexpr std::uint32_t tag_public_key = 0x7F49;
constexpr std::uint32_t tag_modulus = 0x81;
constexpr std::uint32_t tag_exponent = 0x82;
constexpr std::uint32_t tag_integer = 0x02;
constexpr std::uint32_t tag_bit_string = 0x03;
constexpr std::uint32_t tag_sequence = 0x30;
// SEQUENCE { OBJECT rsaEncryption 1.2.840.113549.1.1.1, NULL } (RFC 8017 appendix A.1)
const base::Bytes rsa_encryption{0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
// 65537: every certificate of JPKI has it (card.md 7).
const base::Bytes public_exponent{0x01, 0x00, 0x01};

base::Bytes operator+(base::Bytes left, const base::Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

base::Bytes subject_public_key_info(base::ByteView modulus) {
  // A DER INTEGER has a sign; the modulus begins with a one bit.
  const base::Bytes positive = base::Bytes{0x00} + base::Bytes(modulus.begin(), modulus.end());
  const base::Bytes key =
      smartcard::make_tlv(tag_sequence, smartcard::make_tlv(tag_integer, positive) +
                                            smartcard::make_tlv(tag_integer, public_exponent));
  const base::Bytes bits = smartcard::make_tlv(tag_bit_string, base::Bytes{0x00} + key);
  return smartcard::make_tlv(tag_sequence, rsa_encryption + bits);
}

std::optional<base::Bytes> public_key_of(base::ByteView answer) {
  const auto object = smartcard::find_tlv(answer, tag_public_key);
  if (!object) return std::nullopt;
  const auto modulus = smartcard::find_tlv(object->value, tag_modulus);
  const auto exponent = smartcard::find_tlv(object->value, tag_exponent);
  if (!modulus || !exponent) return std::nullopt;
  const base::ByteView n = modulus->value;
  if (n.size() != modulus_size || (n.front() & 0x80U) == 0 || (n.back() & 0x01U) == 0) return std::nullopt;
  if (base::Bytes(exponent->value.begin(), exponent->value.end()) != public_exponent) return std::nullopt;
  return subject_public_key_info(n);
}

Command key_command(KeyAct act, CertificateName which, std::uint16_t file) {
  // Control reference template: digital signature for the signature key, authentication for the other.
  const std::uint8_t reference_template = which == CertificateName::signature ? 0xB6 : 0xA4;
  return Command({.cla = 0x00, .ins = 0x46, .p1 = static_cast<std::uint8_t>(act), .p2 = 0x00},
                 {reference_template, 0x03, 0x84, 0x01, static_cast<std::uint8_t>(file & 0xFF)}, 256);
}

}  // namespace

base::Result<base::Bytes> Iso7816Commands::generate_key(smartcard::Channel& card, CardState& state,
                                                        CertificateName which, Slot slot) {
  const auto file = key_file(profile_, which, slot);
  if (!file) return file.error();
  if (const auto entered = enter(card, state, Application::jpki); !entered) return entered.error();
  const auto answer = smartcard::exchange(card, key_command(KeyAct::generate, which, *file));
  if (!answer) return answer.error();
  if (!answer->status.ok()) return admin_refused("generate_key", answer->status, state);
  auto key = public_key_of(answer->data);
  if (!key) return refused("generate_key", answer->status, "no RSA-2048 public key in the answer");
  return std::move(*key);
}

base::Result<std::optional<base::Bytes>> Iso7816Commands::read_public_key(smartcard::Channel& card,
                                                                          CardState& state,
                                                                          CertificateName which, Slot slot) {
  const auto file = key_file(profile_, which, slot);
  if (!file) return file.error();
  if (const auto entered = enter(card, state, Application::jpki); !entered) return entered.error();
  const auto answer = smartcard::exchange(card, key_command(KeyAct::read, which, *file));
  if (!answer) return answer.error();
  if (answer->status.value == status::no_key) return std::optional<base::Bytes>();
  if (!answer->status.ok()) return admin_refused("read_public_key", answer->status, state);
  auto key = public_key_of(answer->data);
  if (!key) return refused("read_public_key", answer->status, "no RSA-2048 public key in the answer");
  return key;
}

}  // namespace madoguchi::mynumber
