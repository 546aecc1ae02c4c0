// A job on a card, awaited on the loop.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "smartcard/readers.hpp"

namespace madoguchi::counter {

// Runs `work(Channel&) -> Result<T>` on the reader's thread. What `work` captures must be owned by it: after
// a missed deadline it may still be running when this has long returned.
template <class T, class Work>
boost::asio::awaitable<base::Result<T>> on_card(smartcard::Lease& lease, std::chrono::milliseconds deadline,
                                                Work work) {
  namespace asio = boost::asio;
  auto answer = std::make_shared<std::optional<base::Result<T>>>();
  smartcard::CardJob job = [answer, work = std::move(work)](smartcard::Channel& card) -> base::Result<void> {
    answer->emplace(work(card));
    return {};
  };
  auto start = [&lease, deadline, &job](auto handler) {
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    const auto executor = asio::get_associated_executor(*kept);
    lease.submit(std::move(job), deadline, [kept, executor](base::Result<void> result) {
      auto shared = std::make_shared<base::Result<void>>(std::move(result));
      asio::post(executor, [kept, shared] { std::move (*kept)(std::move(*shared)); });
    });
  };
  base::Result<void> done =
      co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(base::Result<void>)>(
          start, asio::use_awaitable);
  if (!done) co_return done.error();
  co_return std::move(**answer);
}

}  // namespace madoguchi::counter
