#include "connection.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace madoguchi::bench {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Connection::Connection(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::invalid_argument("a socket path too long: " + path);
  path.copy(address.sun_path, path.size());
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail(path);
}

Connection::~Connection() {
  ::close(fd_);
}

void Connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Connection::await_lines(std::size_t count) const {
  std::array<char, 64UL * 1024> chunk;
  while (count > 0) {
    const auto size = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (size < 0) fail("recv");
    if (size == 0) throw std::runtime_error("the server has closed the connection");
    count -= std::min(count, static_cast<std::size_t>(std::count(chunk.data(), chunk.data() + size, '\n')));
  }
}

std::string Connection::line() const {
  std::array<char, 64UL * 1024> chunk;
  std::string text;
  while (text.empty() || text.back() != '\n') {
    const auto size = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (size < 0) fail("recv");
    if (size == 0) throw std::runtime_error("the server has closed the connection");
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return text;
}

std::string request(std::string_view method, std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","id":1,"method":")";
  text.append(method).append(R"(","params":)").append(params).append("}\n");
  return text;
}

}  // namespace madoguchi::bench
