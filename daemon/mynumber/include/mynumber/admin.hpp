// The administrative commands: those that make keys, write certificates and reset PINs.
//
// The genuine My Number Card's commands for these are not public, and none are guessed here. What ships
// drives the simulated card in ISO/IEC 7816-4/-8/-9 form. An issuer that has the genuine commands adds a set
// of its own.
#pragma once

#include <memory>
#include <optional>

#include "base/result.hpp"
#include "mynumber/card.hpp"

namespace madoguchi::mynumber {

// Answers a card's challenge in the counter terminal's name.
class TerminalKey {
 public:
  virtual ~TerminalKey() = default;
  // The cryptogram for EXTERNAL AUTHENTICATE: HMAC-SHA-256 over the challenge under the terminal's key.
  [[nodiscard]] virtual base::Bytes cryptogram(base::ByteView challenge) const = 0;
};
std::unique_ptr<TerminalKey> make_terminal_key(base::ByteView key);

class AdminCommandSet {
 public:
  virtual ~AdminCommandSet() = default;

  // Challenge and cryptogram in the JPKI application; sets state.terminal_authenticated and keeps
  // state.terminal_key, by which every other call makes sure of the rights first, in whichever application it
  // needs them.
  virtual base::Result<void> authenticate(smartcard::Channel& card, CardState& state,
                                          const TerminalKey& key) = 0;
  // Makes a new key pair in the slot and returns its public key. Destroys the slot's former key.
  virtual base::Result<base::Bytes> generate_key(smartcard::Channel& card, CardState& state,
                                                 CertificateName which, Slot slot) = 0;
  // The slot's public key as SubjectPublicKeyInfo; nullopt when the slot holds no key.
  virtual base::Result<std::optional<base::Bytes>> read_public_key(smartcard::Channel& card, CardState& state,
                                                                   CertificateName which, Slot slot) = 0;
  // Writes the whole file and fills its rest with FF; into the active slot, also marks the certificate as
  // present. May be torn by a power cut: read back and compare. authority.mismatch, and nothing sent, when
  // `der` is not one object that fits the file.
  virtual base::Result<void> write_certificate(smartcard::Channel& card, CardState& state,
                                               CertificateName which, Slot slot, base::ByteView der) = 0;
  // The file's certificate in that slot, cut at its DER length; nullopt when it holds none (FF filler, torn).
  virtual base::Result<std::optional<base::Bytes>> read_back(smartcard::Channel& card, CardState& state,
                                                             CertificateName which, Slot slot) = 0;
  // Exchanges spare and active slot in one atomic command. Only for cards with a spare slot.
  virtual base::Result<void> activate(smartcard::Channel& card, CardState& state, CertificateName which) = 0;
  // Unblocks a PIN and sets its new value.
  virtual base::Result<void> reset_pin(smartcard::Channel& card, CardState& state, PinName pin,
                                       const base::Secret& value) = 0;
};

// nullptr for AdminSet::none.
std::unique_ptr<AdminCommandSet> make_admin_commands(const CardProfile& profile);

}  // namespace madoguchi::mynumber
