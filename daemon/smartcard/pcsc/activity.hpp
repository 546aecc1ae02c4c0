// Which threads are at work, so that the end can wait for all but the stuck ones.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace madoguchi::smartcard {

class Activity {
 public:
  void begin();
  void end();
  void stuck();      // between begin() and end()
  void recovered();  // after stuck()
  // Until every thread has ended or is stuck.
  void wait();
  [[nodiscard]] std::size_t stuck_count() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t begun_ = 0;
  std::size_t stuck_ = 0;
};

}  // namespace madoguchi::smartcard
