// Signals as a descriptor that can be polled, so that Ctrl-C ends a wait instead of the process.
#pragma once

namespace madoguchi::cli {

// SIGINT, SIGTERM and SIGHUP make fd() readable, and it stays so; SIGPIPE is ignored. One at a time, for the
// whole program's run.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  [[nodiscard]] int fd() const { return ends_[0]; }
  [[nodiscard]] bool pending() const;

 private:
  int ends_[2] = {-1, -1};
};

// Waits until `fd` is readable (or at its end). False: interrupted.
bool wait_readable(int fd, const Interrupts& interrupts);

}  // namespace madoguchi::cli
