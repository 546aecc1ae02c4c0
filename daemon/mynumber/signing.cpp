#include <algorithm>
#include <array>

#include "application.hpp"
#include "slots.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

// DigestInfo of SHA-256 up to the digest itself (RFC 8017 section 9.2, note 1).
constexpr std::array<std::uint8_t, 19> sha256_digest_info{0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
                                                          0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                          0x01, 0x05, 0x00, 0x04, 0x20};
constexpr std::size_t rsa_2048_signature = 256;

}  // namespace

base::Result<base::Bytes> sign(smartcard::Channel& card, CardState& state, const CardProfile& profile,
                               CertificateName key, Slot slot, const base::Sha256& digest) {
  const PinName pin = pin_of(key);
  const auto file = key_file(profile, key, slot);
  if (!file) return file.error();
  // Face-authentication cards have no such PIN; there the terminal answers for the holder, and the card
  // decides.
  if (!state.is_verified(pin) && !state.terminal_authenticated)
    return pin_fault(base::Code::pin_required, pin);
  if (const auto selected = select_application(card, state, Application::jpki); !selected)
    return selected.error();
  if (const auto selected = select_file(card, *file); !selected) return selected.error();

  base::Bytes data(sha256_digest_info.begin(), sha256_digest_info.end());
  data.insert(data.end(), digest.begin(), digest.end());
  // P1 00: the card pads what it gets by PKCS#1 v1.5 and looks no further.
  auto answer = smartcard::exchange(card, Command({.cla = 0x80, .ins = 0x2A, .p1 = 0x00, .p2 = 0x80},
                                                  std::move(data), std::uint32_t{rsa_2048_signature}));
  if (!answer) return answer.error();
  if (answer->status.value == status::security) {
    state.verified.reset(static_cast<std::size_t>(pin));
    return pin_fault(base::Code::pin_required, pin);
  }
  if (answer->status.value == status::no_key)
    return base::make_fault(base::Code::not_found, "no key in that slot");
  if (!answer->status.ok()) return refused("sign", answer->status);
  if (answer->data.size() != rsa_2048_signature) {
    return refused("sign", answer->status,
                   "a signature of " + std::to_string(answer->data.size()) + " bytes");
  }
  return std::move(answer->data);
}

}  // namespace madoguchi::mynumber
