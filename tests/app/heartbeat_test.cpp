#include "heartbeat.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace madoguchi::app {
namespace {

using namespace std::chrono_literals;

class Silent final : public base::Log {
 public:
  void write(base::Level, std::string_view event, std::initializer_list<base::Field>) override {
    last = event;
  }
  std::string last;
};

// A service manager with a watchdog of 20 ms, and what it is told.
class HeartbeatTest : public testing::Test {
 protected:
  HeartbeatTest() {
    // An abstract name: nothing to remove afterwards.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "madoguchi-heartbeat-" + std::to_string(::getpid());
    name.copy(address.sun_path + 1, name.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    ::setenv("WATCHDOG_USEC", "20000", 1);
    ::unsetenv("WATCHDOG_PID");
  }
  ~HeartbeatTest() override {
    ::close(socket_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC"}) ::unsetenv(name);
  }

  // The next thing told; empty when there is none.
  std::string told() const {
    std::array<char, 256> text;
    const auto length = ::recv(socket_, text.data(), text.size(), 0);
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
  }

  boost::asio::io_context loop_;
  Silent log_;
  std::size_t stuck_ = 0;
  bool idle_ = true;
  int socket_ = -1;
};

TEST_F(HeartbeatTest, BeatsWhileTheLoopTurns) {
  const Heartbeat heartbeat(
      loop_, [this] { return stuck_; }, [this] { return idle_; }, log_);
  EXPECT_EQ(told(), "WATCHDOG=1");
  for (int beat = 0; beat < 3; ++beat) {
    ASSERT_EQ(loop_.run_one(), 1U);
    EXPECT_EQ(told(), "WATCHDOG=1");
  }
  EXPECT_EQ(told(), "");
}

TEST_F(HeartbeatTest, R5AsksToBeRestartedWhenTooManyReadersHang) {
  const Heartbeat heartbeat(
      loop_, [this] { return stuck_; }, [this] { return idle_; }, log_);
  EXPECT_EQ(told(), "WATCHDOG=1");
  stuck_ = Heartbeat::most_stuck_calls;
  ASSERT_EQ(loop_.run_one(), 1U);
  EXPECT_NE(told().find("WATCHDOG=trigger"), std::string::npos);
  EXPECT_EQ(log_.last, "readers.stuck");
  EXPECT_EQ(loop_.run(), 0U);
}

TEST_F(HeartbeatTest, NeverWhileACardIsWorkedOn) {
  stuck_ = Heartbeat::most_stuck_calls;
  idle_ = false;
  const Heartbeat heartbeat(
      loop_, [this] { return stuck_; }, [this] { return idle_; }, log_);
  EXPECT_EQ(told(), "WATCHDOG=1");
  idle_ = true;
  ASSERT_EQ(loop_.run_one(), 1U);
  EXPECT_NE(told().find("WATCHDOG=trigger"), std::string::npos);
}

TEST_F(HeartbeatTest, SaysNothingWithoutAWatchdog) {
  ::unsetenv("WATCHDOG_USEC");
  const Heartbeat heartbeat(
      loop_, [this] { return stuck_; }, [this] { return idle_; }, log_);
  EXPECT_EQ(told(), "");
  EXPECT_EQ(loop_.run(), 0U);
}

}  // namespace
}  // namespace madoguchi::app
