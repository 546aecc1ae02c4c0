#include "listener.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace madoguchi::server {
namespace {

constexpr int systemd_first_socket = 3;  // SD_LISTEN_FDS_START
constexpr int backlog = 128;

base::Fault failed(const std::string& what) {
  return base::make_fault(base::Code::internal, what + ": " + std::generic_category().message(errno));
}
base::Fault unusable(std::string why) {
  return base::make_fault(base::Code::internal, std::move(why));
}

base::Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return unusable("a socket's path has 1 to " + std::to_string(sizeof address.sun_path - 1) +
                    " bytes: " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Whoever may write to the directory could put a socket of their own in the place of ours.
base::Result<void> check_directory(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0) return failed(directory);
  if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
    return unusable(directory + " can be written to by everybody");
  }
  return {};
}

base::Result<Descriptor> take_lock(const std::string& path) {
  const auto file = path + ".lock";
  Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return failed(file);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return failed(file);
  return base::make_fault(base::Code::conflict, "another process serves " + path + " and holds " + file);
}

// A leftover socket may be replaced; a living one (its lock file was deleted) or a file of another kind may
// not.
base::Result<void> check_place(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return failed(path);
  }
  if (!S_ISSOCK(status.st_mode)) return unusable(path + " is there and is no socket");
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!probe) return failed("socket");
  const bool answered = connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN;
  if (answered) return base::make_fault(base::Code::conflict, "another process serves " + path);
  return {};
}

base::Result<gid_t> group_named(const std::string& name) {
  std::vector<char> buffer(4096);
  group entry{};
  group* found = nullptr;
  while (getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == ERANGE) {
    buffer.resize(buffer.size() * 2);
  }
  if (found == nullptr) return unusable("there is no group " + name);
  return found->gr_gid;
}

base::Result<void> set_access(const std::string& file, const ServerSettings& settings) {
  if (!settings.group.empty()) {
    const auto gid = group_named(settings.group);
    if (!gid) return gid.error();
    if (chown(file.c_str(), static_cast<uid_t>(-1), *gid) != 0) return failed("chown " + file);
  }
  if (chmod(file.c_str(), settings.mode) != 0) return failed("chmod " + file);
  return {};
}

std::optional<long> number(const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

int option(int fd, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

int Descriptor::release() noexcept {
  return std::exchange(fd_, -1);
}

std::optional<int> socket_from_systemd() {
  if (number(std::getenv("LISTEN_PID")) != static_cast<long>(getpid())) return std::nullopt;
  if (number(std::getenv("LISTEN_FDS")).value_or(0) < 1) return std::nullopt;
  return systemd_first_socket;
}

base::Result<Listener> Listener::open(const ServerSettings& settings) {
  return settings.adopted ? adopt(*settings.adopted) : bind(settings);
}

base::Result<Listener> Listener::adopt(int fd) {
  Descriptor socket(fd);
  if (option(fd, SO_DOMAIN) != AF_UNIX || option(fd, SO_TYPE) != SOCK_STREAM ||
      option(fd, SO_ACCEPTCONN) != 1) {
    return unusable("the socket that was passed in is no listening Unix stream socket");
  }
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
    return failed("fcntl of the socket that was passed in");
  }
  Listener listener;
  listener.socket_ = std::move(socket);
  return listener;
}

base::Result<Listener> Listener::bind(const ServerSettings& settings) {
  const auto fresh = settings.path + ".new";
  const auto address = address_of(settings.path);
  const auto fresh_address = address_of(fresh);
  if (!address) return address.error();
  if (!fresh_address) return fresh_address.error();
  if (auto directory = check_directory(settings.path); !directory) return directory.error();
  auto lock = take_lock(settings.path);
  if (!lock) return lock.error();
  if (auto place = check_place(settings.path, *address); !place) return place.error();

  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed("socket");
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) return failed(fresh);
  // The file takes its first mode from here, so that it is never more open than it shall be.
  if (fchmod(socket.get(), 0600) != 0) return failed("fchmod");
  if (::bind(socket.get(), generic(*fresh_address), sizeof *fresh_address) != 0)
    return failed("bind " + fresh);
  if (auto access = set_access(fresh, settings); !access) {
    unlink(fresh.c_str());
    return access.error();
  }
  struct stat status {};
  if (listen(socket.get(), backlog) != 0 || stat(fresh.c_str(), &status) != 0 ||
      rename(fresh.c_str(), settings.path.c_str()) != 0) {
    const auto fault = failed(fresh);
    unlink(fresh.c_str());
    return fault;
  }
  Listener listener;
  listener.socket_ = std::move(socket);
  listener.lock_ = std::move(*lock);
  listener.path_ = settings.path;
  listener.device_ = status.st_dev;
  listener.inode_ = status.st_ino;
  return listener;
}

void Listener::remove_file() {
  struct stat status {};
  if (path_.empty() || lstat(path_.c_str(), &status) != 0) return;
  if (status.st_dev == device_ && status.st_ino == inode_) unlink(path_.c_str());
}

}  // namespace madoguchi::server
