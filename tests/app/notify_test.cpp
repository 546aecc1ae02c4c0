// What the service manager is told of a reload.
#include "notify.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>

namespace madoguchi::app {
namespace {

class NotifyTest : public testing::Test {
 protected:
  NotifyTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // An abstract name: nothing to remove afterwards.
    const std::string name = "madoguchi-notify-" + std::to_string(::getpid());
    name.copy(address.sun_path + 1, name.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~NotifyTest() override {
    ::close(socket_);
    ::unsetenv("NOTIFY_SOCKET");
  }

  [[nodiscard]] std::string told() const {
    std::array<char, 256> text;
    const auto length = ::recv(socket_, text.data(), text.size(), 0);
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
  }

 private:
  int socket_ = -1;
};

long long microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

TEST_F(NotifyTest, AReloadSaysWhenItBegan) {
  const auto before = microseconds();
  notify_reloading();
  const std::string said = told();
  const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_EQ(said.substr(0, begin.size()), begin);
  const auto when = std::stoll(said.substr(begin.size()));
  EXPECT_LE(before, when);
  EXPECT_LE(when, microseconds());
}

TEST_F(NotifyTest, ItsEndIsTheStatusLine) {
  notify_ready("the policy is not valid; the one before stays in force");
  EXPECT_EQ(told(), "READY=1\nSTATUS=the policy is not valid; the one before stays in force");
  notify_ready("");
  EXPECT_EQ(told(), "READY=1\nSTATUS=") << "nothing of before is left";
}

}  // namespace
}  // namespace madoguchi::app
