#include "notify.hpp"

#include <systemd/sd-daemon.h>

#include <ctime>

namespace madoguchi::app {

void notify_reloading() {
  // Type=notify-reload (systemd 253) waits for a reload that began after it asked for one.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", microseconds);
}

void notify_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

}  // namespace madoguchi::app
