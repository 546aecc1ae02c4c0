#include "watchdog.hpp"

#include <algorithm>

namespace madoguchi::smartcard {

Watchdog::Watchdog() : thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  stop();
}

void Watchdog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    entries_.clear();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t Watchdog::arm(Time deadline, std::function<void()> overrun) {
  std::uint64_t id = 0;
  bool sooner = false;
  {
    const std::lock_guard lock(mutex_);
    id = ++last_id_;
    if (stopping_) return id;
    entries_.emplace(id, Entry{deadline, std::move(overrun)});
    sooner = deadline < wakes_at_;
  }
  if (sooner) changed_.notify_all();
  return id;
}

void Watchdog::disarm(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  entries_.erase(id);
  called_.wait(lock, [&] { return calling_ != id; });
}

std::map<std::uint64_t, Watchdog::Entry>::iterator Watchdog::next() {
  return std::min_element(entries_.begin(), entries_.end(), [](const auto& left, const auto& right) {
    return left.second.deadline < right.second.deadline;
  });
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto first = next();
    if (first == entries_.end()) {
      wakes_at_ = Time::max();
      changed_.wait(lock);
      continue;
    }
    const Time deadline = first->second.deadline;
    if (std::chrono::steady_clock::now() < deadline) {
      wakes_at_ = deadline;
      changed_.wait_until(lock, deadline);
      continue;
    }
    const auto overrun = std::move(first->second.overrun);
    calling_ = first->first;
    entries_.erase(first);
    lock.unlock();
    overrun();
    lock.lock();
    calling_ = 0;
    called_.notify_all();
  }
}

}  // namespace madoguchi::smartcard
