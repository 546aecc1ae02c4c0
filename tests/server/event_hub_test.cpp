#include "server/event_hub.hpp"

#include <gmock/gmock.h>

#include <random>

#include "support.hpp"

namespace madoguchi::server {
namespace {

namespace json = boost::json;

// A peer whose socket takes as much as the test says.
class FakePeer final : public rpc::Peer {
 public:
  ~FakePeer() override = default;
  bool push(std::shared_ptr<const std::string> line) override {
    if (room == 0) return false;
    --room;
    EXPECT_EQ(line->back(), '\n');
    EXPECT_EQ(line->find('\n'), line->size() - 1);
    const auto message = json::parse(*line);
    EXPECT_EQ(message.at("method"), "events.notify");
    EXPECT_FALSE(message.as_object().contains("id"));
    events.push_back(message.at("params").as_object());
    lines.push_back(line);
    return true;
  }
  void watch(std::weak_ptr<rpc::PeerWatcher> watcher) override { watcher_ = std::move(watcher); }
  void make_room(std::size_t lines_taken) {
    room += lines_taken;
    if (const auto watcher = watcher_.lock()) watcher->writable(*this);
  }
  void end() {
    if (const auto watcher = watcher_.lock()) watcher->ended(*this);
  }
  [[nodiscard]] std::vector<std::int64_t> seqs() const {
    std::vector<std::int64_t> all;
    for (const auto& event : events) all.push_back(event.at("seq").as_int64());
    return all;
  }

  std::size_t room = 1'000'000;
  std::vector<json::object> events;
  std::vector<std::shared_ptr<const std::string>> lines;

 private:
  std::weak_ptr<rpc::PeerWatcher> watcher_;
};

constexpr rpc::Roles clerk = rpc::only(rpc::Role::clerk);
constexpr rpc::Roles admin = rpc::only(rpc::Role::admin);
constexpr rpc::Roles display = rpc::only(rpc::Role::display);

class EventHubTest : public testing::Test {
 protected:
  EventHubTest() { make({}); }

  void make(EventLimits limits) {
    hub.emplace(
        std::vector<Topic>{
            {"readers", clerk}, {"cases", clerk}, {"plugins", admin}, {"queue", clerk | display}},
        [this](std::int64_t since, const std::vector<std::string>& topics, int limit) {
          ++fetches;
          return fetch(since, topics, limit);
        },
        static_cast<std::int64_t>(store.size()), clock, log, limits);
  }
  base::Result<std::vector<Event>> fetch(std::int64_t since, const std::vector<std::string>& topics,
                                         int limit) const {
    if (store_down) return base::make_fault(base::Code::storage_unavailable, "disk I/O error");
    std::vector<Event> found;
    for (const auto& event : store) {
      if (event.seq <= since || std::find(topics.begin(), topics.end(), event.topic) == topics.end())
        continue;
      if (found.size() == static_cast<std::size_t>(limit)) break;
      found.push_back(event);
    }
    return found;
  }
  // Stored, not published yet.
  Event commit(const std::string& topic = "cases", const std::string& data = "{\"n\":1}") {
    Event event;
    event.seq = static_cast<std::int64_t>(store.size()) + 1;
    event.at = clock.now();
    event.topic = topic;
    event.type = "case.updated";
    event.case_id = "C-1";
    event.data = data;
    store.push_back(event);
    return event;
  }
  void happen(int times, const std::string& topic = "cases") {
    for (int i = 0; i < times; ++i) hub->publish(commit(topic));
  }
  static rpc::Caller caller(const std::shared_ptr<FakePeer>& peer, rpc::Roles roles = rpc::all_roles) {
    return {.uid = 1, .roles = roles, .peer = peer};
  }
  base::Result<json::value> subscribe(const rpc::Caller& who, std::vector<std::string> topics = {},
                                      std::optional<std::int64_t> since = {}) {
    base::Result<json::value> answer = json::value();
    hub->subscribe(who, std::move(topics), since,
                   rpc::Responder([&](base::Result<json::value> result) { answer = std::move(result); }));
    return answer;
  }

