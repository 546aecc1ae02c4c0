// One subscription of one peer: what waits for it, up to a bound, and what it has lost beyond that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/event_hub.hpp"

namespace madoguchi::server {

using Line = std::shared_ptr<const std::string>;

// One event as the notification to the subscription of that number. Subscriptions are numbered by peer, so
// that the line is the same for all peers with one subscription, and made once.
Line notification(std::int64_t subscription, const Event& event);

// What a subscription has lost, until its peer can be told.
struct Loss {
  std::string reason;
  std::string topic;  // of the last event lost
  std::int64_t seq = 0;
  std::int64_t count = 0;
};
// The notification that tells it.
Line resync(std::int64_t subscription, const Loss& loss, base::Instant at);

struct Subscription {
  std::int64_t id = 0;
  std::vector<std::string> topics;
  std::deque<Line> queue;
  std::size_t bytes = 0;    // in the queue
  std::int64_t cursor = 0;  // the last event that was queued or given up
  bool replaying = false;   // reads from the store, and so hears nothing live
  std::optional<Loss> loss;

  [[nodiscard]] bool wants(const Event& event) const;
  void put(Line line);
  void take_front();
  // A live event. Beyond the limits the whole queue is given up: the peer has to read the state anew anyway.
  void queue_or_lose(const Event& event, const Line& line, const EventLimits& limits);

 private:
  void drop_queue();
};

}  // namespace madoguchi::server
