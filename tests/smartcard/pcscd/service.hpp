// A pcscd of a test's own: a private socket that is bound before it starts, and a private copy of the vpcd
// driver.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "../../temporary_folder.hpp"

namespace madoguchi::smartcard {

class PcscdService {
 public:
  // Points this process's libpcsclite to the socket, which it reads once a process: so one service a process.
  PcscdService();
  ~PcscdService();
  PcscdService(const PcscdService&) = delete;
  PcscdService& operator=(const PcscdService&) = delete;

  void start();
  void kill();  // by SIGKILL, and reaped

  // Where a virtual card connects to; the reader that shows it.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string reader() const { return "Counter 00 00"; }

 private:
  tests::TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  pid_t process_ = -1;
};

}  // namespace madoguchi::smartcard
