#include "program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace madoguchi::simulated_ca {

Program::Program(std::vector<std::string> arguments) {
  int ends[2];
  // Closed on exec, or a program started beside this one would keep the pipe open after this one's end.
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  if (posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ) != 0) process_ = -1;
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = ends[0];
}

Program::~Program() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  close(output_);
}

std::string Program::read(bool one_line) {
  constexpr int minute = 60'000;
  std::string text;
  char c = 0;
  pollfd ready{output_, POLLIN, 0};
  while (poll(&ready, 1, minute) == 1 && ::read(output_, &c, 1) == 1) {
    if (one_line && c == '\n') break;
    text.push_back(c);
  }
  return text;
}

int Program::wait() {
  int status = -1;
  if (process_ > 0) waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void Program::terminate() {
  if (process_ > 0) kill(process_, SIGTERM);
}

Result run(std::vector<std::string> arguments) {
  Program program(std::move(arguments));
  auto output = program.read(false);
  return {program.wait(), std::move(output)};
}

Result openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), OPENSSL_PROGRAM);
  return run(std::move(arguments));
}

}  // namespace madoguchi::simulated_ca
