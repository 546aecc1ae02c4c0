#include "interrupts.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace madoguchi::cli {
namespace {

constexpr std::array caught{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but what is static.
volatile sig_atomic_t write_end = -1;

void tell(int) {
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(write_end, "x", 1);
  errno = error;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupts::Interrupts() {
  if (::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe to be had");
  write_end = ends_[1];
  for (const int signal : caught) handle(signal, tell);
  handle(SIGPIPE, SIG_IGN);
}

Interrupts::~Interrupts() {
  for (const int signal : caught) handle(signal, SIG_DFL);
  handle(SIGPIPE, SIG_DFL);
  ::close(ends_[0]);
  ::close(ends_[1]);
}

bool Interrupts::pending() const {
  pollfd watched{ends_[0], POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

bool wait_readable(int fd, const Interrupts& interrupts) {
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{fd, POLLIN, 0}, pollfd{interrupts.fd(), POLLIN, 0}};
    const int ready = ::poll(watched.data(), watched.size(), -1);
    if (ready < 0 && errno == EINTR) continue;
    if (watched[1].revents != 0) return false;
    if (ready < 0 || watched[0].revents != 0) return true;
  }
}

}  // namespace madoguchi::cli
