// The reader port: which readers there are, and the exclusive hold on the card in one of them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "smartcard/channel.hpp"

namespace madoguchi::smartcard {

enum class Presence : std::uint8_t {
  empty,
  present,
  mute,   // a card that does not answer to reset
  stuck,  // a call overran its deadline: set aside until it returns (R5)
};

struct ReaderStatus {
  std::string name;
  Presence presence = Presence::empty;
  bool leased = false;
  base::Bytes atr;               // a hint for logs, never used to recognise a card (C7)
  std::uint32_t card_count = 0;  // changes with every insertion and removal (R2)
  // Whether it says that PINs can be entered at the reader itself; unknown until a card on it was reached.
  std::optional<bool> pin_pad{};
};

struct ReaderEvent {
  enum class Kind : std::uint8_t {
    reader_added,
    reader_removed,
    card_inserted,
    card_removed,
    service_down,
    service_up
  };
  Kind kind;
  std::string reader;  // empty for the service's own events
};

// Runs on the reader's own thread, inside one PC/SC transaction. Called at most once.
using CardJob = std::function<base::Result<void>(Channel&)>;
// Called exactly once, on an unspecified thread: the job's result, or why it never ran or has not returned in
// time (then the job may still be running: what it captures must live on by itself).
using JobDone = std::function<void(base::Result<void>)>;

// An exclusive hold on one reader. The PC/SC handle is opened by the first job, exclusively, and stays open
// until the lease ends, so that PINs verified on the card stay verified and no other PC/SC client can use
// them. Ending the lease disconnects with a card reset, which drops them.
class Lease {
 public:
  // Returns at once: jobs that wait still run, then the disconnect happens on the reader's thread.
  virtual ~Lease() = default;
  // Queues a job; its deadline runs from its start. One that overruns ends with card.mute and sets the reader
  // aside, and nothing more that it sends reaches the card; what waits behind it ends with reader.gone. Too
  // many waiting are overloaded. After the card was removed or reset by anybody, every further job fails with
  // card.removed: the handle is dead and so are the PINs. Take a new lease then.
  virtual void submit(CardJob job, std::chrono::milliseconds deadline, JobDone done) = 0;
  [[nodiscard]] virtual const std::string& reader() const = 0;
};

class Readers {
 public:
  virtual ~Readers() = default;
  [[nodiscard]] virtual std::vector<ReaderStatus> list() const = 0;
  // reader.service_down while pcscd is away.
  [[nodiscard]] virtual base::Result<void> health() const = 0;
  // not_found for no such reader, reader.busy while another lease holds it, reader.gone while it is stuck.
  // Does not touch the card: an absent card shows in the first job (card.absent).
  virtual base::Result<std::unique_ptr<Lease>> lease(const std::string& reader) = 0;
};

}  // namespace madoguchi::smartcard
