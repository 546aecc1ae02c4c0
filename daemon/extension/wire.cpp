#include "wire.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace madoguchi::extension {
namespace {

// On one machine and between two builds of the same daemon: no byte order to care about.
struct Header {
  std::uint32_t size = 0;
  std::uint8_t kind = 0;
  std::uint8_t status = 0;
  std::uint16_t number = 0;
};
static_assert(sizeof(Header) == 8);

Wire wait_for(int fd, short what, Deadline deadline) {
  while (true) {
    int timeout = -1;
    if (deadline) {
      const auto left = *deadline - std::chrono::steady_clock::now();
      if (left <= left.zero()) return Wire::late;
      // Rounded up, so that the last millisecond is not spun through.
      timeout = static_cast<int>(std::min<std::int64_t>(
          INT_MAX, std::chrono::duration_cast<std::chrono::milliseconds>(left).count() + 1));
    }
    pollfd one{fd, what, 0};
    const int ready = ::poll(&one, 1, timeout);
    if (ready > 0) return Wire::done;
    if (ready < 0 && errno != EINTR) return Wire::ended;
  }
}

Wire read_all(int fd, void* into, std::size_t size, Deadline deadline) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const auto got = ::recv(fd, at, size, deadline ? MSG_DONTWAIT : 0);
    if (got > 0) {
      at += got;
      size -= static_cast<std::size_t>(got);
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (const auto waited = wait_for(fd, POLLIN, deadline); waited != Wire::done) return waited;
    } else {
      return Wire::ended;
    }
  }
  return Wire::done;
}

}  // namespace

Wire send(int fd, std::uint8_t kind, std::uint8_t status, std::uint16_t number, std::string_view document,
          Deadline deadline) {
  if (document.size() > longest_document) return Wire::ended;
  Header header{static_cast<std::uint32_t>(document.size()), kind, status, number};
  std::size_t done = 0;
  const std::size_t whole = sizeof header + document.size();
  while (done < whole) {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    if (done < sizeof header)
      parts[count++] = {reinterpret_cast<char*>(&header) + done, sizeof header - done};
    const auto from = done < sizeof header ? 0 : done - sizeof header;
    // sendmsg() only reads through it.
    if (from < document.size())
      parts[count++] = {const_cast<char*>(document.data()) + from, document.size() - from};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const auto put = ::sendmsg(fd, &message, MSG_NOSIGNAL | (deadline ? MSG_DONTWAIT : 0));
    if (put > 0) {
      done += static_cast<std::size_t>(put);
    } else if (put < 0 && errno == EINTR) {
      continue;
    } else if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (const auto waited = wait_for(fd, POLLOUT, deadline); waited != Wire::done) return waited;
    } else {
      return Wire::ended;
    }
  }
  return Wire::done;
}

Wire receive(int fd, Frame& frame, Deadline deadline) {
  Header header;
  if (const auto read = read_all(fd, &header, sizeof header, deadline); read != Wire::done) return read;
  if (header.size > longest_document) return Wire::ended;
  frame.kind = header.kind;
  frame.status = header.status;
  frame.number = header.number;
  frame.document.resize(header.size);
  return read_all(fd, frame.document.data(), header.size, deadline);
}

bool waiting(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) > 0;
}

}  // namespace madoguchi::extension
