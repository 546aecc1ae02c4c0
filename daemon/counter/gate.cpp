#include "gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

namespace madoguchi::counter {

namespace asio = boost::asio;

// Those who wait, each behind a timer that never fires and is cancelled when it is their turn.
struct Gate::Queue {
  std::deque<std::shared_ptr<asio::steady_timer>> waiting;
};

asio::awaitable<Gate::Pass> Gate::enter(std::string key) {
  const auto found = queues_.find(key);
  if (found == queues_.end()) {
    queues_.emplace(key, std::make_shared<Queue>());
    co_return Pass(*this, std::move(key));
  }
  auto turn = std::make_shared<asio::steady_timer>(loop_, asio::steady_timer::time_point::max());
  found->second->waiting.push_back(turn);
  co_await turn->async_wait(asio::as_tuple(asio::use_awaitable));
  co_return Pass(*this, std::move(key));
}

void Gate::leave(const std::string& key) {
  const auto found = queues_.find(key);
  if (found == queues_.end()) return;
  auto& waiting = found->second->waiting;
  if (waiting.empty()) {
    queues_.erase(found);
    return;
  }
  // The key stays taken: it passes to the first who waits.
  const auto next = waiting.front();
  waiting.pop_front();
  next->cancel();
}

}  // namespace madoguchi::counter
