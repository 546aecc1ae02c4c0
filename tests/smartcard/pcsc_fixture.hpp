// A fake service with readers A and B, the readers over it, and everything they said.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "fake_pcsc.hpp"
#include "jobs.hpp"
#include "recorder.hpp"
#include "smartcard/pcsc_readers.hpp"

namespace madoguchi::smartcard {

class PcscFixture {
 public:
  using Kind = ReaderEvent::Kind;

  static PcscLimits limits(std::chrono::milliseconds call = 60s) {
    return {.wait = 1s, .call = call, .notice = 50ms, .first_retry = 1ms, .longest_retry = 20ms, .queue = 4};
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

  std::unique_ptr<Lease> lease(const std::string& reader) {
    return std::move(readers->lease(reader)).value();  // throws, and so fails the test, when there is none
  }
  ReaderStatus status(const std::string& reader) {
    for (auto& status : readers->list()) {
      if (status.name == reader) return status;
    }
    return {};
  }

  // Until the event loop has seen what the fake shows; a lease taken before that may end with it.
  void catch_up(const std::string& reader) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (status(reader).card_count != fake->counter(reader)) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::yield();
    }
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
