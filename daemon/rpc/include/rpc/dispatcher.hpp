// From a line to the method that it asks for, and from its answer to a line: access, validation, limits,
// batches.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "rpc/method.hpp"

namespace madoguchi::rpc {

struct Limits {
  std::size_t in_flight = 64;  // unanswered requests of one connection; more are `overloaded`
  std::size_t batch = 64;      // messages in one batch; a longer one is an invalid_request
  // Bytes of one batch's replies, from which on the rest of it is `overloaded`.
  std::size_t batch_bytes = std::size_t{1} << 20;
};

// `overloaded` with details.retry_after_ms: when asking again may be of use.
base::Fault overloaded(boost::json::object details, std::chrono::milliseconds retry_after);

// Where a connection's replies go.
class Outlet {
 public:
  // Complete lines are appended to the end.
  virtual std::string& output() = 0;
  // Lines were appended or a request has ended, within Conversation::receive() or later.
  virtual void advanced() = 0;
  // Asked once for each request: how long the connection has to wait before it may ask for anything, if at
  // all.
  virtual std::optional<std::chrono::milliseconds> must_wait() { return std::nullopt; }

 protected:
  ~Outlet() = default;
};

// The requests of one connection. Replies come in the order in which methods answer; those of a batch
// together, in the batch's order.
class Conversation {
 public:
  virtual ~Conversation() = default;
  // One message, without its '\n'. An empty line is passed over. Memory that held the message is wiped on
  // return; the line itself is the caller's to wipe, and where this returns true, so is the stack below it:
  // the message may have carried a secret. Not to be called from within a method.
  virtual bool receive(const Caller& caller, std::string_view line) = 0;
  // Unanswered requests.
  [[nodiscard]] virtual std::size_t in_flight() const = 0;
  // Answers go nowhere from now on; what runs goes on.
  virtual void close() = 0;
};

// Told of a caller whose roles do not let it call that method.
using Forbidden = std::function<void(const Caller& caller, std::string_view method)>;

// Told of a request that was answered with `overloaded`: of which limit, or "other" where what it needed was
// in use.
using Overloaded = std::function<void(std::string_view limit)>;

// For refusals that are written in the log up to a number, and only counted beyond it. Both or none.
struct Counting {
  std::function<std::chrono::steady_clock::time_point()> now{};
  // Something is counted from now on: settle_refusals() is to be called again and again as long as it asks
  // for it.
  std::function<void()> begun{};
};

// All of it happens on one thread, the loop's. May end before its conversations and their unanswered requests
// do: what is answered later goes nowhere.
class Dispatcher {
 public:
  Dispatcher(const MethodTable& table, base::Log& log, Limits limits = {}, Forbidden forbidden = {},
             Overloaded overloaded = {}, Counting counting = {});
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // `outlet` is used until the conversation is closed.
  [[nodiscard]] std::shared_ptr<Conversation> converse(Outlet& outlet);

  // From now on only rows that read are served; the others get `shutting_down`.
  void refuse_new();
  // Requests that no method has answered yet, whether or not anybody waits for them still.
  [[nodiscard]] std::size_t running() const;
  // Called once, as soon as nothing is running; at once if that is so. Replaces the one given before.
  void when_idle(std::function<void()> done);

  // Whether the refusal of a connection is to be written, by the measure that requests are; or it is counted.
  bool note_connection(std::uint32_t uid);
  // Writes how many refusals were only counted, once their time is over. Whether there are any left.
  bool settle_refusals();

  class Core;

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace madoguchi::rpc
