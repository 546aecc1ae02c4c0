#include "connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

namespace madoguchi::client {
namespace {

// Far above any answer of the daemon; a peer that never sends a line break must not fill the memory.
constexpr std::size_t longest_line = std::size_t{64} << 20;
// Connecting blocks only while the daemon's queue of connections is full.
constexpr int connect_seconds = 10;

std::string text_of(int error) {
  return std::generic_category().message(error);
}

int milliseconds_until(Clock::time_point deadline) {
  if (deadline == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

Outcome<std::unique_ptr<Connection>> Connection::open(const Options& options) {
  const auto path = options.socket.empty() ? default_socket() : options.socket;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return make_error(reasons::no_daemon, path + ": the path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return make_error(reasons::no_daemon, text_of(errno));
  auto connection = std::make_unique<Connection>(fd, options.interrupt_fd);
  const timeval limit{connect_seconds, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  int connected;
  do {
    connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } while (connected != 0 && errno == EINTR);
  if (connected != 0) {
    const int error = errno;
    return make_error(error == EACCES ? reasons::no_permission : reasons::no_daemon,
                      path + ": " + text_of(error));
  }
  return connection;
}

Connection::~Connection() {
  ::close(fd_);
}

std::optional<RpcError> Connection::wait(short events, Clock::time_point deadline) const {
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{fd_, events, 0}, pollfd{interrupt_fd_, POLLIN, 0}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return make_error(reasons::lost, text_of(errno));
    if (watched[1].revents != 0) return make_error(reasons::interrupted);
    if (watched[0].revents != 0)
      return std::nullopt;  // errors and hang-ups are told by the call that follows
    if (ready == 0 && milliseconds_until(deadline) == 0) return make_error(reasons::timeout);
  }
}

std::optional<RpcError> Connection::send(std::string_view line, Clock::time_point deadline) {
  const auto whole = line.size();
  while (!line.empty()) {
    if (auto error = wait(POLLOUT, deadline)) {
      // Half a line would be taken for the beginning of the next request.
      if (line.size() != whole) ::shutdown(fd_, SHUT_RDWR);
      return error;
    }
    const auto sent = ::send(fd_, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      line.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EINTR && errno != EAGAIN) {
      return make_error(reasons::lost, text_of(errno));
    }
  }
  return std::nullopt;
}

Outcome<std::string> Connection::receive(Clock::time_point deadline) {
  for (;;) {
    const auto end = received_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = received_.size();
    if (searched_ > longest_line) return make_error(reasons::garbled, "a line without end");
    if (auto error = wait(POLLIN, deadline)) return *error;
    std::array<char, 16384> chunk;
    const auto got = ::recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) {
      received_.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (got == 0) {
      return make_error(reasons::lost, "the daemon closed the connection");
    } else if (errno != EINTR && errno != EAGAIN) {
      return make_error(reasons::lost, text_of(errno));
    }
  }
}

}  // namespace madoguchi::client
