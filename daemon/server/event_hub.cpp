#include "server/event_hub.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <unordered_map>
#include <utility>

#include "subscription.hpp"

namespace madoguchi::server {
namespace {

struct Subscriber {
  std::weak_ptr<rpc::Peer> peer;
  std::vector<Subscription> subscriptions;
  std::int64_t last_id = 0;
};

}  // namespace

class EventHub::Hub final : public rpc::PeerWatcher, public std::enable_shared_from_this<Hub> {
 public:
  Hub(std::vector<Topic> topics, Fetch fetch, std::int64_t last, const base::Clock& clock, base::Log& log,
      EventLimits limits)
      : topics_(std::move(topics)),
        fetch_(std::move(fetch)),
        last_(last),
        clock_(clock),
        log_(log),
        limits_(limits) {
    for (const auto& topic : topics_) names_.push_back(topic.name);
  }

  void publish(const Event& event);
  void subscribe(const rpc::Caller& caller, std::vector<std::string> topics,
                 std::optional<std::int64_t> since, rpc::Responder respond);
  base::Result<void> unsubscribe(const rpc::Caller& caller, std::int64_t id);
  [[nodiscard]] std::size_t subscriptions() const;
  [[nodiscard]] std::size_t queued_bytes() const;

  void writable(rpc::Peer& peer) override;
  void ended(rpc::Peer& peer) override { subscribers_.erase(&peer); }

 private:
  void catch_up(std::int64_t before);
  void deliver(const Event& event);
  void pump(rpc::Peer& peer, Subscription& subscription);
  bool refill(Subscription& subscription);
  void forget_the_gone();
  base::Result<std::vector<std::string>> allowed(const rpc::Caller& caller,
                                                 std::vector<std::string> wanted) const;
  base::Result<Subscriber*> subscriber(const rpc::Caller& caller);

  std::vector<Topic> topics_;
  std::vector<std::string> names_;
  Fetch fetch_;
  std::int64_t last_;  // the last event that was delivered
  const base::Clock& clock_;
  base::Log& log_;
  EventLimits limits_;
  std::unordered_map<rpc::Peer*, Subscriber> subscribers_;
};

// --- what happens

void EventHub::Hub::publish(const Event& event) {
  if (event.seq <= last_) return;
  forget_the_gone();
  if (event.seq > last_ + 1) catch_up(event.seq);
  if (event.seq > last_) deliver(event);
}

void EventHub::Hub::catch_up(std::int64_t before) {
  while (last_ + 1 < before) {
    const auto page = fetch_(last_, names_, limits_.replay_page);
    if (!page) {
      log_.write(base::Level::warning, "events.gap",
                 {{"after", last_}, {"before", before}, {"inner", base::describe(page.error())}});
      return;
    }
    if (page->empty()) return;
    for (const auto& event : *page) deliver(event);
  }
}

void EventHub::Hub::deliver(const Event& event) {
  last_ = event.seq;
  std::vector<std::pair<std::int64_t, Line>> lines;
  for (auto& [key, subscriber] : subscribers_) {
    const auto peer = subscriber.peer.lock();
    if (!peer) continue;
    for (auto& subscription : subscriber.subscriptions) {
      if (subscription.replaying || event.seq <= subscription.cursor || !subscription.wants(event)) continue;
      auto line =
          std::find_if(lines.begin(), lines.end(), [&](const auto& e) { return e.first == subscription.id; });
      if (line == lines.end())
        line = lines.insert(line, {subscription.id, notification(subscription.id, event)});
      subscription.queue_or_lose(event, line->second, limits_);
      pump(*peer, subscription);
    }
  }
}

// Gives the peer what waits, until it takes no more.
void EventHub::Hub::pump(rpc::Peer& peer, Subscription& subscription) {
  for (;;) {
    if (subscription.loss) {
      if (!peer.push(resync(subscription.id, *subscription.loss, clock_.now()))) return;
      subscription.loss.reset();
    } else if (!subscription.queue.empty()) {
      if (!peer.push(subscription.queue.front())) return;
      subscription.take_front();
    } else if (!subscription.replaying || !refill(subscription)) {
      return;
    }
  }
}

// The next stored events into the queue. When there are no more, what comes live follows without a gap:
// everything that was published so far is in the store, and what was fetched but is published later is below
// the cursor.
bool EventHub::Hub::refill(Subscription& subscription) {
  const auto page = fetch_(subscription.cursor, subscription.topics, limits_.replay_page);
  if (!page) {
    log_.write(base::Level::warning, "events.replay_failed", {{"inner", base::describe(page.error())}});
    subscription.loss = Loss{std::string("unavailable"), subscription.topics.front(), last_, 0};
    subscription.cursor = std::max(subscription.cursor, last_);
    subscription.replaying = false;
    return true;
  }
  for (const auto& event : *page) {
    subscription.put(notification(subscription.id, event));
    subscription.cursor = event.seq;
  }
  if (page->size() < static_cast<std::size_t>(limits_.replay_page)) subscription.replaying = false;
  return !page->empty();
}

void EventHub::Hub::writable(rpc::Peer& peer) {
  const auto found = subscribers_.find(&peer);
  if (found == subscribers_.end()) return;
  for (auto& subscription : found->second.subscriptions) pump(peer, subscription);
}

void EventHub::Hub::forget_the_gone() {
  std::erase_if(subscribers_, [](const auto& entry) { return entry.second.peer.expired(); });
}

// --- who wants to hear

base::Result<std::vector<std::string>> EventHub::Hub::allowed(const rpc::Caller& caller,
                                                              std::vector<std::string> wanted) const {
  const bool all = wanted.empty();
  if (all) wanted = names_;
  std::vector<std::string> topics;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto topic =
        std::find_if(topics_.begin(), topics_.end(), [&](const Topic& t) { return t.name == wanted[i]; });
    if (topic == topics_.end()) {
      return base::make_fault(
          base::Code::invalid_params, {},
          {{"pointer", "/topics/" + std::to_string(i)}, {"expected", "a topic that there is"}});
    }
    const bool may = topic->roles.any_of(caller.roles);
    if (!may && !all) return base::make_fault(base::Code::forbidden, {}, {{"topic", topic->name}});
    if (may && std::find(topics.begin(), topics.end(), topic->name) == topics.end())
      topics.push_back(topic->name);
  }
  if (topics.empty()) return base::make_fault(base::Code::forbidden);
  return topics;
}

