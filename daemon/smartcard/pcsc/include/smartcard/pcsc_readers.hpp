// The readers of PC/SC-Lite: one thread and one context a reader, and one more that only listens for events
// (R3, R4).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "base/log.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

struct PcscApi;  // pcsc_api.hpp, beside this room's sources
class PcscCore;

struct PcscLimits {
  // The longest wait for an event: what a lost wake-up can cost (R4).
  std::chrono::milliseconds wait{1000};
  // Until a call that should answer at once, and the disconnect at a lease's end, count as stuck.
  std::chrono::milliseconds call{5000};
  // Until the service must have shown a card that left: pcscd looks every 400 ms.
  std::chrono::milliseconds notice{2000};
  // Between attempts to reach the service again: doubles from the first to the longest (R6).
  std::chrono::milliseconds first_retry{100};
  std::chrono::milliseconds longest_retry{2000};
  // Jobs that may wait at one reader; one more is refused as overloaded.
  std::size_t queue = 16;
};

// Neither callbacks nor jobs may destroy the PcscReaders, and callbacks may not block.
class PcscReaders final : public Readers {
 public:
  // Called on a thread of its own, one event at a time and in order, and never after the destructor has
  // returned. May call list(), health(), lease() and submit().
  using OnEvent = std::function<void(const ReaderEvent&)>;

  // Returns at once; readers show up as events. Until the service has answered for the first time, health()
  // says reader.service_down. `log` must outlive this object.
  PcscReaders(OnEvent on_event, base::Log& log, PcscLimits limits = {});
  // The same over another PC/SC, whose functions may still be in a call after the destructor (see there).
  PcscReaders(const PcscApi& api, OnEvent on_event, base::Log& log, PcscLimits limits = {});
  // Jobs that wait end with shutting_down; those that run are waited for until their deadline. A thread whose
  // call is stuck is left behind: it touches nothing but what it shares with nobody, and ends when its call
  // returns.
  ~PcscReaders() override;
  PcscReaders(const PcscReaders&) = delete;
  PcscReaders& operator=(const PcscReaders&) = delete;

  // Empty while the service is down.
  [[nodiscard]] std::vector<ReaderStatus> list() const override;
  [[nodiscard]] base::Result<void> health() const override;
  // Besides the port's faults: reader.service_down while pcscd is away.
  base::Result<std::unique_ptr<Lease>> lease(const std::string& reader) override;

  // PC/SC calls that overran and have not returned; each holds a thread. Many of them are a reason to restart
  // (R5).
  [[nodiscard]] std::size_t stuck_calls() const;

 private:
  std::shared_ptr<PcscCore> core_;
};

}  // namespace madoguchi::smartcard
