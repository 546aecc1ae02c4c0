// One at a time by key, in order of arrival: the calls that touch the same case.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace madoguchi::counter {

class Gate {
 public:
  explicit Gate(boost::asio::io_context& loop) : loop_(loop) {}

  // Held until destroyed.
  class Pass {
   public:
    Pass(Gate& gate, std::string key) : gate_(&gate), key_(std::move(key)) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), key_(std::move(other.key_)) {}
    Pass& operator=(Pass&&) = delete;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->leave(key_);
    }

   private:
    Gate* gate_;
    std::string key_;
  };

  boost::asio::awaitable<Pass> enter(std::string key);
  // Nothing when the turn has not come by then.
  boost::asio::awaitable<std::optional<Pass>> enter_within(std::string key,
                                                           std::chrono::milliseconds patience);

 private:
  struct Turn;
  struct Queue;
  // Nothing when it is the caller's turn at once.
  std::shared_ptr<Turn> join(const std::string& key);
  void leave(const std::string& key);

  boost::asio::io_context& loop_;
  std::map<std::string, std::shared_ptr<Queue>> queues_;
};

}  // namespace madoguchi::counter
