#include "filter_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace madoguchi::cli {
namespace {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { put(-1); }

  [[nodiscard]] int get() const { return fd_; }
  void put(int fd) {
    const int old = std::exchange(fd_, fd);
    if (old >= 0) ::close(old);
  }

 private:
  int fd_;
};

bool open_pipe(Fd& read, Fd& write) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  read.put(ends[0]);
  write.put(ends[1]);
  return ::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0;
}

// Gives errno, or 0.
int spawn(const std::vector<std::string>& command, int input, pid_t& child) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // This program ignores a broken pipe; whoever it starts decides anew.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawn(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// False when interrupted. A program that stops reading ends early, and its status says why.
bool feed(int to, std::string_view input, const Interrupts& interrupts) {
  while (!input.empty()) {
    std::array<pollfd, 2> watched{pollfd{to, POLLOUT, 0}, pollfd{interrupts.fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return true;
    if (watched[1].revents != 0) return false;
    if (watched[0].revents == 0) continue;
    const auto written = ::write(to, input.data(), input.size());
    if (written >= 0) {
      input.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      return true;
    }
  }
  return true;
}

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Ended run_filter(const std::vector<std::string>& command, std::string_view input,
                 const Interrupts& interrupts) {
  using How = Ended::How;
  Fd read;
  Fd write;
  if (!open_pipe(read, write)) return {How::not_started, errno};
  pid_t child = -1;
  if (const int error = spawn(command, read.get(), child); error != 0) return {How::not_started, error};
  read.put(-1);
  const Fd ends(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  bool whole = feed(write.get(), input, interrupts);
  if (whole) write.put(-1);  // the end of its input
  whole = whole && (ends.get() < 0 || wait_readable(ends.get(), interrupts));
  // Before its input ends: it must not take the half for the whole.
  if (!whole) ::kill(child, SIGTERM);
  write.put(-1);
  const int status = reap(child);
  if (!whole) return {How::interrupted};
  return WIFEXITED(status) ? Ended{How::exited, WEXITSTATUS(status)} : Ended{How::killed, WTERMSIG(status)};
}

}  // namespace madoguchi::cli
