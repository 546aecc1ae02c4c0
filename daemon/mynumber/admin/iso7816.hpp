// The administrative commands of the simulated card, in ISO/IEC 7816-4, -8 and -9 form.
//
// The genuine My Number Card's commands for these acts are not public. What is here was chosen for the
// simulated card and says nothing about the genuine one; the profile `genuine` has no administrative commands
// at all.
#pragma once

#include <cstdint>
#include <optional>

#include "application.hpp"
#include "mynumber/admin.hpp"
#include "pins.hpp"

namespace madoguchi::mynumber {

class Iso7816Commands final : public AdminCommandSet {
 public:
  explicit Iso7816Commands(const CardProfile& profile) : profile_(profile) {}

  base::Result<void> authenticate(smartcard::Channel& card, CardState& state,
                                  const TerminalKey& key) override;
  base::Result<base::Bytes> generate_key(smartcard::Channel& card, CardState& state, CertificateName which,
                                         Slot slot) override;
  base::Result<std::optional<base::Bytes>> read_public_key(smartcard::Channel& card, CardState& state,
                                                           CertificateName which, Slot slot) override;
  base::Result<void> write_certificate(smartcard::Channel& card, CardState& state, CertificateName which,
                                       Slot slot, base::ByteView der) override;
  base::Result<std::optional<base::Bytes>> read_back(smartcard::Channel& card, CardState& state,
                                                     CertificateName which, Slot slot) override;
  base::Result<void> activate(smartcard::Channel& card, CardState& state, CertificateName which) override;
  base::Result<void> reset_pin(smartcard::Channel& card, CardState& state, PinName pin,
                               const base::Secret& value) override;

 private:
  // Makes the application current and sure of the terminal's rights in it, by the key of authenticate().
  static base::Result<void> enter(smartcard::Channel& card, CardState& state, Application application);
  static base::Result<void> mark_present(smartcard::Channel& card, CardState& state, CertificateName which);
  static base::Result<void> reset_at(smartcard::Channel& card, CardState& state, const PinPlace& place,
                                     const base::Secret& value);

  const CardProfile profile_;
};

// The fault for an administrative command's status. 6982 means that the terminal's rights are gone, whatever
// the host remembers: the next step authenticates again.
base::Fault admin_refused(std::string_view command, smartcard::StatusWord status, CardState& state);

}  // namespace madoguchi::mynumber
