// Remembers events and log lines, and waits for them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "listener.hpp"

namespace madoguchi::smartcard {

// Longer than anything may take on a slow machine; reached only when a test fails.
constexpr std::chrono::seconds patience{20};

class Recorder final : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field>) override {
    const std::lock_guard lock(mutex_);
    logged_.emplace_back(id);
  }
  void hear(const ReaderEvent& event) {
    const std::lock_guard lock(mutex_);
    listener_.hear(event);
    ++heard_[{event.kind, event.reader}];
    changed_.notify_all();
  }
  // Waits until what was heard satisfies `wanted`, which is asked under the lock.
  template <class Wanted>
  bool wait(Wanted wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return wanted(*this); });
  }
  bool wait_for(ReaderEvent::Kind kind, const std::string& reader = {}, int times = 1) {
    return wait([&](Recorder& recorder) { return recorder.heard_[{kind, reader}] >= times; });
  }
  bool wait_for_card(const std::string& reader) {
    return wait([&](Recorder& recorder) {
      const auto card = recorder.listener_.cards.find(reader);
      return card != recorder.listener_.cards.end() && card->second;
    });
  }
  int heard(ReaderEvent::Kind kind, const std::string& reader = {}) {
    const std::lock_guard lock(mutex_);
    return heard_[{kind, reader}];
  }
  bool logged(std::string_view id) {
    const std::lock_guard lock(mutex_);
    return std::find(logged_.begin(), logged_.end(), id) != logged_.end();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Listener listener_;
  std::map<std::pair<ReaderEvent::Kind, std::string>, int> heard_;
  std::vector<std::string> logged_;
};

}  // namespace madoguchi::smartcard
