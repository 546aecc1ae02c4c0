// One connection at a time: lines, limits, slow readers, sudden ends.
#include <random>

#include "support.hpp"

namespace madoguchi::server {
namespace {

using test::Client;
using test::reason;
using test::request;

class SessionTest : public testing::Test {
 protected:
  test::World world;
};

TEST_F(SessionTest, AnswersARequest) {
  world.start();
  Client client(world);
  EXPECT_EQ(client.ask(request("echo", 1, R"({"text":"窓口"})")),
            boost::json::parse(R"({"jsonrpc":"2.0","id":1,"result":"窓口"})"));
}

TEST_F(SessionTest, AnswersManyThatWereSentAtOnce) {
  world.start();
  Client client(world);
  std::string all;
  for (int id = 0; id < 5'000; ++id) all += request("echo", id, R"({"text":"a"})") + "\n";
  std::size_t sent = 0;
  for (int id = 0; id < 5'000; ++id) {
    sent += client.offer(std::string_view(all).substr(sent));
    ASSERT_EQ(client.reply().at("id"), id);
  }
}

TEST_F(SessionTest, PutsAMessageTogetherFromItsPieces) {
  world.start();
  Client client(world);
  const auto message = request("echo", 7, R"({"text":"あいう"})") + "\n";
  for (const char c : message) {
    ASSERT_TRUE(client.send(std::string_view(&c, 1)));
    world.until([&] { return world.loop.poll() == 0; });
  }
  EXPECT_EQ(client.reply().at("result"), "あいう");
}

TEST_F(SessionTest, HalfALineIsNoRequest) {
  world.start();
  {
    Client client(world);
    EXPECT_EQ(client.ask(request("count", 1)).at("result"), 1);
    client.send(request("count", 2));
  }
  ASSERT_TRUE(world.until([&] { return world.server->connections() == 0; }));
  EXPECT_EQ(world.calls, 1);
}

TEST_F(SessionTest, WhoSendsNoMoreStillGetsTheAnswers) {
  world.start();
  Client client(world);
  client.send(request("later", 1) + "\n" + R"({"jsonrpc":"2.0","method":"later"})" + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 2; }));
  client.send_no_more();
  world.until([&] { return world.loop.poll() == 0; });
  world.held[0](boost::json::value("here"));
  EXPECT_EQ(client.reply().at("result"), "here");
  EXPECT_EQ(world.server->connections(), 1U) << "the notification is still at work";
  world.held[1](boost::json::value(nullptr));
  EXPECT_TRUE(client.closed());
}

// Both end the input; only one of them still reads.
TEST_F(SessionTest, WhoHasClosedIsGoneAndWhoSendsNoMoreIsNot) {
  world.start();
  Client client(world);
  client.ask(request("meet", 1));
  client.send(request("later", 2) + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 1; }));
  const auto peer = world.peers.at(0).lock();
  ASSERT_TRUE(peer);
  EXPECT_FALSE(peer->gone());
  client.send_no_more();
  world.until([&] { return world.loop.poll() == 0; });
  EXPECT_FALSE(peer->gone());
  client.leave();
  EXPECT_TRUE(peer->gone());
}

TEST_F(SessionTest, WhoSaysNothingAndClosesIsGone) {
  world.start();
  Client client(world);
  client.send_no_more();
  EXPECT_TRUE(client.closed());
}

TEST_F(SessionTest, AMessageThatIsTooLongIsAnsweredAndTheConnectionClosed) {
  world.settings.max_message_bytes = 1000;
  world.start();
  Client fits(world);
  auto message = request("echo", 1, R"({"text":""})");
  message.insert(message.size() - 3, std::string(1000 - message.size(), 'a'));
  ASSERT_EQ(message.size(), 1000U);
  EXPECT_TRUE(fits.ask(message).as_object().contains("result"));
  message.insert(message.size() - 3, "a");
  const auto reply = fits.ask(message);
  EXPECT_EQ(reason(reply), "invalid_request");
  EXPECT_TRUE(reply.at("id").is_null());
  EXPECT_TRUE(fits.closed());
}

// A peer that is still sending when it is refused must be able to read why.
TEST_F(SessionTest, TheReasonReachesAPeerThatKeepsSending) {
  world.start();
  Client client(world);
  client.send(std::string(8UL * 1024 * 1024, 'a'));
  EXPECT_EQ(reason(client.reply()), "invalid_request");
  EXPECT_TRUE(client.closed());
}

