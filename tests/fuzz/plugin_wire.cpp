// What a plugin's process writes into the socket pair that it shares with the daemon, in pieces.
#include "wire.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "target.hpp"

using namespace madoguchi;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  int ends[2];
  fuzz::claim(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there is a socket pair");
  const int room = 1 << 20;
  ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  const auto sent = ::send(ends[1], data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  const auto taken = sent < 0 ? std::size_t{0} : static_cast<std::size_t>(sent);
  ::close(ends[1]);
  std::size_t documents = 0;
  extension::Frame frame;
  const auto soon = [] { return std::chrono::steady_clock::now() + std::chrono::seconds(5); };
  while (extension::receive(ends[0], frame, soon()) == extension::Wire::done) {
    documents += frame.document.size();
    fuzz::claim(frame.document.size() <= extension::longest_document, "a document is bounded");
    fuzz::claim(documents <= taken, "nothing is read that was not sent");
  }
  ::close(ends[0]);
  return 0;
}