base::Result<Subscriber*> EventHub::Hub::subscriber(const rpc::Caller& caller) {
  const auto peer = caller.peer.lock();
  if (!peer) return base::make_fault(base::Code::internal, "the subscriber's connection has ended");
  forget_the_gone();
  const auto [found, fresh] = subscribers_.try_emplace(peer.get());
  if (fresh) {
    found->second.peer = peer;
    peer->watch(weak_from_this());
  }
  if (found->second.subscriptions.size() < limits_.subscriptions) return &found->second;
  return base::make_fault(base::Code::overloaded, {}, {{"subscriptions", limits_.subscriptions}});
}

void EventHub::Hub::subscribe(const rpc::Caller& caller, std::vector<std::string> topics,
                              std::optional<std::int64_t> since, rpc::Responder respond) {
  auto names = allowed(caller, std::move(topics));
  if (!names) return respond(names.error());
  const auto owner = subscriber(caller);
  if (!owner) return respond(owner.error());

  Subscription subscription;
  subscription.id = ++(*owner)->last_id;
  subscription.topics = std::move(*names);
  subscription.cursor = last_;
  if (since && *since > last_) {
    subscription.loss = Loss{"unknown_since", subscription.topics.front(), last_, 0};
  } else if (since) {
    subscription.cursor = std::max<std::int64_t>(*since, 0);
    subscription.replaying = true;
  }
  const auto id = subscription.id;
  (*owner)->subscriptions.push_back(std::move(subscription));
  respond(boost::json::value{{"subscription", id}, {"seq", last_}});
  // Answering may have ended the connection, and with it the subscription.
  if (const auto peer = caller.peer.lock()) writable(*peer);
}

base::Result<void> EventHub::Hub::unsubscribe(const rpc::Caller& caller, std::int64_t id) {
  const auto peer = caller.peer.lock();
  const auto owner = subscribers_.find(peer.get());
  if (owner == subscribers_.end()) return base::make_fault(base::Code::not_found);
  auto& all = owner->second.subscriptions;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Subscription& s) { return s.id == id; });
  if (found == all.end()) return base::make_fault(base::Code::not_found);
  all.erase(found);
  return {};
}

std::size_t EventHub::Hub::subscriptions() const {
  std::size_t count = 0;
  for (const auto& [key, subscriber] : subscribers_) {
    if (!subscriber.peer.expired()) count += subscriber.subscriptions.size();
  }
  return count;
}

std::size_t EventHub::Hub::queued_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, subscriber] : subscribers_) {
    for (const auto& subscription : subscriber.subscriptions) bytes += subscription.bytes;
  }
  return bytes;
}

EventHub::EventHub(std::vector<Topic> topics, Fetch fetch, std::int64_t last, const base::Clock& clock,
                   base::Log& log, EventLimits limits)
    : hub_(std::make_shared<Hub>(std::move(topics), std::move(fetch), last, clock, log, limits)) {}

EventHub::~EventHub() = default;

void EventHub::publish(const Event& event) {
  hub_->publish(event);
}

void EventHub::subscribe(const rpc::Caller& caller, std::vector<std::string> topics,
                         std::optional<std::int64_t> since, rpc::Responder respond) {
  hub_->subscribe(caller, std::move(topics), since, std::move(respond));
}

base::Result<void> EventHub::unsubscribe(const rpc::Caller& caller, std::int64_t subscription) {
  return hub_->unsubscribe(caller, subscription);
}

std::size_t EventHub::subscriptions() const {
  return hub_->subscriptions();
}

std::size_t EventHub::queued_bytes() const {
  return hub_->queued_bytes();
}

}  // namespace madoguchi::server
