#include <openssl/crypto.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "crypto.hpp"
#include "machine.hpp"

namespace madoguchi::simulated_card {

Reply get_challenge(Machine& machine, const Command& command) {
  if (command.header.p1 != 0 || command.header.p2 != 0) return status::wrong_parameters;
  if (!command.expected || *command.expected > 256 || !command.data.empty()) return status::wrong_length;
  machine.session.challenge = base::random_bytes(*command.expected);
  return machine.session.challenge;
}

Reply external_authenticate(Machine& machine, const Command& command) {
  if (command.header.p1 != 0 || command.header.p2 != 0x01) return status::wrong_parameters;
  const auto* application = machine.application();
  if (application == nullptr || !application->administered) return status::conditions;
  // Used up by whatever answer comes, so that no cryptogram can be guessed at twice.
  const base::Bytes challenge = std::exchange(machine.session.challenge, {});
  machine.session.terminal = false;
  if (challenge.empty()) return status::conditions;
  const auto expected = hmac_sha256(machine.image.terminal_key, challenge);
  if (command.data.size() != expected.size()) return status::wrong_length;
  if (CRYPTO_memcmp(expected.data(), command.data.data(), expected.size()) != 0) {
    return status::authentication_failed;
  }
  machine.session.terminal = true;
  return status::ok;
}

Reply activate_file(Machine& machine, const Command& command) {
  if (command.header.p1 != 0 || command.header.p2 != 0) return status::wrong_parameters;
  const auto* application = machine.application();
  if (application == nullptr || !application->administered) return status::conditions;
  if (command.data.size() != 2) return status::wrong_length;
  const auto id = static_cast<std::uint16_t>(command.data[0] << 8 | command.data[1]);
  const auto pair = std::find_if(std::begin(layout::pairs), std::end(layout::pairs),
                                 [&](const layout::Pair& p) { return p.spare_certificate == id; });
  if (pair == std::end(layout::pairs) || !application->files.contains(id) ||
      !application->files.contains(pair->certificate) || !application->keys.contains(pair->spare_key)) {
    return status::file_not_found;
  }
  if (!machine.terminal()) return status::security;
  if (application->keys.at(pair->spare_key).private_key.empty()) return status::conditions;
  const bool stored = machine.change([&](Application& changed) {
    std::swap(changed.files.at(pair->certificate).content, changed.files.at(pair->spare_certificate).content);
    std::swap(changed.keys.at(pair->key).private_key, changed.keys.at(pair->spare_key).private_key);
  });
  return stored ? status::ok : status::memory_failure;
}

}  // namespace madoguchi::simulated_card
