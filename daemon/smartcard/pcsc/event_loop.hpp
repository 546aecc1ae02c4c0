// The thread that listens for events, on a context of its own that nothing else uses but cancel().
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "codes.hpp"
#include "outlet.hpp"
#include "pcsc_api.hpp"
#include "smartcard/pcsc_readers.hpp"
#include "smartcard/reconcile.hpp"

namespace madoguchi::smartcard {

class Activity;
class Roster;
class Watchdog;

class EventLoop {
 public:
  struct World {
    const PcscApi& api;
    const PcscLimits& limits;
    Outlet& outlet;
    Watchdog& watchdog;
    Activity& activity;
    Roster& roster;
  };

  explicit EventLoop(World world) : world_(world) {}

  // The thread's body; returns some time after stop().
  void run();
  void stop();
  // Wakes a wait. What it costs when it comes too early is one wait (R4). May block as any PC/SC call.
  void cancel();

  // Counts the connections to the service: a worker's complaint about an earlier one comes too late to
  // matter.
  [[nodiscard]] unsigned generation() const { return generation_; }
  // A worker of that generation found the service gone.
  void condemn(unsigned generation);

 private:
  enum class Outcome : std::uint8_t { fine, again, lost };

  bool establish();
  // One look at the readers, waiting for a change when there is nothing new.
  Outcome look();
  Outcome list(std::vector<std::string>& names);
  // Keeps current_ to those names; whether all of them have been seen before.
  bool adopt(const std::vector<std::string>& names);
  Outcome wait_for_change(bool all_known);
  // false when there is more to come: the reader has left, or has changed by half.
  bool take_over(const SCARD_READERSTATE& state);
  void drop(const std::string& why);
  void pause(std::chrono::milliseconds time);
  // Makes the call under a deadline; an overrun counts as a lost service until the call returns, and as one
  // after it.
  LONG timed(std::string_view name, std::chrono::milliseconds wait, const std::function<LONG()>& call);
  Outcome trouble(std::string_view name, LONG code);
  void publish();

  struct Known {
    DWORD state = SCARD_STATE_UNAWARE;  // as it has to be given back to PC/SC
    std::optional<Observation> seen;
    // pcscd shows a card's coming or going before it counts it, and a reset that finds no card up to 400 ms
    // before. Told by halves, one removal would look like two. Since when the count is missing; it is not
    // waited for longer than limits.notice.
    std::optional<std::chrono::steady_clock::time_point> half_changed;
  };

  const World world_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::optional<SCARDCONTEXT> context_;  // written by the thread only, under mutex_ for the sake of cancel()
  std::atomic<unsigned> generation_{0};
  std::atomic<bool> condemned_{false};
  std::atomic<bool> overran_{false};
  std::map<std::string, Known> readers_;
  DWORD notification_state_ = SCARD_STATE_UNAWARE;
  std::string why_;  // of the last Outcome::lost
};

}  // namespace madoguchi::smartcard
