// Lines over a Unix socket, with deadlines and an interrupting descriptor.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "madoguchi_client/client.hpp"

namespace madoguchi::client {

using Clock = std::chrono::steady_clock;

class Connection {
 public:
  static Outcome<std::unique_ptr<Connection>> open(const Options& options);
  Connection(int fd, int interrupt_fd) noexcept : fd_(fd), interrupt_fd_(interrupt_fd) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // The line comes with its line break. nullopt: sent.
  std::optional<RpcError> send(std::string_view line, Clock::time_point deadline);
  // The next line without its line break.
  Outcome<std::string> receive(Clock::time_point deadline);

 private:
  std::optional<RpcError> wait(short events, Clock::time_point deadline) const;

  int fd_;
  int interrupt_fd_;
  std::string received_;
  std::size_t searched_ = 0;  // up to here there is no line break in received_
};

}  // namespace madoguchi::client
