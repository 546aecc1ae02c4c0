#include "smartcard/pcsc_readers.hpp"

#include <atomic>
#include <system_error>
#include <thread>

#include "activity.hpp"
#include "event_loop.hpp"
#include "outlet.hpp"
#include "pcsc_api.hpp"
#include "roster.hpp"
#include "watchdog.hpp"
#include "worker.hpp"

namespace madoguchi::smartcard {

// All that the threads use. They share its ownership, so that one that is stuck may outlive the PcscReaders.
class PcscCore : public std::enable_shared_from_this<PcscCore> {
 public:
  PcscCore(const PcscApi& pcsc, PcscReaders::OnEvent on_event, base::Log& log, PcscLimits given)
      : api(pcsc),
        limits(given),
        outlet(std::move(on_event), log),
        roster(
            [this](const std::string& reader, std::uint16_t counter) { return make_worker(reader, counter); },
            outlet),
        loop({api, limits, outlet, watchdog, activity, roster}) {}

  void start() {
    run([self = shared_from_this()] { self->loop.run(); });
  }

  void stop() {
    roster.close();
    loop.stop();
    cancel();
    activity.wait();
    watchdog.stop();  // waits for what it is just telling about a stuck call
    outlet.close();
  }

  const PcscApi api;
  const PcscLimits limits;
  Outlet outlet;
  Watchdog watchdog;
  Activity activity;
  Roster roster;
  EventLoop loop;

 private:
  void run(std::function<void()> body) {
    activity.begin();
    try {
      std::thread([self = shared_from_this(), body = std::move(body)] {
        body();
        self->activity.end();
      }).detach();
    } catch (...) {
      activity.end();
      throw;
    }
  }

  // SCardCancel talks to the service, which may be what is stuck: hence not on the caller's thread.
  void cancel() {
    const auto body = [self = shared_from_this()] {
      std::atomic<bool> overran = false;
      const auto watch = self->watchdog.arm(std::chrono::steady_clock::now() + self->limits.call, [&] {
        overran = true;
        self->activity.stuck();
      });
      self->loop.cancel();
      self->watchdog.disarm(watch);
      if (overran) self->activity.recovered();
    };
    try {
      run(body);
    } catch (const std::system_error&) {
      outlet.log(base::Level::warning, "reader.no_thread", {});  // then the wait runs to its bound (R4)
    }
  }

  std::shared_ptr<Worker> make_worker(const std::string& reader, std::uint16_t counter) {
    const auto on_loss = [this, reader, generation = loop.generation()](Loss loss) {
      if (loss == Loss::service) loop.condemn(generation);
      if (loss == Loss::card) roster.card_lost(reader);
    };
    return std::make_shared<Worker>(WorkerWorld{api, limits, outlet, watchdog, activity, on_loss}, reader,
                                    counter);
  }
};

namespace {

class PcscLease final : public Lease {
 public:
  PcscLease(std::shared_ptr<PcscCore> core, std::shared_ptr<Worker> worker, std::uint64_t number,
            std::string reader)
      : core_(std::move(core)), worker_(std::move(worker)), number_(number), reader_(std::move(reader)) {}
  ~PcscLease() override { worker_->give_back(number_); }
  PcscLease(const PcscLease&) = delete;
  PcscLease& operator=(const PcscLease&) = delete;

  void submit(CardJob job, std::chrono::milliseconds deadline, JobDone done) override {
    worker_->submit(number_, std::move(job), deadline, std::move(done));
  }
  [[nodiscard]] const std::string& reader() const override { return reader_; }

 private:
  const std::shared_ptr<PcscCore> core_;  // the worker uses what is in there
  const std::shared_ptr<Worker> worker_;
  const std::uint64_t number_;
  const std::string reader_;
};

}  // namespace

PcscReaders::PcscReaders(OnEvent on_event, base::Log& log, PcscLimits limits)
    : PcscReaders(system_pcsc(), std::move(on_event), log, limits) {}

PcscReaders::PcscReaders(const PcscApi& api, OnEvent on_event, base::Log& log, PcscLimits limits)
    : core_(std::make_shared<PcscCore>(api, std::move(on_event), log, limits)) {
  core_->start();
}

PcscReaders::~PcscReaders() {
  core_->stop();
}

std::vector<ReaderStatus> PcscReaders::list() const {
  return core_->roster.list();
}

base::Result<void> PcscReaders::health() const {
  return core_->roster.health();
}

base::Result<std::unique_ptr<Lease>> PcscReaders::lease(const std::string& reader) {
  auto worker = core_->roster.find(reader);
  if (!worker) return worker.error();
  auto number = (*worker)->take(core_);
  if (!number) return number.error();
  return std::unique_ptr<Lease>(std::make_unique<PcscLease>(core_, *worker, *number, reader));
}

std::size_t PcscReaders::stuck_calls() const {
  return core_->activity.stuck_count();
}

}  // namespace madoguchi::smartcard
