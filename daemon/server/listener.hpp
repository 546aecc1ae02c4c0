// A listening Unix socket: bound so that no other instance's is stolen and no stale one is in the way, or
// adopted.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "server/server.hpp"

namespace madoguchi::server {

// A file descriptor that is closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const noexcept { return fd_; }
  int release() noexcept;
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class Listener {
 public:
  // As Server::start() says.
  static base::Result<Listener> open(const ServerSettings& settings);

  // The listening socket, non-blocking, to be taken once.
  Descriptor take_socket() { return std::move(socket_); }
  // Removes the socket's file, if it is still the one that was made here. The lock is held until destruction.
  void remove_file();

 private:
  static base::Result<Listener> adopt(int fd);
  static base::Result<Listener> bind(const ServerSettings& settings);

  Descriptor socket_;
  Descriptor lock_;
  std::string path_;  // empty when adopted
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace madoguchi::server
