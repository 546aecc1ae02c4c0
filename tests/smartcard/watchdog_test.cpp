#include "watchdog.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace madoguchi::smartcard {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(Watchdog, CallsInTheOrderOfDeadlines) {
  Watchdog watchdog;
  std::vector<int> called;
  std::promise<void> last;
  const auto now = Clock::now();
  watchdog.arm(now + 60ms, [&] { last.set_value(); });
  watchdog.arm(now + 40ms, [&] { called.push_back(2); });
  watchdog.arm(now + 20ms, [&] { called.push_back(1); });
  last.get_future().wait();
  EXPECT_EQ(called, (std::vector{1, 2}));
  EXPECT_GE(Clock::now(), now + 60ms);
}

TEST(Watchdog, DoesNotCallWhatWasDisarmed) {
  Watchdog watchdog;
  std::atomic<bool> called = false;
  const auto id = watchdog.arm(Clock::now() + 20ms, [&] { called = true; });
  watchdog.disarm(id);
  std::promise<void> later;
  watchdog.arm(Clock::now() + 40ms, [&] { later.set_value(); });
  later.get_future().wait();
  EXPECT_FALSE(called);
}

TEST(Watchdog, WakesForWhatEndsBeforeWhatItSleepsFor) {
  Watchdog watchdog;
  for (int i = 0; i < 20; ++i) {
    const auto disarmed = watchdog.arm(Clock::now() + 1h, [] { FAIL(); });
    const auto slow = watchdog.arm(Clock::now() + 2h, [] { FAIL(); });
    std::promise<void> called;
    if (i % 2 == 0) watchdog.disarm(disarmed);
    watchdog.arm(Clock::now() + 1ms, [&] { called.set_value(); });
    called.get_future().wait();
    if (i % 2 != 0) watchdog.disarm(disarmed);
    watchdog.disarm(slow);
  }
}

TEST(Watchdog, DisarmWaitsForACallThatRuns) {
  Watchdog watchdog;
  std::promise<void> begun;
  std::promise<void> go_on;
  std::atomic<bool> ended = false;
  const auto id = watchdog.arm(Clock::now(), [&] {
    begun.set_value();
    go_on.get_future().wait();
    ended = true;
  });
  begun.get_future().wait();
  std::thread disarming([&] {
    watchdog.disarm(id);
    EXPECT_TRUE(ended);
  });
  go_on.set_value();
  disarming.join();
}

TEST(Watchdog, StopForgets) {
  Watchdog watchdog;
  std::atomic<bool> called = false;
  watchdog.arm(Clock::now() + 1h, [&] { called = true; });
  watchdog.stop();
  const auto id = watchdog.arm(Clock::now(), [&] { called = true; });
  watchdog.disarm(id);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace madoguchi::smartcard