TEST_F(SessionTest, S1WhoDoesNotReadIsNotServedWithoutBound) {
  world.settings.max_output_bytes = 100'000;
  world.start();
  Client slow(world);
  Client other(world);
  std::string all;
  for (int id = 0; id < 2'000; ++id) all += request("big", id, R"({"size":10000})") + "\n";
  std::size_t sent = slow.offer(all);
  // It is paused: nothing happens any more, while the other one is served.
  for (int round = 0; round < 50; ++round) {
    EXPECT_EQ(other.ask(request("count", round)).at("result"), round + 1);
  }
  // As soon as it reads, it gets every answer.
  for (int id = 0; id < 2'000; ++id) {
    sent += slow.offer(std::string_view(all).substr(sent));
    ASSERT_EQ(slow.reply().at("id"), id);
  }
}

TEST_F(SessionTest, S1WhoNeverReadsIsDropped) {
  world.settings.max_output_bytes = 100'000;
  world.settings.stall_timeout = std::chrono::milliseconds(50);
  world.start();
  Client slow(world);
  std::string all;
  for (int id = 0; id < 500; ++id) all += request("big", id, R"({"size":10000})") + "\n";
  slow.offer(all);
  EXPECT_TRUE(world.until([&] { return world.log.has("connection.stalled"); }));
  EXPECT_TRUE(world.until([&] { return world.server->connections() == 0; }));
}

TEST_F(SessionTest, S1PushIsRefusedWhenTheSocketTakesNoMore) {
  class Watcher final : public rpc::PeerWatcher {
   public:
    void writable(rpc::Peer&) override { ++room; }
    void ended(rpc::Peer&) override { ++gone; }
    int room = 0;
    int gone = 0;
  };
  world.start();
  Client client(world);
  client.ask(request("meet", 1));
  const auto watcher = std::make_shared<Watcher>();
  const auto line = std::make_shared<const std::string>(std::string(999, 'e') + "\n");
  std::size_t pushed = 0;
  {
    const auto peer = world.peers.at(0).lock();
    ASSERT_TRUE(peer);
    peer->watch(watcher);
    while (peer->push(line)) ASSERT_LT(++pushed, 10'000U);
    EXPECT_FALSE(peer->push(line));
  }
  EXPECT_GT(pushed, 10U);
  EXPECT_EQ(watcher->room, 0);
  for (std::size_t i = 0; i < pushed; ++i) ASSERT_EQ(client.line().size(), 999U);
  EXPECT_TRUE(world.until([&] { return watcher->room == 1; }));
  EXPECT_TRUE(world.peers.at(0).lock()->push(line));
  EXPECT_EQ(client.line().size(), 999U);
  client.leave();
  EXPECT_TRUE(world.until([&] { return watcher->gone == 1; }));
  EXPECT_TRUE(world.until([&] { return world.peers.at(0).expired(); }));
}

TEST_F(SessionTest, BoundsWhatIsInFlight) {
  world.settings.limits.in_flight = 2;
  world.start();
  Client client(world);
  for (int id = 1; id <= 3; ++id) client.send(request("later", id) + "\n");
  const auto reply = client.reply();
  EXPECT_EQ(reply.at("id"), 3);
  EXPECT_EQ(reason(reply), "overloaded");
}

TEST_F(SessionTest, AnswersOutOfOrderAndToTheRightOne) {
  world.start();
  Client first(world);
  Client second(world);
  first.send(request("later", 1) + "\n" + request("later", 2) + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 2; }));
  second.send(request("later", 1) + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 3; }));
  world.held[2](boost::json::value("second"));
  world.held[1](boost::json::value("b"));
  world.held[0](boost::json::value("a"));
  EXPECT_EQ(first.reply().at("result"), "b");
  EXPECT_EQ(first.reply().at("result"), "a");
  EXPECT_EQ(second.reply().at("result"), "second");
}

// S5: whatever is going on, a connection may end; sanitizers watch.
TEST_F(SessionTest, S5SurvivesSuddenEndsAnywhere) {
  world.settings.stall_timeout = std::chrono::milliseconds(20);
  world.settings.max_output_bytes = 20'000;
  world.start();
  std::mt19937 random(20'260'407);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::string messages[] = {request("echo", 1, R"({"text":"a"})") + "\n",
                                  request("later", 2) + "\n",
                                  request("big", 3, R"({"size":30000})") + "\n",
                                  request("meet", 4) + "\n",
                                  "[" + request("later", 5) + "," + request("count", 6) + "]\n",
                                  "nonsense\n",
                                  std::string(R"({"jsonrpc":"2.0","method":"later"})") + "\n"};
  const auto line = std::make_shared<const std::string>(std::string(5'000, 'e') + "\n");
  std::vector<Client> clients;
  for (int step = 0; step < 6'000; ++step) {
    const auto act = below(10);
    if (clients.size() < 3 || (act == 0 && clients.size() < 30)) {
      clients.emplace_back(world);
    } else if (act == 1) {
      const auto at = clients.begin() + static_cast<std::ptrdiff_t>(below(clients.size()));
      std::vector<Client> rest;
      for (auto it = clients.begin(); it != clients.end(); ++it) {
        if (it != at) rest.push_back(std::move(*it));
      }
      clients.swap(rest);
    } else if (act == 2 && !world.held.empty()) {
      const auto at = below(world.held.size());
      std::swap(world.held[at], world.held.back());
      auto respond = std::move(world.held.back());
      world.held.pop_back();
      if (below(4) != 0) respond(boost::json::value(std::string(below(40'000), 'y')));
    } else if (act == 3) {
      for (const auto& weak : world.peers) {
        if (const auto peer = weak.lock()) peer->push(line);
      }
    } else if (act == 4) {
      clients[below(clients.size())].take();
    } else if (act == 5 && below(10) == 0) {
      clients[below(clients.size())].send_no_more();
    } else {
      const auto& message = messages[below(std::size(messages))];
      clients[below(clients.size())].offer(
          std::string_view(message).substr(0, below(8) == 0 ? below(20) : 1000));
    }
    if (below(3) == 0) {
      if (world.loop.stopped()) world.loop.restart();
      world.loop.poll();
    }
  }
  clients.clear();
  EXPECT_TRUE(world.until([&] { return world.server->running() == world.held.size(); }));
  world.held.clear();
  EXPECT_TRUE(world.until([&] { return world.server->connections() == 0; }));
  EXPECT_EQ(world.server->running(), 0U);
  for (const auto& weak : world.peers) EXPECT_TRUE(weak.expired());
}

TEST_F(SessionTest, S5AnswersMayComeWhenServerAndLoopAreDone) {
  world.start();
  Client client(world);
  client.send(request("later", 1) + "\n" + request("big", 2, R"({"size":3000000})") + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 1; }));
  world.server.reset();
  world.held[0](boost::json::value("nobody is there"));
  world.held.clear();
  while (client.line().find("result") != std::string::npos) {
  }
  EXPECT_TRUE(world.until([&] { return world.loop.poll() == 0; }));
}

}  // namespace
}  // namespace madoguchi::server
