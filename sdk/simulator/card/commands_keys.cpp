#include "crypto.hpp"
#include "machine.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::simulated_card {
namespace {

// The card's own name for its internal key, as the common application takes it.
constexpr std::uint8_t internal_reference = 0x99;

bool may_use(const Machine& machine, const Key& key) {
  if (key.pin == 0) return true;
  if (machine.session.verified.contains(key.pin)) return true;
  // A face-authentication card has no PIN that could allow it; there the terminal answers for the holder.
  return !machine.application()->pins.contains(key.pin) && machine.terminal();
}

Reply public_key(const Key& key) {
  if (key.private_key.empty()) return status::no_key;
  constexpr std::uint8_t exponent[] = {0x01, 0x00, 0x01};
  auto parts = smartcard::make_tlv(0x81, modulus(key.private_key));
  const auto tail = smartcard::make_tlv(0x82, exponent);
  parts.insert(parts.end(), tail.begin(), tail.end());
  return smartcard::make_tlv(0x7F49, parts);
}

// Control reference template `{A4|B6} 03 84 01 <low byte of the key's file>`.
std::optional<std::uint16_t> key_named(const Application& application, base::ByteView reference) {
  if (reference[1] != 0x03 || reference[2] != 0x84 || reference[3] != 0x01) return std::nullopt;
  const auto found = application.keys.find(reference[4]);
  if (found == application.keys.end()) return std::nullopt;
  const auto use = found->second.use;
  const bool fits = (reference[0] == 0xA4 && use == KeyUse::authentication) ||
                    (reference[0] == 0xB6 && use == KeyUse::signature);
  return fits ? std::optional(found->first) : std::nullopt;
}

}  // namespace

Reply compute_signature(Machine& machine, const Command& command) {
  if (command.header.p1 > static_cast<std::uint8_t>(SignatureForm::hash_pss)) return status::wrong_parameters;
  const auto reference = referenced(machine, command.header.p2);
  if (reference.fault != status::ok) return reference.fault;
  const auto& keys = machine.application()->keys;
  const auto found = keys.find(reference.id);
  if (found == keys.end() || found->second.use == KeyUse::internal) return status::wrong_file_type;
  if (!may_use(machine, found->second)) return status::security;
  if (found->second.private_key.empty()) return status::no_key;
  auto signature =
      sign(found->second.private_key, static_cast<SignatureForm>(command.header.p1), command.data);
  if (!signature) return status::wrong_length;
  return std::move(*signature);
}

Reply internal_authenticate(Machine& machine, const Command& command) {
  if (command.header.p1 != 0 || command.header.p2 != internal_reference) return status::wrong_parameters;
  const auto* application = machine.application();
  if (application == nullptr) return status::conditions;
  const auto found = application->keys.find(layout::internal_key);
  if (found == application->keys.end() || found->second.private_key.empty()) return status::no_key;
  auto signature = sign(found->second.private_key, SignatureForm::hash_with_info, command.data);
  if (!signature) return status::wrong_length;
  return std::move(*signature);
}

Reply generate_key_pair(Machine& machine, const Command& command) {
  const bool generate = command.header.p1 == 0x80;
  if ((!generate && command.header.p1 != 0x81) || command.header.p2 != 0) return status::wrong_parameters;
  const auto* application = machine.application();
  if (application == nullptr || !application->administered) return status::conditions;
  if (!machine.terminal()) return status::security;
  if (command.data.size() != 5) return status::wrong_length;
  const auto id = key_named(*application, command.data);
  if (!id) return status::no_key;
  if (!generate) return public_key(application->keys.at(*id));
  if (machine.disturbance.refuse_key) return status::internal;
  const auto fresh = machine.new_key();
  const bool stored = machine.change([&](Application& changed) { changed.keys.at(*id).private_key = fresh; });
  if (!stored) return status::memory_failure;
  return public_key(machine.application()->keys.at(*id));
}

}  // namespace madoguchi::simulated_card
