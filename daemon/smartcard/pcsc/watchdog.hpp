// Calls somebody when a deadline has passed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace madoguchi::smartcard {

class Watchdog {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // `overrun` runs on the watchdog's thread, so it holds every other deadline up while it runs. Not called
  // after stop().
  std::uint64_t arm(Time deadline, std::function<void()> overrun);
  // When this returns, `overrun` has either run to its end or never will.
  void disarm(std::uint64_t id);
  // Waits for an `overrun` that runs, and forgets all others. Not from within one.
  void stop();

 private:
  struct Entry {
    Time deadline;
    std::function<void()> overrun;
  };
  void run();
  // The entry whose deadline comes first.
  std::map<std::uint64_t, Entry>::iterator next();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable called_;
  std::map<std::uint64_t, Entry> entries_;  // a handful: one a reader and one for the events
  // When the thread wakes by itself, perhaps for what has been disarmed since. Only what ends earlier wakes
  // it, so that a job on a card seldom costs this.
  Time wakes_at_ = Time::max();
  std::uint64_t last_id_ = 0;
  std::uint64_t calling_ = 0;  // the entry whose overrun() runs, or 0
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace madoguchi::smartcard
