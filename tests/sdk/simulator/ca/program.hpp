// Child processes and what they write.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace madoguchi::simulated_ca {

// A child process with its output (and errors) in a pipe; killed when this goes.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // Up to a line feed, or up to the end; gives up after a minute of silence.
  std::string read(bool one_line);
  // The exit status; -1 when a signal ended it.
  int wait();
  void terminate();

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

struct Result {
  int status;
  std::string output;
};

Result run(std::vector<std::string> arguments);
Result openssl(std::vector<std::string> arguments);

}  // namespace madoguchi::simulated_ca
