// A blocking client of a Unix socket that speaks in lines.
#pragma once

#include <string>
#include <string_view>

namespace madoguchi::bench {

class Connection {
 public:
  explicit Connection(const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int descriptor() const { return fd_; }
  void send(std::string_view bytes) const;
  // Reads until so many lines have ended; throws when the server closes.
  void await_lines(std::size_t count) const;
  // One line, with its '\n'; no more may be under way.
  [[nodiscard]] std::string line() const;

 private:
  int fd_;
};

// All of madoguchid's methods are called by this shape; the line ends with '\n'.
std::string request(std::string_view method, std::string_view params);

}  // namespace madoguchi::bench
