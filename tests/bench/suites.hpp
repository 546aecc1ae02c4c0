// What is measured, a function a subject.
#pragma once

#include <sys/types.h>

#include <string>

#include "pairs.hpp"

namespace madoguchi::bench {

// How often, as a divisor of the iterations: 1 to measure, more to see that it works.
struct Effort {
  std::int64_t divisor = 1;
  [[nodiscard]] std::int64_t of(std::int64_t iterations) const {
    return iterations > divisor ? iterations / divisor : 1;
  }
};

// A server on a Unix socket.
struct Server {
  std::string socket;
  pid_t pid = 0;  // whose CPU time counts
};

// A request line to the daemon, and to the floor that answers it with the same bytes.
void add_round_trip(Pairs& pairs, Effort effort, const Server& ours, const Server& floor);
// The same by many clients at once, one request or a window of them in flight each.
void add_crowd(Pairs& pairs, Effort effort, const Server& ours, const Server& floor);

// Commands to the card in `reader` (PC/SC as PCSCLITE_CSOCK_NAME says): one through the reader port, and a
// whole card.inspect through the daemon's socket, each against SCardTransmit of the same commands.
void add_card(Pairs& pairs, Effort effort, const std::string& reader, const std::string& daemon_socket);

// Transitions of a case in a store in `folder`, against a write and an fdatasync of their bytes beside it,
// and against the same rows in SQLite as they are, neither sealed nor signed. `transitions` is a JSON file:
// {"card", "reader", "bodies": [{"state", "body"}], "journal": [{"kind", "body"}], "events": [{"type",
// "data"}]}, a body, a line and an event a transition.
void add_store(Pairs& pairs, Effort effort, const std::string& folder, const std::string& transitions);

// decide() on that policy file; with the policy's plugins, if their folder is given, in this process and in
// their own.
void add_decision(Pairs& pairs, Effort effort, const std::string& policy, const std::string& plugins,
                  const std::string& host_program);

}  // namespace madoguchi::bench
