#include "output.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "shown.hpp"

namespace madoguchi::cli {

void Output::line(std::string_view text) {
  if (!json_) raw(for_people(text) + "\n");
}

void Output::say(Key key, std::initializer_list<std::string_view> arguments) {
  line(cli::say(lang_, key, arguments));
}

void Output::document(const boost::json::value& value) {
  if (json_) raw(as_json(value) + "\n");
}

void Output::raw(std::string_view text) {
  while (!closed_ && !text.empty()) {
    // A reader that does not read must not keep Ctrl-C from working.
    std::array<pollfd, 2> watched{pollfd{STDOUT_FILENO, POLLOUT, 0}, pollfd{interrupts_.fd(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) closed_ = true;
    if (watched[0].revents == 0 && watched[1].revents != 0) return;
    if (watched[0].revents == 0) continue;
    const auto written = ::write(STDOUT_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      closed_ = true;
    }
  }
}

void Output::look_whether_read() {
  pollfd watched{STDOUT_FILENO, 0, 0};
  if (::poll(&watched, 1, 0) > 0 && (watched.revents & POLLERR) != 0) closed_ = true;
}

void Output::complain(std::string_view text) {
  auto whole = for_people(text);
  whole.push_back('\n');
  std::string_view rest = whole;
  while (!rest.empty()) {
    const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace madoguchi::cli
