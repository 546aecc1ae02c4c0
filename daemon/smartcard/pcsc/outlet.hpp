// The way out for events and log lines, which can be closed: a thread left behind in a stuck call reaches
// nobody any more when it returns.
#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <string_view>

#include "base/log.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

class Outlet {
 public:
  Outlet(std::function<void(const ReaderEvent&)> on_event, base::Log& log)
      : on_event_(std::move(on_event)), log_(&log) {}

  // One at a time: by the event loop, or by the watchdog instead of it, under a lock of theirs.
  void event(const ReaderEvent& event);
  void log(base::Level level, std::string_view id, std::initializer_list<base::Field> fields);
  // Waits for a callback that runs.
  void close();

 private:
  // Two, because a callback may do what is logged.
  std::mutex event_mutex_;
  std::mutex log_mutex_;
  std::function<void(const ReaderEvent&)> on_event_;
  base::Log* log_;
};

}  // namespace madoguchi::smartcard
