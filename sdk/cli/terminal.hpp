// The clerk's terminal, also while standard input and output are redirected.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "interrupts.hpp"
#include "madoguchi_client/secret.hpp"

namespace madoguchi::cli {

class Terminal {
 public:
  // nullopt: there is no terminal (a script, cron, a pipe without one).
  static std::optional<Terminal> open(const Interrupts& interrupts);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&& other) noexcept;
  ~Terminal();

  // What was typed up to Enter; nullopt when interrupted or at the terminal's end.
  std::optional<std::string> ask(std::string_view prompt);
  // The same without showing it; the terminal is as before on every path.
  std::optional<client::Secret> ask_secret(std::string_view prompt);

 private:
  Terminal(int fd, const Interrupts& interrupts) noexcept : fd_(fd), interrupts_(&interrupts) {}
  void show(std::string_view text) const;
  // Gives each typed character to `take`; false when interrupted or at the end.
  template <class Take>
  bool read_line(Take take);

  int fd_;
  const Interrupts* interrupts_;
};

}  // namespace madoguchi::cli
