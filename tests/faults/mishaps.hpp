// What goes wrong in one citizen's visit, drawn from a seed: the same seed is the same visit.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "world.hpp"

namespace madoguchi::faults {

// Numbers that are the same with every standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // 0 .. n-1
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

// At what it strikes: the n-th command to the card, message to the authority, commit, or try of the clerk.
enum class Moment : std::uint8_t { command, message, commit, round };

enum class Effect : std::uint8_t {
  pulled_before,  // the card, before it has executed the command
  pulled_after,
  swapped,        // another card lies there when the clerk looks again
  unplugged,      // the reader
  killed_before,  // the daemon (SIGKILL), before the command, message or commit took effect
  killed_after,
  ended,          // the daemon is told to end (SIGTERM)
  power_lost,     // and the disk keeps nothing but what was synced
  refused,        // by the card (6F00) or the disk (full), once
  refused_often,  // by the disk, for some commits
  write_lost,     // the card confirms what it does not keep
  message_lost,   // on its way there
  reply_lost,     // the authority has acted
  reply_spoilt,
  message_twice,   // as a network does that has lost count: the authority answers both, the first answer
                   // arrives
  authority_down,  // for some messages
  authority_lies,  // see lie
  client_gone,     // nobody waits for the answer to a PIN
  mistyped,        // a PIN, once
  mistyped_twice,
  day_passes,
  clock_forward,  // six minutes
  clock_back,
  disk_fails,      // from some write, truncation or sync on, until the next try
  disk_read_only,  // likewise
  plugin_late,     // its answer comes when nobody waits for it any more, for one try
  plugin_down,     // one that follows cases and is needed, for one try
  clocks_apart,    // counter's and authority's, for one try
  // The isolated plugin's process, of an episode that has one.
  plugin_dies,
  plugin_hangs,
  plugin_without_memory,
  other_clerk,      // somebody at another window asks for something, see Other
  card_mute,        // once
  service_down,     // pcscd, for one try
  power_lost_amid,  // a commit; of what had not been synced the disk keeps some sectors
  revoked,          // the old certificate, by the authority itself, as when the holder has moved
};
std::string_view name(Effect effect);

// What somebody asks for who is at another window, about the same card and the same case, at the same time.
enum class Other : std::uint8_t {
  open,
  update,
  cancel,
  pin,
  wrong_pin,
  issue,
  inspect,
  look_up,      // both last days, with a PIN
  hold,         // the plugin holds the case back
  take_number,  // of the plugin's own
};
std::string_view name(Other other);

struct Mishap {
  Moment moment = Moment::round;
  int at = 1;
  Effect effect = Effect::ended;
  int after = 0;      // with disk_fails, disk_read_only and power_lost_amid: so many system calls
  Other other{};      // with other_clerk
  std::string lie{};  // an order to the development CA (simulated_ca/faults.hpp)
};

struct Episode {
  std::uint64_t seed = 0;
  counter::test::Options options;
  std::optional<mynumber::PinName> forgotten;  // by the holder
  int cancel_in_round = 0;                     // the citizen gives up then; 0: never
  bool card_lost = false;                      // that is why
  bool two_visits = false;    // somebody comes for the holder, and again when a letter is back
  bool card_at_home = false;  // at the first of them
  bool counts_tries = false;  // the clerk says how many tries are to be left
  bool isolated_plugin = false;
  bool terminal = false;  // the certificates are issued on the official terminal
  std::vector<Mishap> mishaps;
};

Episode draw(std::uint64_t seed);
// One line, for people.
std::string describe(const Episode& episode);

}  // namespace madoguchi::faults