  std::vector<Event> store;
  bool store_down = false;
  int fetches = 0;
  test::StillClock clock;
  test::RecordingLog log;
  std::optional<EventHub> hub;
  std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();
};

TEST_F(EventHubTest, S8AnEventHasTheContractsShape) {
  EXPECT_EQ(*subscribe(caller(peer), {"cases", "readers"}), (json::value{{"subscription", 1}, {"seq", 0}}));
  auto event = commit("readers", "{\"a\":\n[1]}");
  event.reader = "ACS \"1\"";
  event.case_id = "";
  event.type = "card.inserted";
  hub->publish(event);
  ASSERT_EQ(peer->events.size(), 1U);
  EXPECT_EQ(json::value(peer->events[0]),
            json::parse(R"({"subscription":1,"topic":"readers","seq":1,"at":"2026-04-07T10:00:00+09:00",)"
                        R"("type":"card.inserted","reader":"ACS \"1\"","data":{"a":[1]}})"));
  hub->publish(commit("cases", ""));
  EXPECT_EQ(peer->events[1].at("case"), "C-1");
  EXPECT_EQ(peer->events[1].at("data"), json::object());
}

TEST_F(EventHubTest, HearsOnlyItsTopicsAndOnlyWhatItsRolesMay) {
  const auto at_counter = std::make_shared<FakePeer>();
  const auto on_wall = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(at_counter, clerk), {"readers"}));
  ASSERT_TRUE(subscribe(caller(on_wall, display)));
  for (const auto* topic : {"readers", "cases", "plugins", "queue"}) happen(1, topic);
  EXPECT_THAT(at_counter->seqs(), testing::ElementsAre(1));
  EXPECT_THAT(on_wall->seqs(), testing::ElementsAre(4));
  EXPECT_EQ(subscribe(caller(on_wall, display), {"queue", "cases"}).error().code, base::Code::forbidden);
  EXPECT_EQ(subscribe(caller(on_wall, display), {"queue", "weather"}).error().details.at("pointer"),
            "/topics/1");
  EXPECT_EQ(subscribe(caller(on_wall, {})).error().code, base::Code::forbidden);
  EXPECT_EQ(hub->subscriptions(), 2U);
}

TEST_F(EventHubTest, UnsubscribesItsOwnOnly) {
  const auto other = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(peer)));
  EXPECT_EQ(subscribe(caller(peer))->at("subscription"), 2);
  EXPECT_EQ(hub->unsubscribe(caller(other), 1).error().code, base::Code::not_found);
  EXPECT_TRUE(hub->unsubscribe(caller(peer), 1));
  EXPECT_EQ(hub->unsubscribe(caller(peer), 1).error().code, base::Code::not_found);
  happen(1);
  ASSERT_EQ(peer->events.size(), 1U);
  EXPECT_EQ(peer->events[0].at("subscription"), 2);
  EXPECT_EQ(subscribe(caller(peer))->at("subscription"), 3);
}

TEST_F(EventHubTest, S1SubscriptionsOfAPeerAreCapped) {
  for (std::size_t i = 0; i < EventLimits{}.subscriptions; ++i) ASSERT_TRUE(subscribe(caller(peer)));
  EXPECT_EQ(subscribe(caller(peer)).error().code, base::Code::overloaded);
  EXPECT_TRUE(subscribe(caller(std::make_shared<FakePeer>())));
}

TEST_F(EventHubTest, MakesALineOnceForAllPeers) {
  const auto other = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(peer)));
  ASSERT_TRUE(subscribe(caller(other)));
  happen(1);
  EXPECT_EQ(peer->lines.at(0), other->lines.at(0));
}

