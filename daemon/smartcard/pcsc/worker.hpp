// One reader's thread and the queue before it. A call that overruns sets the reader aside until it returns
// (R5).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "codes.hpp"
#include "session.hpp"
#include "smartcard/pcsc_readers.hpp"

namespace madoguchi::smartcard {

class Activity;
class Watchdog;

// What a worker uses of its surroundings; all of it lives in the core, which the worker's thread keeps alive.
struct WorkerWorld {
  const PcscApi& api;
  const PcscLimits& limits;
  Outlet& outlet;
  Watchdog& watchdog;
  Activity& activity;
  std::function<void(Loss)> on_loss;
};

class Worker : public std::enable_shared_from_this<Worker> {
 public:
  Worker(WorkerWorld world, std::string reader, std::uint16_t counter);

  // A new lease's number; reader.busy or reader.gone. Starts the thread, which keeps `alive` as long as it
  // runs.
  base::Result<std::uint64_t> take(std::shared_ptr<void> alive);
  void submit(std::uint64_t lease, CardJob job, std::chrono::milliseconds deadline, JobDone done);
  void give_back(std::uint64_t lease);

  // The reader or the service has gone: what waits ends with `why`, what runs is not interrupted, then the
  // thread ends.
  void retire(const base::Fault& why);
  void observe(std::uint16_t counter) { signals_.counter.set(counter); }

  struct State {
    bool leased = false;
    bool stuck = false;
    std::optional<bool> pin_pad;
  };
  [[nodiscard]] State state() const;

 private:
  // A job of a lease, or without one the lease's end.
  struct Task {
    std::uint64_t lease = 0;
    CardJob job;
    std::chrono::milliseconds deadline{0};
    JobDone done;
  };

  bool start(std::shared_ptr<void> alive);
  void run();
  // Nullopt once the worker is retired and nothing waits.
  std::optional<Task> next();
  void perform(Task task);
  // Does `work` under a deadline; `done` may be empty.
  void guarded(std::chrono::milliseconds deadline, JobDone done,
               const std::function<base::Result<void>()>& work);
  void overrun();
  void finish(const base::Result<void>& result);
  void recover();
  void finish_all(const std::deque<Task>& tasks, const base::Fault& why);
  void call(const JobDone& done, const base::Result<void>& result);

  const WorkerWorld world_;
  const std::string reader_;
  SessionSignals signals_;
  Session session_;  // touched by the thread only

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  JobDone running_;  // until somebody has called it
  bool started_ = false;
  bool stuck_ = false;
  std::optional<base::Fault> retired_;
  std::uint64_t last_lease_ = 0;
  std::uint64_t lease_ = 0;  // who holds the reader, or 0
  bool lease_used_ = false;  // it has submitted a job, so there may be a handle to close
};

}  // namespace madoguchi::smartcard
