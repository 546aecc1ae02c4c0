// What one command sees while it is executed, and the commands by family.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "simulated_card/card.hpp"
#include "smartcard/apdu.hpp"

namespace madoguchi::simulated_card {

namespace status {
inline constexpr std::uint16_t ok = 0x9000;
inline constexpr std::uint16_t end_of_file = 0x6282;
inline constexpr std::uint16_t authentication_failed = 0x6300;
inline constexpr std::uint16_t counter = 0x63C0;
inline constexpr std::uint16_t memory_failure = 0x6581;
inline constexpr std::uint16_t wrong_length = 0x6700;
inline constexpr std::uint16_t channel = 0x6881;
inline constexpr std::uint16_t secure_messaging = 0x6882;
inline constexpr std::uint16_t chaining = 0x6884;
inline constexpr std::uint16_t wrong_file_type = 0x6981;
inline constexpr std::uint16_t security = 0x6982;
inline constexpr std::uint16_t blocked = 0x6984;
inline constexpr std::uint16_t conditions = 0x6985;
inline constexpr std::uint16_t no_current_file = 0x6986;
inline constexpr std::uint16_t secure_messaging_object = 0x69FC;
inline constexpr std::uint16_t wrong_data = 0x6A80;
inline constexpr std::uint16_t not_supported = 0x6A81;
inline constexpr std::uint16_t file_not_found = 0x6A82;
inline constexpr std::uint16_t record_not_found = 0x6A83;
inline constexpr std::uint16_t wrong_parameters = 0x6A86;
inline constexpr std::uint16_t no_key = 0x6A88;
inline constexpr std::uint16_t wrong_offset = 0x6B00;
inline constexpr std::uint16_t wrong_expected = 0x6C00;
inline constexpr std::uint16_t unknown_instruction = 0x6D00;
inline constexpr std::uint16_t unknown_class = 0x6E00;
inline constexpr std::uint16_t internal = 0x6F00;
}  // namespace status

// What power keeps and its loss clears.
struct Session {
  std::optional<std::size_t> application;  // index; nullopt: the issuer security domain, as after power-on
  std::optional<std::uint16_t> file;
  std::set<std::uint16_t> verified;  // PINs of the current application
  bool terminal = false;
  base::Bytes challenge;  // empty: none is fresh
  base::Bytes pending;    // for GET RESPONSE
};

struct Reply {
  Reply(std::uint16_t word) : status(word) {}  // NOLINT(google-explicit-constructor): `return status::x;`
  Reply(base::Bytes bytes, std::uint16_t word = status::ok)
      : data(std::move(bytes)), status(word) {}  // NOLINT

  base::Bytes data;
  std::uint16_t status;
};

struct Machine {
  CardImage& image;
  Memory& memory;
  Session& session;
  const KeySource& new_key;
  const Disturbance& disturbance;

  [[nodiscard]] const Application* application() const;
  // Changes the current application in a copy of the image, has it remembered, and only then makes it the
  // image; false when memory refused.
  bool change(const std::function<void(Application&)>& edit);
  // Terminal authentication is only known to applications that take the administration.
  [[nodiscard]] bool terminal() const { return session.terminal; }
};

// A file named by P2: 80 the current one, 80|short id another; or the status that says why not.
struct Referenced {
  std::uint16_t id = 0;
  std::uint16_t fault = status::ok;
};
Referenced referenced(const Machine& machine, std::uint8_t p2);

using Command = smartcard::ReceivedCommand;

// commands_select.cpp
Reply select(Machine& machine, const Command& command);
// commands_files.cpp
Reply read_binary(Machine& machine, const Command& command);
Reply read_record(Machine& machine, const Command& command);
Reply update_binary(Machine& machine, const Command& command);
Reply get_data(Machine& machine, const Command& command);
// commands_pins.cpp
Reply verify(Machine& machine, const Command& command);
Reply change_reference_data(Machine& machine, const Command& command);
Reply change_key(Machine& machine, const Command& command);
Reply reset_retry_counter(Machine& machine, const Command& command);
// commands_keys.cpp
Reply compute_signature(Machine& machine, const Command& command);
Reply internal_authenticate(Machine& machine, const Command& command);
Reply generate_key_pair(Machine& machine, const Command& command);
// commands_admin.cpp
Reply get_challenge(Machine& machine, const Command& command);
Reply external_authenticate(Machine& machine, const Command& command);
Reply activate_file(Machine& machine, const Command& command);

}  // namespace madoguchi::simulated_card
