#include "activity.hpp"

namespace madoguchi::smartcard {

void Activity::begin() {
  const std::lock_guard lock(mutex_);
  ++begun_;
}

// Each notifies under the lock: the one who waits may destroy this object as soon as it is unlocked.
void Activity::end() {
  const std::lock_guard lock(mutex_);
  --begun_;
  changed_.notify_all();
}

void Activity::stuck() {
  const std::lock_guard lock(mutex_);
  ++stuck_;
  changed_.notify_all();
}

void Activity::recovered() {
  const std::lock_guard lock(mutex_);
  --stuck_;
}

void Activity::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return begun_ == stuck_; });
}

std::size_t Activity::stuck_count() const {
  const std::lock_guard lock(mutex_);
  return stuck_;
}

}  // namespace madoguchi::smartcard
