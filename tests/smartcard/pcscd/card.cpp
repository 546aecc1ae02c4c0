#include "card.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace madoguchi::smartcard {
namespace {

enum Control : std::uint8_t { power_off = 0, power_on = 1, reset = 2, get_atr = 4 };

// Offers T=1, as a contactless card does.
const base::Bytes atr = {0x3B, 0x80, 0x80, 0x01, 0x01};

int connect_to(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made < 0 || connect(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error("the reader's driver does not listen");
  }
  return made;
}

}  // namespace

PlainCard::PlainCard(std::uint16_t port, Behaviour behaviour)
    : socket_(connect_to(port)), behaviour_(std::move(behaviour)), thread_([this] { serve(); }) {}

PlainCard::~PlainCard() {
  shutdown(socket_, SHUT_RDWR);
  thread_.join();
  close(socket_);
}

bool PlainCard::wait_for_reset() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return resets_ > 0; });
}

void PlainCard::serve() {
  while (const auto frame = receive()) {
    if (frame->size() == 1) {
      if (frame->front() == get_atr && !send(atr)) return;
      if (frame->front() == reset) {
        const std::lock_guard lock(mutex_);
        ++resets_;
        changed_.notify_all();
      }
      continue;
    }
    const auto answer = behaviour_(*frame);
    if (!answer) {
      shutdown(socket_, SHUT_RDWR);
      return;
    }
    if (!send(*answer)) return;
  }
}

std::optional<base::Bytes> PlainCard::receive() {
  const auto length = receive(2);
  if (!length) return std::nullopt;
  return receive(static_cast<std::size_t>((*length)[0]) << 8 | (*length)[1]);
}

std::optional<base::Bytes> PlainCard::receive(std::size_t count) {
  base::Bytes bytes(count);
  for (std::size_t at = 0; at < count;) {
    // The driver sends length and payload separately and waits for the acknowledgement of the first.
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
    const ssize_t got = recv(socket_, bytes.data() + at, count - at, 0);
    if (got <= 0) return std::nullopt;
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

bool PlainCard::send(const base::Bytes& bytes) {
  base::Bytes frame = {static_cast<std::uint8_t>(bytes.size() >> 8),
                       static_cast<std::uint8_t>(bytes.size() & 0xFF)};
  frame.insert(frame.end(), bytes.begin(), bytes.end());
  return ::send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
}

}  // namespace madoguchi::smartcard
