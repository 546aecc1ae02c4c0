#include "subscription.hpp"

#include <algorithm>
#include <utility>

#include "base/calendar.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::server {

Line notification(std::int64_t subscription, const Event& event) {
  std::string line = R"({"jsonrpc":"2.0","method":"events.notify","params":{"subscription":)";
  line.append(std::to_string(subscription)).append(R"(,"topic":)");
  rpc::append_text(line, event.topic);
  line.append(R"(,"seq":)")
      .append(std::to_string(event.seq))
      .append(R"(,"at":")")
      .append(base::format_time(event.at));
  line.append(R"(","type":)");
  rpc::append_text(line, event.type);
  if (!event.case_id.empty()) {
    line.append(R"(,"case":)");
    rpc::append_text(line, event.case_id);
  }
  if (!event.reader.empty()) {
    line.append(R"(,"reader":)");
    rpc::append_text(line, event.reader);
  }
  line.append(R"(,"data":)");
  const auto data = line.size();
  line.append(event.data.empty() ? "{}" : event.data);
  // Within JSON a line's end is mere white space; on the socket it ends the message.
  std::replace(line.begin() + static_cast<std::ptrdiff_t>(data), line.end(), '\n', ' ');
  line.append("}}\n");
  return std::make_shared<const std::string>(std::move(line));
}

Line resync(std::int64_t subscription, const Loss& loss, base::Instant at) {
  std::string data = R"({"reason":)";
  rpc::append_text(data, loss.reason);
  data.append(R"(,"lost":)").append(std::to_string(loss.count)).append("}");
  return notification(subscription, Event{loss.seq, at, loss.topic, "resync", {}, {}, std::move(data)});
}

bool Subscription::wants(const Event& event) const {
  return std::find(topics.begin(), topics.end(), event.topic) != topics.end();
}

void Subscription::put(Line line) {
  bytes += line->size();
  queue.push_back(std::move(line));
}

void Subscription::take_front() {
  bytes -= queue.front()->size();
  queue.pop_front();
}

void Subscription::queue_or_lose(const Event& event, const Line& line, const EventLimits& limits) {
  cursor = event.seq;
  const bool fits = queue.size() < limits.queued_events && bytes + line->size() <= limits.queued_bytes;
  if (!loss && fits) {
    put(line);
    return;
  }
  if (!loss) {
    loss = Loss{"overflow", {}, 0, static_cast<std::int64_t>(queue.size())};
    drop_queue();
  }
  ++loss->count;
  loss->seq = event.seq;
  loss->topic = event.topic;
}

// clear() would keep the memory.
void Subscription::drop_queue() {
  std::deque<Line>().swap(queue);
  bytes = 0;
}

}  // namespace madoguchi::server
