#include "program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace madoguchi::cli {
namespace {

constexpr int patience_ms = 20000;

[[noreturn]] void execute(const std::vector<std::string>& arguments, const Environment& environment) {
  std::vector<char*> argv;
  std::string program = MADOGUCHI;
  argv.push_back(program.data());
  std::vector<std::string> copies = arguments;
  for (auto& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG", "MADOGUCHI_SOCKET", "MADOGUCHI_OFFICE"})
    ::unsetenv(name);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

int status_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const std::string& input,
                 const Environment& environment) {
  int in[2];
  int out_ends[2];
  int err_ends[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out_ends, O_CLOEXEC) != 0 || ::pipe2(err_ends, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  // Short enough for the pipe's buffer.
  if (::write(in[1], input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    throw std::runtime_error("write");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setsid();
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out_ends[1], STDOUT_FILENO);
    ::dup2(err_ends[1], STDERR_FILENO);
    execute(arguments, environment);
  }
  ::close(in[0]);
  ::close(in[1]);
  ::close(out_ends[1]);
  ::close(err_ends[1]);
  out_fd_ = out_ends[0];
  err_fd_ = err_ends[0];
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    status_of(pid_);
  }
  if (out_fd_ >= 0) ::close(out_fd_);
  if (err_fd_ >= 0) ::close(err_fd_);
}

bool Program::read_some() {
  std::array<pollfd, 2> watched{pollfd{out_fd_, POLLIN, 0}, pollfd{err_fd_, POLLIN, 0}};
  if ((out_fd_ < 0 && err_fd_ < 0) || ::poll(watched.data(), watched.size(), patience_ms) <= 0) return false;
  std::array<char, 4096> chunk;
  const auto take = [&](const pollfd& one, int& fd, std::string& into) {
    if (one.fd < 0 || one.revents == 0) return;
    const auto got = ::read(fd, chunk.data(), chunk.size());
    if (got > 0) {
      into.append(chunk.data(), static_cast<std::size_t>(got));
    } else {
      ::close(fd);
      fd = -1;
    }
  };
  take(watched[0], out_fd_, out);
  take(watched[1], err_fd_, err);
  return true;
}

bool Program::prints(const std::string& text) {
  while (out.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void Program::close_output() {
  ::close(out_fd_);
  out_fd_ = -1;
}

void Program::signal(int number) const {
  ::kill(pid_, number);
}

int Program::wait() {
  while (read_some()) {
  }
  // It holds its ends open although it said nothing for long: it hangs.
  if (out_fd_ >= 0 || err_fd_ >= 0) ::kill(pid_, SIGKILL);
  const int status = status_of(pid_);
  pid_ = -1;
  return status;
}

Ran run(const std::vector<std::string>& arguments, const std::string& input, const Environment& environment) {
  Program program(arguments, input, environment);
  const int status = program.wait();
  return {status, program.out, program.err};
}

AtTerminal::AtTerminal(const std::vector<std::string>& arguments) {
  pid_ = ::forkpty(&fd_, nullptr, nullptr, nullptr);
  if (pid_ < 0) throw std::runtime_error("forkpty");
  if (pid_ == 0) execute(arguments, {{"LANG", "en_US.UTF-8"}});
  ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
}

AtTerminal::~AtTerminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    status_of(pid_);
  }
  ::close(fd_);
}

bool AtTerminal::read_some() {
  pollfd watched{fd_, POLLIN, 0};
  if (::poll(&watched, 1, patience_ms) <= 0) return false;
  std::array<char, 4096> chunk;
  const auto got = ::read(fd_, chunk.data(), chunk.size());
  if (got <= 0) return false;
  screen.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

bool AtTerminal::shows(const std::string& text) {
  for (;;) {
    if (const auto found = screen.find(text, seen_); found != std::string::npos) {
      seen_ = found + text.size();
      return true;
    }
    if (!read_some()) return false;
  }
}

void AtTerminal::type(const std::string& keys) const {
  if (::write(fd_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("write");
}

bool AtTerminal::echoes() const {
  termios now{};
  return ::tcgetattr(fd_, &now) == 0 && (now.c_lflag & ECHO) != 0;
}

int AtTerminal::wait() {
  while (read_some()) {
  }
  const int status = status_of(pid_);
  pid_ = -1;
  return status;
}

}  // namespace madoguchi::cli
