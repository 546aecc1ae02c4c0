#include "isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "host/places.hpp"
#include "said.hpp"
#include "wire.hpp"

namespace madoguchi::extension {
namespace {

using base::Code;
using base::make_fault;
using Clock = std::chrono::steady_clock;

constexpr int most_log_lines = 100;  // during one call

// A process of the plugin's. Ending it is always by force: it has nothing to save.
class Child {
 public:
  Child(pid_t pid, Descriptor socket)
      : pid_(pid), handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))), socket_(std::move(socket)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  [[nodiscard]] int socket() const { return socket_.get(); }

  [[nodiscard]] std::optional<std::size_t> resident_bytes() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
    std::size_t whole = 0;
    std::size_t resident = 0;
    if (pid_ <= 0 || !(file >> whole >> resident)) return std::nullopt;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }

  // How it ended, in words; it is given a moment to do so by itself, since its socket closes first.
  std::string ended() {
    constexpr int moment_ms = 200;
    pollfd exit{handle_.get(), POLLIN, 0};
    if (pid_ > 0 && ::poll(&exit, 1, moment_ms) <= 0) return end(), "its process stopped answering";
    const int status = end();
    if (WIFEXITED(status)) return "its process ended with status " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    if (signal == SIGSYS) return "its process did what a plugin may not (a forbidden system call)";
    return "its process was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
  }

  int end() {
    if (pid_ <= 0) return 0;
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
  Descriptor handle_;
  Descriptor socket_;
};

class Isolated final : public Running {
 public:
  Isolated(pid_t pid, Descriptor socket, LogLine log)
      : child_(pid, std::move(socket)), log_(std::move(log)) {}

  base::Result<std::string> ask(Verb verb, std::string_view request,
                                std::chrono::milliseconds deadline) override {
    return exchange(static_cast<std::uint8_t>(verb), to_text(verb), request, deadline);
  }

  [[nodiscard]] std::optional<std::size_t> resident_bytes() const override { return child_.resident_bytes(); }

  base::Result<std::string> exchange(std::uint8_t kind, std::string_view what, std::string_view request,
                                     std::chrono::milliseconds allowed) {
    const auto deadline = Clock::now() + allowed;
    Frame frame;
    auto went = hear_lines(deadline);
    if (went == Wire::done) went = send(child_.socket(), kind, 0, ++number_, request, deadline);
    for (int lines = 0; went == Wire::done && lines <= most_log_lines; ++lines) {
      went = receive(child_.socket(), frame, deadline);
      if (went != Wire::done || frame.kind != Frame::log) break;
      log_(frame.status, frame.document);
    }
    if (went == Wire::done && frame.kind == Frame::answer && frame.number == number_ &&
        frame.document.size() <= longest_answer) {
      if (frame.status == Frame::answered) return std::move(frame.document);
      auto why = said(frame.document, digits_after(static_cast<Verb>(kind)));
      if (frame.status == Frame::refused) return request_refused(std::move(why));
      return make_fault(Code::plugin_failed, std::move(why));
    }
    const std::string during = std::string(what) + ": ";
    if (went == Wire::late) {
      child_.end();
      return make_fault(Code::plugin_timeout, during + "no answer within " + std::to_string(allowed.count()) +
                                                  " ms; its process was ended");
    }
    if (went == Wire::ended) return make_fault(Code::plugin_failed, during + child_.ended());
    child_.end();
    return make_fault(Code::plugin_failed, during + "its process spoke nonsense");
  }

 private:
  // What it has said unasked. Lines for the log are its right; an answer to what nobody has asked yet would
  // be taken for the next citizen's.
  Wire hear_lines(Deadline deadline) {
    Frame frame;
    for (int lines = 0; lines <= most_log_lines && waiting(child_.socket()); ++lines) {
      if (const auto went = receive(child_.socket(), frame, deadline); went != Wire::done) return went;
      if (frame.kind != Frame::log) return Wire::nonsense;
      log_(frame.status, frame.document);
    }
    return Wire::done;
  }

  Child child_;
  LogLine log_;
  std::uint16_t number_ = 0;  // of the last request
};

// posix_spawn's tables, freed.
struct SpawnTables {
  SpawnTables() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnTables(const SpawnTables&) = delete;
  SpawnTables& operator=(const SpawnTables&) = delete;
  ~SpawnTables() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

// Out of the way of the numbers that the child gets them under.
Descriptor moved_up(int fd) {
  return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 10));
}

int spawn(const std::filesystem::path& program, std::size_t memory_bytes, const Descriptor& socket,
          const Descriptor& library, pid_t& pid) {
  SpawnTables tables;
  auto* files = &tables.files;
  for (const int fd : {0, 1, 2}) ::posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
  ::posix_spawn_file_actions_adddup2(files, socket.get(), host_socket);
  ::posix_spawn_file_actions_adddup2(files, library.get(), host_library);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&tables.attributes, &none);
  ::posix_spawnattr_setsigdefault(&tables.attributes, &all);
  ::posix_spawnattr_setpgroup(&tables.attributes, 0);
  ::posix_spawnattr_setflags(&tables.attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  auto name = program.string();
  auto memory = std::to_string(memory_bytes);
  std::array<char*, 3> arguments{name.data(), memory.data(), nullptr};
  std::array<char*, 1> environment{nullptr};
  return ::posix_spawn(&pid, name.c_str(), files, &tables.attributes, arguments.data(), environment.data());
}

}  // namespace

base::Result<std::unique_ptr<Running>> start_isolated(const Admitted& admitted,
                                                      const std::filesystem::path& program,
                                                      std::size_t memory_bytes, base::Log& log,
                                                      std::chrono::milliseconds allowed) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return make_fault(Code::plugin_failed, std::string("no socket pair: ") + std::strerror(errno));
  }
  Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);
  auto socket = moved_up(theirs.get());
  const auto library = moved_up(admitted.bytes.get());
  theirs.reset();
  if (!socket.open() || !library.open()) return make_fault(Code::plugin_failed, "no descriptor left");
  pid_t pid = -1;
  if (const int error = spawn(program, memory_bytes, socket, library, pid); error != 0) {
    return make_fault(Code::plugin_failed, program.string() + ": " + std::strerror(error));
  }
  // The child's end is the child's alone: it closes with it.
  socket.reset();
  auto running = std::make_unique<Isolated>(pid, std::move(ours), log_lines(log, admitted.manifest.name));
  const auto loaded = running->exchange(Frame::load, "load", admitted.text, allowed);
  if (!loaded) return loaded.error();
  return std::unique_ptr<Running>(std::move(running));
}

}  // namespace madoguchi::extension
