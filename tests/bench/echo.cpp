// The floor of the socket's figures: madoguchi-bench-echo SOCKET ANSWER answers every line with the bytes of
// the file ANSWER, by nothing but epoll, recv and send. Prints a line when it listens.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr int most_events = 64;

int listen_on(const char* path) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  return ::listen(listener, most_events) == 0 ? listener : -1;
}

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// Blocks while the peer takes nothing, which a real server must not; it costs a floor nothing.
bool send_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto sent = ::send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool answer(int fd, const std::string& line, std::string& out) {
  static std::array<char, 64UL * 1024> in;
  const auto size = ::recv(fd, in.data(), in.size(), 0);
  if (size <= 0) return false;
  out.clear();
  for (auto lines = std::count(in.data(), in.data() + size, '\n'); lines > 0; --lines) out += line;
  return send_all(fd, out.data(), out.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[2], std::ios::binary);
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  const int listener = listen_on(argv[1]);
  if (line.empty() || listener < 0) {
    std::perror(argv[1]);
    return 1;
  }
  const int epoll = ::epoll_create1(0);
  watch(epoll, listener);
  if (std::puts("listening") < 0 || std::fflush(stdout) != 0) return 1;
  std::array<epoll_event, most_events> events;
  std::string out;
  for (;;) {
    const int ready = ::epoll_wait(epoll, events.data(), most_events, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        if (const int peer = ::accept(listener, nullptr, nullptr); peer >= 0) watch(epoll, peer);
      } else if (!answer(fd, line, out)) {
        ::close(fd);
      }
    }
  }
}