// S1: one who never reads, beside one who does.
TEST_F(EventHubTest, S1OverflowFreesTheQueueAndSaysResyncOnce) {
  make({.queued_events = 10});
  const auto reader = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(reader)));
  ASSERT_TRUE(subscribe(caller(peer)));
  peer->room = 2;
  happen(12);
  EXPECT_GT(hub->queued_bytes(), 0U);
  happen(1, "readers");
  EXPECT_EQ(hub->queued_bytes(), 0U);
  happen(500);
  EXPECT_EQ(hub->queued_bytes(), 0U);
  EXPECT_EQ(reader->events.size(), 513U);
  EXPECT_EQ(peer->events.size(), 2U);

  peer->make_room(1);
  ASSERT_EQ(peer->events.size(), 3U);
  EXPECT_EQ(peer->events[2].at("type"), "resync");
  EXPECT_EQ(peer->events[2].at("seq"), 513);
  EXPECT_EQ(peer->events[2].at("data"), (json::value{{"reason", "overflow"}, {"lost", 511}}));
  peer->make_room(100);
  EXPECT_EQ(peer->events.size(), 3U);
  happen(3);
  EXPECT_THAT(peer->seqs(), testing::ElementsAre(1, 2, 513, 514, 515, 516));
}

TEST_F(EventHubTest, S1QueueIsBoundedInBytesToo) {
  make({.queued_bytes = 5'000});
  ASSERT_TRUE(subscribe(caller(peer)));
  peer->room = 0;
  for (int i = 0; i < 4; ++i) {
    hub->publish(commit("cases", "{\"a\":\"" + std::string(1'000, 'x') + "\"}"));
    EXPECT_LE(hub->queued_bytes(), 5'000U);
  }
  EXPECT_GT(hub->queued_bytes(), 4'000U);
  hub->publish(commit("cases", "{\"a\":\"" + std::string(1'000, 'x') + "\"}"));
  EXPECT_EQ(hub->queued_bytes(), 0U);
}

TEST_F(EventHubTest, S1QueueIsFreedWhenThePeerEnds) {
  ASSERT_TRUE(subscribe(caller(peer)));
  peer->room = 0;
  happen(5);
  EXPECT_GT(hub->queued_bytes(), 0U);
  peer->end();
  EXPECT_EQ(hub->queued_bytes(), 0U);
  EXPECT_EQ(hub->subscriptions(), 0U);
  const auto silent = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(silent)));
  auto gone = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(gone)));
  gone.reset();
  EXPECT_EQ(hub->subscriptions(), 1U);
  happen(1);
  EXPECT_EQ(silent->events.size(), 1U);
}

TEST_F(EventHubTest, ReplaysFromAnyNumberOn) {
  happen(200);
  happen(1, "plugins");
  for (const std::int64_t since : {0, 1, 63, 64, 65, 199, 200, 201}) {
    const auto fresh = std::make_shared<FakePeer>();
    const auto answer = subscribe(caller(fresh, clerk), {}, since);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->at("seq"), 201);
    ASSERT_EQ(fresh->events.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, 200 - since)))
        << since;
    for (std::size_t i = 0; i < fresh->events.size(); ++i) {
      ASSERT_EQ(fresh->events[i].at("seq").as_int64(), since + 1 + static_cast<std::int64_t>(i));
    }
  }
}

TEST_F(EventHubTest, ReplayFetchesNoMoreThanThePeerTakes) {
  happen(10'000);
  fetches = 0;
  peer->room = 10;
  ASSERT_TRUE(subscribe(caller(peer), {}, 0));
  EXPECT_EQ(fetches, 1);
  EXPECT_LT(hub->queued_bytes(), 64U * 300U);
  happen(5);
  for (int i = 0; i < 200; ++i) peer->make_room(60);
  ASSERT_EQ(peer->events.size(), 10'005U);
  EXPECT_EQ(peer->events.back().at("seq"), 10'005);
}

TEST_F(EventHubTest, WhatIsStoredButNotPublishedYetComesOnce) {
  happen(3);
  const auto fourth = commit();
  const auto fifth = commit();
  ASSERT_TRUE(subscribe(caller(peer), {}, 1));
  const auto live = std::make_shared<FakePeer>();
  ASSERT_TRUE(subscribe(caller(live)));
  hub->publish(fifth);
  hub->publish(fourth);
  hub->publish(fifth);
  happen(1);
  EXPECT_THAT(peer->seqs(), testing::ElementsAre(2, 3, 4, 5, 6));
  EXPECT_THAT(live->seqs(), testing::ElementsAre(4, 5, 6));
}

TEST_F(EventHubTest, AStoreThatFailsIsSaidAndLiveEventsGoOn) {
  happen(3);
  store_down = true;
  ASSERT_TRUE(subscribe(caller(peer), {}, 1));
  ASSERT_EQ(peer->events.size(), 1U);
  EXPECT_EQ(peer->events[0].at("type"), "resync");
  EXPECT_EQ(peer->events[0].at("data").at("reason"), "unavailable");
  commit();
  happen(1);
  EXPECT_THAT(peer->seqs(), testing::ElementsAre(3, 5));
  EXPECT_TRUE(log.has("events.gap"));
  EXPECT_TRUE(log.has("events.replay_failed"));
}

TEST_F(EventHubTest, ANumberThatHasNotComeYetMeansAnotherStore) {
  happen(3);
  ASSERT_TRUE(subscribe(caller(peer), {}, 99));
  ASSERT_EQ(peer->events.size(), 1U);
  EXPECT_EQ(peer->events[0].at("data").at("reason"), "unknown_since");
  EXPECT_EQ(peer->events[0].at("seq"), 3);
  happen(1);
  EXPECT_THAT(peer->seqs(), testing::ElementsAre(3, 4));
}

// Whatever the order of commits, publications, subscriptions and room: without gaps, without doubles, in
// order, except where a resync says so.
TEST_F(EventHubTest, NeverSkipsNorRepeatsWhateverTheOrder) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
    store.clear();
    make({.queued_events = 20, .replay_page = 3});
    struct Listener {
      std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();
      std::int64_t since = 0;
    };
    std::vector<Listener> listeners;
    std::vector<Event> unpublished;
    std::int64_t published = 0;
    for (int step = 0; step < 150; ++step) {
      const auto act = below(6);
      if (act <= 1) {
        unpublished.push_back(commit());
      } else if (act <= 3 && !unpublished.empty()) {
        const auto at = unpublished.begin() + below(static_cast<int>(unpublished.size()));
        published = std::max(published, at->seq);
        hub->publish(*at);
        unpublished.erase(at);
      } else if (act == 4 && listeners.size() < 5) {
        Listener listener;
        listener.peer->room = 0;
        const bool replays = below(2) == 0 && published > 0;
        const std::int64_t since = replays ? below(static_cast<int>(published) + 1) : 0;
        const auto answer =
            subscribe(caller(listener.peer), {"cases"}, replays ? std::optional(since) : std::nullopt);
        ASSERT_TRUE(answer);
        listener.since = replays ? since : answer->at("seq").as_int64();
        listeners.push_back(std::move(listener));
      } else if (!listeners.empty()) {
        listeners[static_cast<std::size_t>(below(static_cast<int>(listeners.size())))].peer->make_room(
            static_cast<std::size_t>(below(12)));
      }
    }
    for (const auto& event : unpublished) hub->publish(event);
    for (const auto& listener : listeners) {
      listener.peer->make_room(1'000);
      auto expected = listener.since;
      for (const auto& event : listener.peer->events) {
        const auto seq = event.at("seq").as_int64();
        if (event.at("type") == "resync") {
          ASSERT_GT(seq, expected) << "seed " << seed;
          expected = seq;
        } else {
          ASSERT_EQ(seq, ++expected) << "seed " << seed;
        }
      }
      ASSERT_EQ(expected, static_cast<std::int64_t>(store.size())) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace madoguchi::server
