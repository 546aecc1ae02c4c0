#include "control_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

namespace madoguchi::simulated_card {
namespace json = boost::json;
namespace {
constexpr std::size_t max_line = 64UL * 1024;
}

base::Result<ControlSocket> ControlSocket::listen(const std::string& path, Handler handler) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return base::make_fault(base::Code::invalid_params,
                            "a socket's path has at most 107 characters: " + path);
  }
  path.copy(address.sun_path, path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::unlink(path.c_str());
  const auto mask = ::umask(S_IRWXG | S_IRWXO);
  const bool bound =
      socket && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  const int error = errno;
  ::umask(mask);
  if (!bound || ::listen(socket.get(), 8) != 0) {
    return base::make_fault(base::Code::invalid_params, path + ": " + std::strerror(error));
  }
  return ControlSocket(std::move(socket), path, std::move(handler));
}

ControlSocket::~ControlSocket() {
  if (socket_) ::unlink(path_.c_str());
}

void ControlSocket::add_to(std::vector<pollfd>& waits) const {
  waits.push_back({.fd = socket_.get(), .events = POLLIN, .revents = 0});
  for (const auto& client : clients_)
    waits.push_back({.fd = client.socket.get(), .events = POLLIN, .revents = 0});
}

void ControlSocket::serve(const std::vector<pollfd>& waits, std::size_t first) {
  std::size_t at = first + 1;
  for (auto client = clients_.begin(); client != clients_.end(); ++at) {
    const bool stays = waits[at].revents == 0 || serve(*client);
    client = stays ? std::next(client) : clients_.erase(client);
  }
  if (waits[first].revents == 0) return;
  Descriptor accepted(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (accepted) clients_.push_back({.socket = std::move(accepted), .buffer = {}});
}

bool ControlSocket::serve(Client& client) {
  std::array<char, 4096> buffer;
  const auto count = ::recv(client.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  client.buffer.append(buffer.data(), static_cast<std::size_t>(count));
  for (auto end = client.buffer.find('\n'); end != std::string::npos; end = client.buffer.find('\n')) {
    const std::string reply = answer(std::string_view(client.buffer).substr(0, end)) + "\n";
    client.buffer.erase(0, end + 1);
    if (::send(client.socket.get(), reply.data(), reply.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(reply.size())) {
      return false;
    }
  }
  return client.buffer.size() <= max_line;
}

std::string ControlSocket::answer(std::string_view line) {
  boost::system::error_code error;
  const auto value = json::parse(line, error);
  if (error || !value.is_object()) return R"({"ok":false,"error":"one JSON object a line"})";
  return json::serialize(handler_(value.get_object()));
}

}  // namespace madoguchi::simulated_card
