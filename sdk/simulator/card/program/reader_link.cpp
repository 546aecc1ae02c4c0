#include "reader_link.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/secret.hpp"

namespace madoguchi::simulated_card {

bool ReaderLink::connect(const std::string& host, std::uint16_t port) {
  disconnect();
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    Descriptor attempt(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol));
    if (!attempt) continue;
    // vpcd serves one card and lets one wait, until its next look 400 ms later: with a third, such as a card
    // that was put in, taken out and put in again meanwhile, connect() would hang. Giving up well before the
    // kernel's own second try (1 s) matters: given up at that moment, the attempt succeeds behind our back
    // and fills the queue again.
    const timeval patience{.tv_sec = 0, .tv_usec = 250'000};
    ::setsockopt(attempt.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (::connect(attempt.get(), at->ai_addr, at->ai_addrlen) != 0) continue;
    socket_ = std::move(attempt);
    acknowledge_at_once();
    return true;
  }
  return false;
}

void ReaderLink::disconnect() {
  socket_.close();
  frames_.clear();
}

void ReaderLink::acknowledge_at_once() {
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

bool ReaderLink::receive() {
  std::array<std::uint8_t, 4096> buffer;
  for (;;) {
    acknowledge_at_once();
    const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
      const auto size = static_cast<std::size_t>(count);
      frames_.feed(base::ByteView(buffer.data(), size));
      base::wipe(buffer.data(), size);
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
}

bool ReaderLink::send(base::ByteView payload) {
  const auto frame = make_frame(payload);
  std::size_t sent = 0;
  while (sent < frame.size()) {
    const auto count = ::send(socket_.get(), frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace madoguchi::simulated_card
