#include "service.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace madoguchi::smartcard {
namespace {

constexpr const char* driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
constexpr const char* program = "/usr/sbin/pcscd";

int checked(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  return result;
}

// A socket that holds this TCP port (0: any), or -1.
int hold_port(std::uint16_t& port) {
  const int held = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  socklen_t size = sizeof(address);
  if (bind(held, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(held, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    close(held);
    return -1;
  }
  port = ntohs(address.sin_port);
  return held;
}

// The driver listens on this port and on the one after it.
std::uint16_t two_free_ports() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::uint16_t first = 0;
    const int one = hold_port(first);
    if (one < 0) continue;
    auto second = static_cast<std::uint16_t>(first + 1);
    const int two = second == 0 ? -1 : hold_port(second);
    close(one);
    if (two < 0) continue;
    close(two);
    return first;
  }
  throw std::runtime_error("no two free ports in a row");
}

int listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) throw std::runtime_error("the socket's path is too long");
  path.copy(address.sun_path, path.size());
  const int listener = checked(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  checked(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), "bind");
  checked(listen(listener, 16), "listen");
  return listener;
}

}  // namespace

PcscdService::PcscdService() : port_(two_free_ports()) {
  // The driver keeps its slots in static memory, so a copy of one's own.
  std::filesystem::copy_file(std::filesystem::canonical(driver), folder_ / "libvpcd.so");
  std::filesystem::create_directory(folder_ / "readers");
  std::ofstream(folder_ / "readers/counter")
      << "FRIENDLYNAME \"Counter\"\nDEVICENAME /dev/null:" << port_ << "\nLIBPATH "
      << (folder_ / "libvpcd.so").string() << "\nCHANNELID " << port_ << "\n";
  const std::string path = (folder_ / "socket").string();
  listener_ = listen_at(path);
  setenv("PCSCLITE_CSOCK_NAME", path.c_str(), 1);
}

PcscdService::~PcscdService() {
  kill();
  close(listener_);
}

void PcscdService::start() {
  // The shell knows the process's number, which is pcscd's after exec; the kernel ends pcscd when the test
  // dies.
  const std::string folder = (folder_ / "readers").string();
  const std::array<const char*, 10> arguments = {
      "setpriv", "--pdeathsig",  "KILL",
      "/bin/sh", "-c",           "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" -f -c \"$1\"",
      program,   folder.c_str(), nullptr,
      nullptr};
  const std::string log = (folder_ / "pcscd.log").string();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_adddup2(&actions, listener_, 3);
  const int code = posix_spawnp(&process_, "setpriv", &actions, nullptr,
                                const_cast<char* const*>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw std::runtime_error("pcscd cannot be started");
}

void PcscdService::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

}  // namespace madoguchi::smartcard
