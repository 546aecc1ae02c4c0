// A fake service with readers A and B, the readers over it, and everything they said.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>

#include "fake_pcsc.hpp"
#include "listener.hpp"
#include "smartcard/pcsc_readers.hpp"

namespace madoguchi::smartcard {

using namespace std::chrono_literals;

// Longer than anything may take on a slow machine; reached only when a test fails.
constexpr auto patience = 20s;

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

inline base::Result<Response> send(Channel& card, std::uint8_t ins = 0xB0) {
  return card.transmit(Command({0x00, ins, 0x00, 0x00}));
}

// A job of so many commands, each of which has to be answered by 9000.
inline CardJob commands(int count, std::uint8_t ins = 0xB0) {
  return [count, ins](Channel& card) -> base::Result<void> {
    for (int i = 0; i < count; ++i) {
      const auto response = send(card, ins);
      if (!response) return response.error();
      if (!response->status.ok())
        return base::make_fault(base::Code::card_refused, to_string(response->status));
    }
    return {};
  };
}

class PcscFixture {
 public:
  using Kind = ReaderEvent::Kind;

  static PcscLimits limits(std::chrono::milliseconds call = 60s) {
    return {.wait = 1s, .call = call, .first_retry = 1ms, .longest_retry = 20ms, .queue = 4};
  }

  PcscFixture() {
    fake->plug("A");
    fake->insert("A");
    fake->plug("B");
    fake->insert("B");
  }

  void start(PcscLimits given = limits()) {
    readers = std::make_unique<PcscReaders>(
        fake->api(), [this](const ReaderEvent& event) { recorder.hear(event); }, recorder, given);
  }
  void start_and_wait(PcscLimits given = limits()) {
    start(given);
    ASSERT_TRUE(recorder.wait_for_card("A"));
    ASSERT_TRUE(recorder.wait_for_card("B"));
  }

  // A second call of a job's JobDone throws in there, which the readers log; the end of each test looks for
  // that.
  static std::future<base::Result<void>> submit(Lease& lease, CardJob job,
                                                std::chrono::milliseconds deadline = patience) {
    auto promise = std::make_shared<std::promise<base::Result<void>>>();
    auto future = promise->get_future();
    lease.submit(std::move(job), deadline,
                 [promise](const base::Result<void>& result) { promise->set_value(result); });
    return future;
  }
  static base::Result<void> get(std::future<base::Result<void>> future) {
    if (future.wait_for(patience) != std::future_status::ready) {
      ADD_FAILURE() << "a job was never answered";
      return base::make_fault(base::Code::internal, "never answered");
    }
    return future.get();
  }
  static base::Result<void> run(Lease& lease, CardJob job, std::chrono::milliseconds deadline = patience) {
    return get(submit(lease, std::move(job), deadline));
  }
  // The fault's public reason, or "ok".
  static std::string reason(const base::Result<void>& result) {
    if (result) return "ok";
    return std::string(base::describe(result.error())).substr(0, base::describe(result.error()).find(": "));
  }

  std::unique_ptr<Lease> lease(const std::string& reader) {
    auto taken = readers->lease(reader);
    if (!taken) {
      ADD_FAILURE() << base::describe(taken.error());
      return nullptr;
    }
    return std::move(*taken);
  }
  ReaderStatus status(const std::string& reader) {
    for (auto& status : readers->list()) {
      if (status.name == reader) return status;
    }
    return {};
  }

  // Ends the readers and looks at what must be so after any story.
  void finish() {
    readers.reset();
    EXPECT_EQ(fake->complaints(), std::vector<std::string>{});
    EXPECT_FALSE(recorder.logged("reader.listener_failed"))
        << "a job was answered twice, or a listener threw";
  }

  std::shared_ptr<FakePcsc> fake = std::make_shared<FakePcsc>();
  Recorder recorder;
  std::unique_ptr<PcscReaders> readers;  // last, so that it ends first
};

}  // namespace madoguchi::smartcard
