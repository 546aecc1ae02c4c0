// Card jobs, and their results as something to wait for.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "recorder.hpp"
#include "smartcard/readers.hpp"

namespace madoguchi::smartcard {

using namespace std::chrono_literals;

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

// A second call of a job's JobDone throws in there, which the readers log; the end of each test looks for
// that.
inline std::future<base::Result<void>> submit(Lease& lease, CardJob job,
                                              std::chrono::milliseconds deadline = patience) {
  auto promise = std::make_shared<std::promise<base::Result<void>>>();
  auto future = promise->get_future();
  lease.submit(std::move(job), deadline,
               [promise](const base::Result<void>& result) { promise->set_value(result); });
  return future;
}
inline base::Result<void> get(std::future<base::Result<void>> future) {
  if (future.wait_for(patience) != std::future_status::ready) {
    ADD_FAILURE() << "a job was never answered";
    return base::make_fault(base::Code::internal, "never answered");
  }
  return future.get();
}
inline base::Result<void> run(Lease& lease, CardJob job, std::chrono::milliseconds deadline = patience) {
  return get(submit(lease, std::move(job), deadline));
}
// The fault's public reason, or "ok".
inline std::string reason(const base::Result<void>& result) {
  if (result) return "ok";
  return std::string(base::describe(result.error())).substr(0, base::describe(result.error()).find(": "));
}

}  // namespace madoguchi::smartcard
