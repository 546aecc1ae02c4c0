#include "terminal.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "shown.hpp"

namespace madoguchi::cli {
namespace {

// Typed characters are not shown while this lives. What was typed before the prompt is dropped: it was not
// meant for it.
class Silence {
 public:
  explicit Silence(int fd) : fd_(fd), changed_(::tcgetattr(fd, &before_) == 0) {
    if (!changed_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    ::tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (changed_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }

 private:
  int fd_;
  termios before_{};
  bool changed_;
};

}  // namespace

std::optional<Terminal> Terminal::open(const Interrupts& interrupts) {
  const int fd = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  return Terminal(fd, interrupts);
}

Terminal::Terminal(Terminal&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), interrupts_(other.interrupts_) {}

Terminal& Terminal::operator=(Terminal&& other) noexcept {
  std::swap(fd_, other.fd_);
  interrupts_ = other.interrupts_;
  return *this;
}

Terminal::~Terminal() {
  if (fd_ >= 0) ::close(fd_);
}

void Terminal::show(std::string_view words) const {
  const auto shown = for_people(words);
  std::string_view text = shown;
  while (!text.empty()) {
    const auto written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

template <class Take>
bool Terminal::read_line(Take take) {
  for (;;) {
    if (!wait_readable(fd_, *interrupts_)) return false;
    char c = 0;
    const auto got = ::read(fd_, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (c == '\n') return true;
    take(c);
    client::wipe(&c, 1);
  }
}

std::optional<std::string> Terminal::ask(std::string_view prompt) {
  show(prompt);
  std::string line;
  const bool whole = read_line([&](char c) { line.push_back(c); });
  if (!whole) show("\n");
  return whole ? std::optional(std::move(line)) : std::nullopt;
}

std::optional<client::Secret> Terminal::ask_secret(std::string_view prompt) {
  client::Secret secret;
  bool whole = false;
  {
    const Silence silence(fd_);
    show(prompt);
    whole = read_line([&](char c) { secret.append(c); });
  }
  show("\n");
  return whole ? std::optional(std::move(secret)) : std::nullopt;
}

}  // namespace madoguchi::cli
