// Runs the real program: with pipes and without a terminal as scripts do, or at a pseudo-terminal as clerks
// do.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace madoguchi::cli {

using Environment = std::map<std::string, std::string>;

// With pipes. It has no controlling terminal.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, const std::string& input = {},
                   const Environment& environment = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // Waits until standard output holds the text; false when the program ended, or took 20 s.
  bool prints(const std::string& text);
  // Nobody reads standard output any more.
  void close_output();
  void signal(int number) const;
  // To its end: the exit status, or 128 and the signal.
  int wait();

  std::string out;
  std::string err;

 private:
  bool read_some();

  pid_t pid_ = -1;
  int out_fd_ = -1;
  int err_fd_ = -1;
};

// Runs it to its end.
struct Ran {
  int status;
  std::string out;
  std::string err;
};
Ran run(const std::vector<std::string>& arguments, const std::string& input = {},
        const Environment& environment = {});

class AtTerminal {
 public:
  explicit AtTerminal(const std::vector<std::string>& arguments);
  AtTerminal(const AtTerminal&) = delete;
  AtTerminal& operator=(const AtTerminal&) = delete;
  ~AtTerminal();

  // Waits until the screen shows the text behind what was expected before; false when the program ended, or
  // took 20 s.
  bool shows(const std::string& text);
  void type(const std::string& keys) const;
  [[nodiscard]] bool echoes() const;
  // Reads to the end; the exit status, or 128 and the signal.
  int wait();

  // All that was on the screen, what was typed and echoed included.
  std::string screen;

 private:
  bool read_some();

  pid_t pid_ = -1;
  int fd_ = -1;
  std::size_t seen_ = 0;
};

}  // namespace madoguchi::cli
