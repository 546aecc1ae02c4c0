#include "admin/iso7816.hpp"
#include "base/secret.hpp"

namespace madoguchi::mynumber {

// P1 02: a new value only, by the right of whoever authenticated (ISO/IEC 7816-4, RESET RETRY COUNTER).
base::Result<void> Iso7816Commands::reset_at(smartcard::Channel& card, CardState& state,
                                             const PinPlace& place, const base::Secret& value) {
  if (const auto entered = enter(card, state, place.application); !entered) return entered.error();
  const smartcard::Command::Header header{.cla = 0x00, .ins = 0x2C, .p1 = 0x02, .p2 = place.reference()};
  const auto answer = card.transmit(smartcard::Command(header, value.duplicate()));
  if (!answer) return answer.error();
  const std::uint16_t word = answer->status.value;
  if (word == status::no_file || word == status::no_key) {
    return base::make_fault(base::Code::not_found, "no such PIN in that application");
  }
  if (!answer->status.ok()) return admin_refused("reset_retry_counter", answer->status, state);
  return {};
}

// Setting the same value again does no harm, so that a reset which stopped between the resident register's
// two places is mended by making it again.
base::Result<void> Iso7816Commands::reset_pin(smartcard::Channel& card, CardState& state, PinName pin,
                                              const base::Secret& value) {
  const auto checked = well_formed(profile_, pin, value);
  if (!checked) return checked.error();
  // What was verified was another value: the holder's new one has to be presented.
  state.verified.reset(static_cast<std::size_t>(pin));
  if (const auto done = reset_at(card, state, place_of(profile_, pin), *checked); !done) return done.error();
  if (pin != PinName::resident_register) return {};
  auto twin = reset_at(card, state, twin_of_resident_register, *checked);
  if (twin || twin.error().code == base::Code::not_found) return {};
  auto fault = twin.error();
  fault.details["partly"] = true;
  return fault;
}

}  // namespace madoguchi::mynumber
