#include "machine.hpp"

namespace madoguchi::simulated_card {
namespace {

// JICSAP: reference data has no padding and no fixed length.
constexpr std::size_t max_value = 16;

struct PinReference {
  std::uint16_t id = 0;
  const Pin* pin = nullptr;
  std::uint16_t fault = status::ok;
};

PinReference pin_referenced(const Machine& machine, std::uint8_t p2) {
  const auto reference = referenced(machine, p2);
  if (reference.fault != status::ok) return {.fault = reference.fault};
  const auto& pins = machine.application()->pins;
  const auto found = pins.find(reference.id);
  if (found == pins.end()) return {.fault = status::wrong_file_type};
  return {.id = reference.id, .pin = &found->second};
}

bool well_formed(const Command& command) {
  return !command.data.empty() && command.data.size() <= max_value && !command.expected;
}

std::uint16_t tries_left(int tries) {
  return static_cast<std::uint16_t>(status::counter | tries);
}

Reply store_value(Machine& machine, std::uint16_t id, const Command& command) {
  const bool stored =
      machine.change([&](Application& application) { set_pin(application.pins.at(id), command.data); });
  return stored ? status::ok : status::memory_failure;
}

// The holder's change: the new value alone, by the right that a VERIFY of the old one has given.
Reply change_own(Machine& machine, const Command& command, bool in_jicsap) {
  const auto reference = pin_referenced(machine, command.header.p2);
  if (reference.fault != status::ok) return reference.fault;
  if (!well_formed(command)) return status::wrong_length;
  if (reference.pin->change_by_jicsap != in_jicsap) return status::conditions;
  if (!machine.session.verified.contains(reference.id)) return status::security;
  return store_value(machine, reference.id, command);
}

}  // namespace

Reply verify(Machine& machine, const Command& command) {
  if (command.header.p1 != 0) return status::wrong_parameters;
  const auto reference = pin_referenced(machine, command.header.p2);
  if (reference.fault != status::ok) return reference.fault;
  const auto& [id, pin, fault] = reference;
  const int usable = pin->digest.empty() ? 0 : pin->tries;
  // Asking costs nothing and never says 9000, not even when the PIN has been accepted.
  if (command.data.empty()) return tries_left(usable);
  if (!well_formed(command)) return status::wrong_length;
  if (usable == 0) return status::blocked;

  const bool right = matches(*pin, command.data);
  const int tries = right ? pin->max_tries : usable - 1;
  if (!right) machine.session.verified.erase(id);
  if (tries != pin->tries) {
    const auto which = id;
    const bool stored =
        machine.change([&](Application& application) { application.pins.at(which).tries = tries; });
    if (!stored) return status::memory_failure;
  }
  if (!right) return tries_left(tries);
  machine.session.verified.insert(id);
  return status::ok;
}

Reply change_reference_data(Machine& machine, const Command& command) {
  if (command.header.p1 != 0x01) return status::wrong_parameters;
  return change_own(machine, command, false);
}

Reply change_key(Machine& machine, const Command& command) {
  if (command.header.p1 != 0x00) return status::wrong_parameters;
  return change_own(machine, command, true);
}

Reply reset_retry_counter(Machine& machine, const Command& command) {
  if (command.header.p1 != 0x02) return status::wrong_parameters;
  if (machine.application() == nullptr || !machine.application()->administered) return status::conditions;
  const auto reference = pin_referenced(machine, command.header.p2);
  if (reference.fault != status::ok) return reference.fault;
  if (!machine.terminal()) return status::security;
  if (!well_formed(command)) return status::wrong_length;
  // A right that was gained with the former value does not outlive it.
  machine.session.verified.erase(reference.id);
  return store_value(machine, reference.id, command);
}

}  // namespace madoguchi::simulated_card
