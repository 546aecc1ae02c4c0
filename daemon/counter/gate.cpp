#include "gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

namespace madoguchi::counter {

namespace asio = boost::asio;

// One who waits, behind a timer that is cancelled when it is their turn.
struct Gate::Turn {
  explicit Turn(asio::io_context& loop) : timer(loop) {}
  asio::steady_timer timer;
  bool come = false;
};

struct Gate::Queue {
  std::deque<std::shared_ptr<Turn>> waiting;
};

std::shared_ptr<Gate::Turn> Gate::join(const std::string& key) {
  const auto found = queues_.find(key);
  if (found == queues_.end()) {
    queues_.emplace(key, std::make_shared<Queue>());
    return nullptr;
  }
  auto turn = std::make_shared<Turn>(loop_);
  found->second->waiting.push_back(turn);
  return turn;
}

asio::awaitable<Gate::Pass> Gate::enter(std::string key) {
  if (const auto turn = join(key)) {
    turn->timer.expires_at(asio::steady_timer::time_point::max());
    co_await turn->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return Pass(*this, std::move(key));
}

asio::awaitable<std::optional<Gate::Pass>> Gate::enter_within(std::string key,
                                                              std::chrono::milliseconds patience) {
  if (const auto turn = join(key)) {
    turn->timer.expires_after(patience);
    co_await turn->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    // The turn may have come while the timer's end was on its way here: then the key is ours to pass on.
    if (!turn->come) {
      std::erase(queues_.at(key)->waiting, turn);
      co_return std::nullopt;
    }
  }
  co_return std::optional<Pass>(std::in_place, *this, std::move(key));
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
  next->come = true;
  next->timer.cancel();
}

}  // namespace madoguchi::counter
