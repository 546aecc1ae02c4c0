// What shall go wrong, and when: a plan made of short texts, asked before each command. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "simulated_card/card.hpp"

namespace madoguchi::simulated_card {

// What happens to one command besides its execution.
struct Verdict {
  bool vanish_before = false;  // the card is gone before it executes the command
  bool vanish_after = false;   // it executes, and is gone before it answers
  bool silent = false;         // it executes, stays, and never answers
  std::chrono::milliseconds delay{0};
  std::optional<std::uint16_t> status;  // answered instead of executing
  std::optional<std::size_t> keep;      // only so many bytes of the answer are sent
  Disturbance disturbance;
};

// One fault is `KIND[:key=value,...]`:
//   vanish-before, vanish-after   the card leaves the reader (and stays away until it is inserted again)
//   delay:ms=N                    the answer comes N milliseconds later
//   silent                        no answer
//   mute                          the answer to reset is 40 bytes long, which makes pcscd call the card
//   unresponsive;
//                                 until cleared, no other key
//   torn-write:byte=N             the UPDATE BINARY that covers byte N of its file stores up to N, and the
//   card leaves write-failure                 UPDATE BINARY answers 6581 keygen-failure GENERATE ASYMMETRIC
//   KEY PAIR answers 6F00 status:sw=HHHH                that status, nothing executed truncate:keep=N only
//   the first N bytes of the answer; N >= 1, since an empty frame would block the reader
// Keys that say when: `ins=HH`, `p1=HH`, `p2=HH` (the commands it counts; all if none is named), `count=N`
// (the N-th of them from now on, first by default), `times=N` (it happens to so many from there on; 1 by
// default, 0 for ever).
class FaultPlan {
 public:
  // invalid_params with the reason in `inner`.
  base::Result<void> arm(std::string_view text);
  void clear();

  Verdict next(base::ByteView command);
  [[nodiscard]] bool mute() const;
  // The texts of the faults that may still happen.
  [[nodiscard]] std::vector<std::string> armed() const;

 private:
  enum class Kind : std::uint8_t {
    vanish_before,
    vanish_after,
    delay,
    silent,
    mute,
    torn_write,
    write_failure,
    keygen_failure,
    status,
    truncate,
  };
  struct Rule {
    std::string text;
    Kind kind = Kind::mute;
    std::optional<std::uint8_t> ins, p1, p2;
    std::size_t count = 1;
    std::size_t times = 1;
    std::optional<std::size_t> value;  // ms, byte, sw or keep
    std::size_t happened = 0;
  };

  static base::Result<Rule> parse(std::string_view text);
  // Whether the rule concerns this command, counting it.
  static bool strikes(Rule& rule, base::ByteView command);
  static void apply(const Rule& rule, base::ByteView command, Verdict& verdict);
  static bool spent(const Rule& rule);

  std::vector<Rule> rules_;
};

}  // namespace madoguchi::simulated_card
