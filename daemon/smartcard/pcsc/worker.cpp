#include "worker.hpp"

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>

#include "activity.hpp"
#include "base/secret.hpp"
#include "watchdog.hpp"

namespace madoguchi::smartcard {

using base::Code;
using base::Level;
using base::make_fault;

Worker::Worker(WorkerWorld world, std::string reader, std::uint16_t counter)
    : world_(std::move(world)),
      reader_(std::move(reader)),
      session_(world_.api, reader_, signals_, world_.outlet, world_.limits.notice, world_.on_loss) {
  signals_.counter.set(counter);
}

base::Result<std::uint64_t> Worker::take(std::shared_ptr<void> alive) {
  const std::lock_guard lock(mutex_);
  if (retired_) return *retired_;
  if (stuck_) return make_fault(Code::reader_gone, "a call to the reader is stuck");
  if (lease_ != 0) return make_fault(Code::reader_busy, "another lease holds the reader");
  if (!started_ && !start(std::move(alive))) return make_fault(Code::overloaded, "no thread to be had");
  lease_ = ++last_lease_;
  lease_used_ = false;
  return lease_;
}

bool Worker::start(std::shared_ptr<void> alive) {
  world_.activity.begin();
  try {
    std::thread([self = shared_from_this(), alive = std::move(alive)] { self->run(); }).detach();
    started_ = true;
  } catch (const std::system_error& error) {
    world_.activity.end();
    world_.outlet.log(Level::error, "reader.no_thread",
                      {{"reader", reader_}, {"error", std::string(error.what())}});
  }
  return started_;
}

void Worker::submit(std::uint64_t lease, CardJob job, std::chrono::milliseconds deadline, JobDone done) {
  std::optional<base::Fault> refused;
  {
    const std::lock_guard lock(mutex_);
    const auto waiting =
        std::count_if(tasks_.begin(), tasks_.end(), [](const Task& task) { return bool(task.job); });
    if (retired_) {
      refused = retired_;
    } else if (!job) {
      refused = make_fault(Code::internal, "an empty job");  // in the queue that would be the lease's end
    } else if (stuck_) {
      refused = make_fault(Code::reader_gone, "a call to the reader is stuck");
    } else if (static_cast<std::size_t>(waiting) >= world_.limits.queue) {
      refused = make_fault(Code::overloaded, "too many jobs wait at the reader");
    } else {
      lease_used_ = true;
      tasks_.push_back({lease, std::move(job), deadline, std::move(done)});
      changed_.notify_all();
    }
  }
  if (refused)
    call(done, *refused);  // NOLINT(bugprone-use-after-move): it was moved on where nothing was refused
}

void Worker::give_back(std::uint64_t lease) {
  const std::lock_guard lock(mutex_);
  if (lease_ != lease) return;
  lease_ = 0;
  if (!lease_used_ || retired_ || stuck_) return;
  tasks_.push_back({lease, {}, world_.limits.call, {}});
  changed_.notify_all();
}

void Worker::retire(const base::Fault& why) {
  std::deque<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    if (retired_) return;
    retired_ = why;
    tasks.swap(tasks_);
    changed_.notify_all();
  }
  signals_.counter.end_waits();
  finish_all(tasks, why);
}

Worker::State Worker::state() const {
  const std::lock_guard lock(mutex_);
  return {.leased = lease_ != 0, .stuck = stuck_, .pin_pad = session_.has_pin_pad()};
}

void Worker::run() {
  while (auto task = next()) perform(std::move(*task));
  guarded(world_.limits.call, {}, [this]() -> base::Result<void> {
    session_.close();
    return {};
  });
  world_.activity.end();
}

std::optional<Worker::Task> Worker::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !tasks_.empty() || retired_; });
  if (tasks_.empty()) return std::nullopt;
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

void Worker::perform(Task task) {
  if (!task.job) {
    guarded(task.deadline, {}, [this]() -> base::Result<void> {
      session_.end_lease();
      return {};
    });
    return;
  }
  guarded(task.deadline, std::move(task.done), [&] {
    auto result = session_.run(task.lease, task.job);
    base::wipe_stack();  // the job may have been the check of a PIN
    return result;
  });
}

void Worker::guarded(std::chrono::milliseconds deadline, JobDone done,
                     const std::function<base::Result<void>()>& work) {
  {
    const std::lock_guard lock(mutex_);
    running_ = std::move(done);
  }
  const auto watch = world_.watchdog.arm(std::chrono::steady_clock::now() + deadline,
                                         [self = shared_from_this()] { self->overrun(); });
  const auto result = work();
  world_.watchdog.disarm(watch);
  if (signals_.abandoned) {
    recover();
  } else {
    finish(result);
  }
}

void Worker::overrun() {
  std::deque<Task> tasks;
  JobDone done;
  {
    const std::lock_guard lock(mutex_);
    signals_.abandoned = true;
    stuck_ = true;
    done.swap(running_);
    tasks.swap(tasks_);
  }
  world_.activity.stuck();  // before anybody hears of it
  world_.outlet.log(Level::error, "reader.stuck", {{"reader", reader_}});
  call(done, make_fault(Code::card_mute, "the deadline has passed"));
  finish_all(tasks, make_fault(Code::reader_gone, "a call to the reader is stuck"));
}

void Worker::finish(const base::Result<void>& result) {
  JobDone done;
  {
    const std::lock_guard lock(mutex_);
    done.swap(running_);
  }
  call(done, result);
}

// The call has returned after all. Nobody knows what it did to the card, so the lease's handle goes before
// anybody may use the reader again; that call may get stuck as well, and then nothing has changed.
void Worker::recover() {
  session_.abandon();
  {
    const std::lock_guard lock(mutex_);
    signals_.abandoned = false;
    stuck_ = false;
  }
  world_.activity.recovered();
  world_.outlet.log(Level::warning, "reader.recovered", {{"reader", reader_}});
}

void Worker::finish_all(const std::deque<Task>& tasks, const base::Fault& why) {
  for (const auto& task : tasks) call(task.done, why);
}

void Worker::call(const JobDone& done, const base::Result<void>& result) {
  if (!done) return;
  try {
    done(result);
  } catch (const std::exception& error) {
    world_.outlet.log(Level::error, "reader.listener_failed",
                      {{"reader", reader_}, {"error", std::string(error.what())}});
  }
}

}  // namespace madoguchi::smartcard
