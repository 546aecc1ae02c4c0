// Who hears of what: subscriptions, each with a bounded queue, resumable from any sequence number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "rpc/method.hpp"

namespace madoguchi::server {

// As the store numbered it.
struct Event {
  std::int64_t seq = 0;  // over all topics, from 1
  base::Instant at{};
  std::string topic;
  std::string type;
  std::string case_id;  // empty when about no case
  std::string reader;   // empty when about no reader
  std::string data;     // JSON object as text; empty: {}
};

struct Topic {
  std::string name;
  rpc::Roles roles;  // who may hear of it
};

struct EventLimits {
  std::size_t subscriptions = 8;                       // of one peer
  std::size_t queued_events = 1024;                    // of one subscription
  std::size_t queued_bytes = std::size_t{512} * 1024;  // of one subscription
  int replay_page = 64;                                // events fetched at once
};

// Every event reaches each subscription of its topic once and in order, as the notification `events.notify`
// with params {subscription, topic, seq, at, type, case?, reader?, data}. A peer that does not keep up loses
// what is queued and gets one event of type `resync` instead, with data {reason: "overflow", lost}: its seq
// is that of the last event lost, and what comes after it follows. All of it on the loop's thread.
class EventHub {
 public:
  // Stored events with seq > since of these topics, in order, at most `limit`.
  using Fetch = std::function<base::Result<std::vector<Event>>(
      std::int64_t since, const std::vector<std::string>& topics, int limit)>;

  // `last` is the number of the last stored event.
  EventHub(std::vector<Topic> topics, Fetch fetch, std::int64_t last, const base::Clock& clock,
           base::Log& log, EventLimits limits = {});
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  // After the event is stored. Those stored before it that were not published yet are fetched first, and one
  // that was told already is passed over, so the order in which events are published does not matter.
  void publish(const Event& event);

  // No topics: all that the caller may hear of. With `since`, what was stored after that number comes first.
  // Answers {subscription, seq}, seq being the last number so far, before the first event. forbidden with
  // details.topic, invalid_params for a topic that there is not, overloaded when the peer has too many
  // subscriptions. A `since` that has not come yet (the store was exchanged) gives a `resync` with reason
  // "unknown_since".
  void subscribe(const rpc::Caller& caller, std::vector<std::string> topics,
                 std::optional<std::int64_t> since, rpc::Responder respond);
  // not_found when this peer has no such subscription.
  base::Result<void> unsubscribe(const rpc::Caller& caller, std::int64_t subscription);

  [[nodiscard]] std::size_t subscriptions() const;
  // Bytes that wait in queues.
  [[nodiscard]] std::size_t queued_bytes() const;

  class Hub;

 private:
  std::shared_ptr<Hub> hub_;
};

}  // namespace madoguchi::server
