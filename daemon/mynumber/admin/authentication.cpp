#include "admin/iso7816.hpp"

namespace madoguchi::mynumber {
namespace {

using smartcard::Command;

constexpr std::uint32_t challenge_size = 16;

base::Result<void> authenticate_here(smartcard::Channel& card, CardState& state, const TerminalKey& key) {
  state.terminal_authenticated = false;
  const auto challenge = smartcard::exchange(
      card, Command({.cla = 0x00, .ins = 0x84, .p1 = 0x00, .p2 = 0x00}, base::Bytes(), challenge_size));
  if (!challenge) return challenge.error();
  if (!challenge->status.ok()) return refused("get_challenge", challenge->status);
  if (challenge->data.size() != challenge_size) {
    return refused("get_challenge", challenge->status,
                   "a challenge of " + std::to_string(challenge->data.size()) + " bytes");
  }
  const auto answer = smartcard::exchange(
      card, Command({.cla = 0x00, .ins = 0x82, .p1 = 0x00, .p2 = 0x01}, key.cryptogram(challenge->data)));
  if (!answer) return answer.error();
  if (!answer->status.ok()) return refused("external_authenticate", answer->status);
  state.terminal_authenticated = true;
  return {};
}

}  // namespace

base::Result<void> Iso7816Commands::authenticate(smartcard::Channel& card, CardState& state,
                                                 const TerminalKey& key) {
  state.terminal_key = &key;
  return enter(card, state, Application::jpki);
}

base::Result<void> Iso7816Commands::enter(smartcard::Channel& card, CardState& state,
                                          Application application) {
  if (const auto selected = select_application(card, state, application); !selected) return selected.error();
  if (state.terminal_authenticated) return {};
  if (state.terminal_key == nullptr) {
    return base::make_fault(base::Code::internal, "an administrative step before authenticate()");
  }
  return authenticate_here(card, state, *state.terminal_key);
}

}  // namespace madoguchi::mynumber
