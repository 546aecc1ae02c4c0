// A card that answers as the input says, in everything that reads one or checks a PIN.
#include "mynumber/admin.hpp"
#include "mynumber/card.hpp"
#include "mynumber/glance.hpp"
#include "target.hpp"

using namespace madoguchi;

namespace {

class InputCard final : public smartcard::Channel {
 public:
  explicit InputCard(fuzz::Input& input) : input_(input) {}

  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    fuzz::claim(++sent_ < 5'000, "reading a card ends");
    if (command.secret()) ++secrets;
    // An input that is used up is a card that was taken away.
    if (input_.used_up()) return base::make_fault(base::Code::card_removed);
    const auto status = input_.word();
    const auto data = input_.piece(input_.byte() % 2 == 0 ? input_.byte() : 256);
    return smartcard::Response{.data = {data.begin(), data.end()}, .status = smartcard::StatusWord{status}};
  }

  int secrets = 0;

 private:
  fuzz::Input& input_;
  int sent_ = 0;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto kind = input.byte();
  InputCard card(input);
  mynumber::CardState state;
  const auto& profile = kind % 2 == 0 ? mynumber::simulated_spare() : mynumber::genuine();
  switch (kind / 2 % 5) {
    case 0:
      if (const auto found = mynumber::inspect(card, state, profile)) {
        (void)found->identity();
      } else {
        fuzz::claim(found.error().code != base::Code::internal, "a card's answer is no fault of ours");
      }
      fuzz::claim(card.secrets == 0 && state.verified.none(), "no right was given and no PIN sent");
      break;
    case 1: {
      const auto pin = static_cast<mynumber::PinName>(input.byte() % 3);
      const base::Secret value(pin == mynumber::PinName::signature ? "ABC123" : "1234");
      const auto verified = mynumber::verify_pin(card, state, profile, pin, value, {});
      fuzz::claim(card.secrets <= 1, "a PIN is sent at most once");
      fuzz::claim(state.is_verified(pin) == verified.has_value(), "only an accepted PIN gives a right");
      break;
    }
    case 2:
      (void)mynumber::glance(card, state);
      (void)mynumber::read_identity(card, state, profile);
      break;
    case 3:
      (void)mynumber::read_certificate(card, state, profile, mynumber::CertificateName::authentication);
      (void)mynumber::tries_left(card, state, profile, mynumber::PinName::resident_register);
      break;
    default: {
      static const auto key = mynumber::make_terminal_key(base::Bytes(32, 0x11));
      const auto admin = mynumber::make_admin_commands(mynumber::simulated_spare());
      (void)admin->authenticate(card, state, *key);
      (void)admin->generate_key(card, state, mynumber::CertificateName::signature, mynumber::Slot::spare);
      (void)admin->read_public_key(card, state, mynumber::CertificateName::authentication,
                                   mynumber::Slot::active);
      (void)admin->read_back(card, state, mynumber::CertificateName::authentication, mynumber::Slot::active);
    }
  }
  return 0;
}
