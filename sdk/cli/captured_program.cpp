#include "captured_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace madoguchi::cli {
namespace {

using How = Captured::How;
using Clock = std::chrono::steady_clock;

// Gives errno, or 0.
int spawn(const std::vector<std::string>& command, int output, pid_t& child) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// False at its end.
bool take(int from, std::string& into) {
  std::array<char, 4096> piece{};
  const auto count = ::read(from, piece.data(), piece.size());
  if (count < 0) return errno == EINTR;
  into.append(piece.data(), static_cast<std::size_t>(count));
  return count > 0;
}

How read_all(int from, Clock::time_point end, const Interrupts& interrupts, std::string& into,
             const OnLine& on_line) {
  std::size_t told = 0;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return How::overdue;
    std::array<pollfd, 2> watched{pollfd{from, POLLIN, 0}, pollfd{interrupts.fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      return How::overdue;
    if (watched[1].revents != 0) return How::interrupted;
    const bool more = watched[0].revents == 0 || take(from, into);
    for (auto at = into.find('\n', told); on_line && at != std::string::npos; at = into.find('\n', told)) {
      end = Clock::now() + on_line(into.substr(told, at - told));
      told = at + 1;
    }
    if (more) continue;
    if (on_line && told < into.size()) on_line(into.substr(told));
    return How::exited;
  }
}

// What hangs inside the kernel, at a disk that does not answer, does not even die: it is not waited for.
void end_at_once(pid_t child) {
  constexpr int patience_ms = 1'000;
  ::kill(child, SIGKILL);
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  pollfd watched{process, POLLIN, 0};
  const bool ended = process < 0 || ::poll(&watched, 1, patience_ms) > 0;
  if (process >= 0) ::close(process);
  int status = 0;
  while (::waitpid(child, &status, ended ? 0 : WNOHANG) < 0 && errno == EINTR) {
  }
}

}  // namespace

Captured capture(const std::vector<std::string>& command, std::chrono::seconds patience,
                 const Interrupts& interrupts) {
  return capture_lines(command, patience, interrupts, {});
}

Captured capture_lines(const std::vector<std::string>& command, std::chrono::milliseconds patience,
                       const Interrupts& interrupts, const OnLine& on_line) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {How::not_started, errno};
  pid_t child = -1;
  const int error = spawn(command, ends[1], child);
  ::close(ends[1]);
  Captured captured{How::not_started, error};
  if (error == 0)
    captured.how = read_all(ends[0], Clock::now() + patience, interrupts, captured.output, on_line);
  ::close(ends[0]);
  if (error != 0) return captured;
  if (captured.how != How::exited) {
    end_at_once(child);
    return captured;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  captured.how = WIFEXITED(status) ? How::exited : How::killed;
  captured.status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  return captured;
}

}  // namespace madoguchi::cli
