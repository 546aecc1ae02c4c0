// A reader's context and the card's handle. Everything here runs on the reader's own thread (R3).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "codes.hpp"
#include "outlet.hpp"
#include "pcsc_api.hpp"
#include "smartcard/pin_pad.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

// The event counter that the event loop saw last.
class CardCounter {
 public:
  void set(std::uint16_t value);
  [[nodiscard]] std::uint16_t get() const { return value_; }
  // Waits until it is another than `value`; false when it is still the same after that time.
  [[nodiscard]] bool await_other_than(std::uint16_t value, std::chrono::milliseconds longest) const;
  // From now on nobody waits: the reader has gone, or everything ends.
  void end_waits();

 private:
  std::atomic<std::uint16_t> value_{0};
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool ended_ = false;
};

// What a session is told from other threads.
struct SessionSignals {
  CardCounter counter;
  std::atomic<bool> abandoned{false};  // the running job's deadline has passed: nothing more goes to the card
};

class Session final : private Channel, private PinPad {
 public:
  // `notice`: how long the service may take to count a card's leaving.
  Session(const PcscApi& api, std::string reader, const SessionSignals& signals, Outlet& outlet,
          std::chrono::milliseconds notice, std::function<void(Loss)> on_loss);
  ~Session() override = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs the job in one transaction, on the handle of that lease, which the lease's first job opens.
  base::Result<void> run(std::uint64_t lease, const CardJob& job);
  // Resets the card, so that the PINs verified by this lease are gone.
  void end_lease();
  // After a deadline: the handle goes as with end_lease(), and the lease's further jobs find it dead.
  void abandon();
  void close();
  // From any thread: whether the reader offers PIN entry, once a card on it was reached.
  [[nodiscard]] std::optional<bool> has_pin_pad() const;

 private:
  base::Result<Response> transmit(const Command& command) override;
  PinPad* pin_pad() override { return pad_code_ ? this : nullptr; }
  base::Result<Response> verify(const PadEntry& entry) override;
  // Why nothing goes to the card any more, if so; asked before anything does.
  base::Result<void> usable();
  base::Result<Response> answered(std::string_view call, LONG code, DWORD size);
  base::Result<void> open();
  base::Result<void> open_context();
  base::Result<void> connect();
  void ask_for_pin_pad();
  base::Result<void> in_transaction(const CardJob& job);
  // Whether the counter has moved on since the handle was opened (R2).
  [[nodiscard]] bool card_changed() const;
  base::Fault lose(std::string_view call, LONG code);
  void kill(const base::Fault& fault);
  // Gives up the handle, with a reset unless the card has certainly left.
  void let_go();
  void disconnect(DWORD disposition = SCARD_RESET_CARD);
  void drop_context();

  const PcscApi& api_;
  const std::string reader_;
  const SessionSignals& signals_;
  Outlet& outlet_;
  const std::chrono::milliseconds notice_;
  const std::function<void(Loss)> on_loss_;
  std::optional<SCARDCONTEXT> context_;
  std::optional<SCARDHANDLE> card_;
  DWORD protocol_ = SCARD_PROTOCOL_T1;
  std::uint16_t counter_ = 0;  // what the event loop saw last before the handle was opened
  std::uint64_t lease_ = 0;
  // Why this lease's handle is dead. It stays so until the next lease, since the PINs are gone too.
  std::optional<base::Fault> dead_;
  base::Bytes answer_;
  std::optional<DWORD> pad_code_;  // by which a PIN is entered at the reader; asked with each handle
  enum class Pad : std::uint8_t { unknown, none, offered };
  std::atomic<Pad> pad_{Pad::unknown};
};

}  // namespace madoguchi::smartcard
