// More than can be served: what is refused, how politely, and that whoever serves a citizen goes first.
#include "support.hpp"

namespace madoguchi::server {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::reason;
using test::request;

class OverloadTest : public testing::Test {
 protected:
  OverloadTest() {
    world.settings.roles = [this](uid_t, std::span<const gid_t>) { return next_roles; };
    world.table.add(
        {.name = "show",
         .handler = [this](const rpc::Caller&, const boost::json::object&, rpc::Responder respond) {
           ++shown;
           if (at_show) at_show();
           respond(boost::json::value(shown));
         }});
    world.table.add(
        {.name = "serve",
         .handler = [this](const rpc::Caller&, const boost::json::object&, rpc::Responder respond) {
           served_at = shown;
           respond(boost::json::value("served"));
         }});
  }
  // Who connects from now on.
  void as(rpc::Role role) { next_roles = rpc::only(role); }
  Client connected(rpc::Role role) {
    as(role);
    const auto before = world.server->connections();
    Client client(world);
    EXPECT_TRUE(world.until([&] { return world.server->connections() == before + 1; }));
    return client;
  }
  // As a front-end that is told to come again does.
  boost::json::value ask_until_served(std::string_view message) {
    for (;;) {
      Client client(world);
      auto reply = client.ask(message);
      if (!reply.is_object() || !reply.as_object().contains("error")) return reply;
      EXPECT_EQ(reason(reply), "overloaded");
    }
  }
  // As a method is that computes.
  static void busy_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
  }
  static std::int64_t retry_after(const boost::json::value& reply) {
    return reply.at("error").at("data").at("details").at("retry_after_ms").as_int64();
  }

  test::World world;
  rpc::Roles next_roles = rpc::only(rpc::Role::clerk);
  int shown = 0;
  int served_at = -1;  // how often had been shown then
  std::function<void()> at_show;
};

TEST_F(OverloadTest, who_is_quiet_makes_room_for_who_asks) {
  world.settings.max_connections = 8;
  world.settings.idle_grace = 20ms;
  world.start();
  std::vector<Client> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(world);
    ASSERT_TRUE(idle.back().connected());
    world.loop.poll();
  }
  EXPECT_EQ(ask_until_served(request("count", 1)).at("result"), 1);
  EXPECT_TRUE(world.log.has("connection.made_room"));
  EXPECT_LE(world.server->connections(), 8U + 64U);
}

TEST_F(OverloadTest, whoever_waits_for_something_is_not_sent_away) {
  world.settings.max_connections = 2;
  world.settings.idle_grace = 0ms;
  world.start();
  auto waiting = connected(rpc::Role::clerk);
  waiting.send(request("later", 1) + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 1; }));
  auto quiet = connected(rpc::Role::clerk);
  Client newcomer(world);
  EXPECT_EQ(newcomer.ask(request("count", 1)).at("result"), 1);
  const auto farewell = quiet.reply();
  EXPECT_EQ(reason(farewell), "overloaded");
  EXPECT_EQ(retry_after(farewell), 1'000);
  EXPECT_TRUE(quiet.closed());
  newcomer.send(request("later", 2) + "\n");
  ASSERT_TRUE(world.until([&] { return world.held.size() == 2; }));
  // Nobody is quiet any more.
  Client third(world);
  EXPECT_EQ(reason(third.reply()), "overloaded");
  world.held[0](boost::json::value("at last"));
  EXPECT_EQ(waiting.reply().at("result"), "at last");
}

TEST_F(OverloadTest, displays_leave_room_for_clerks_and_go_before_them) {
  world.settings.max_connections = 3;
  world.settings.max_display_connections = 2;
  world.settings.idle_grace = 1h;
  world.start();
  auto first = connected(rpc::Role::display);
  auto second = connected(rpc::Role::display);
  Client third(world);
  const auto refusal = third.reply();
  EXPECT_EQ(reason(refusal), "overloaded");
  EXPECT_EQ(refusal.at("error").at("data").at("details").at("display_connections"), 2);
  EXPECT_EQ(refusal.at("error").at("data").at("retryable"), true);
  auto clerk = connected(rpc::Role::clerk);
  EXPECT_EQ(clerk.ask(request("count", 1)).at("result"), 1);
}

TEST_F(OverloadTest, a_display_goes_before_a_clerk_who_has_been_quiet_longer) {
  world.settings.max_connections = 2;
  world.settings.idle_grace = 0ms;
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  auto display = connected(rpc::Role::display);
  as(rpc::Role::clerk);
  Client newcomer(world);
  EXPECT_EQ(newcomer.ask(request("count", 1)).at("result"), 1);
  EXPECT_EQ(reason(display.reply()), "overloaded");
  EXPECT_EQ(clerk.ask(request("count", 2)).at("result"), 2);
}

TEST_F(OverloadTest, one_user_leaves_room_for_others) {
  world.settings.max_connections_per_user = 1;
  world.settings.idle_grace = 1h;
  world.start();
  auto first = connected(rpc::Role::clerk);
  Client second(world);
  const auto refusal = second.reply();
  EXPECT_EQ(reason(refusal), "overloaded");
  EXPECT_EQ(refusal.at("error").at("data").at("details").at("connections_per_user"), 1);
}

TEST_F(OverloadTest, whoever_counts_is_told_of_each_limit) {
  std::vector<std::string> told;
  world.settings.overloaded = [&told](std::string_view limit) { told.emplace_back(limit); };
  world.settings.max_connections = 2;
  world.settings.idle_grace = 1h;
  world.settings.requests_per_second = 1;
  world.start();
  auto first = connected(rpc::Role::clerk);
  for (int i = 0; i < 4 && told.empty(); ++i) first.ask(request("count", i));
  EXPECT_THAT(told, testing::ElementsAre("requests_per_second"));
  auto second = connected(rpc::Role::clerk);
  Client third(world);
  EXPECT_EQ(reason(third.reply()), "overloaded");
  EXPECT_EQ(told.back(), "connections");
}

// The bound is one turn of one display and what was read in the same round of the loop, not what all have
// asked for.
TEST_F(OverloadTest, a_flood_of_displays_delays_a_clerk_by_a_turn) {
  world.settings.display_requests_per_second = 1'000'000;
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  int shown_before = 0;
  at_show = [&] {
    if (shown != 500) return;
    shown_before = shown;
    const auto line = request("serve", 1) + "\n";
    EXPECT_EQ(clerk.offer(line), line.size());
  };
  std::string flood;
  for (int id = 0; id < 1'000; ++id) flood += request("show", id) + "\n";
  std::vector<Client> displays;
  displays.reserve(16);
  for (int i = 0; i < 16; ++i) displays.push_back(connected(rpc::Role::display));
  for (auto& display : displays) display.offer(flood);
  EXPECT_EQ(clerk.reply().at("result"), "served");
  EXPECT_GE(shown, 500);
  EXPECT_GE(served_at, shown_before);
  EXPECT_LE(served_at, shown_before + 16);
}

// Nor does a clerk's own program that asks for everything at once keep a colleague waiting for all of it.
TEST_F(OverloadTest, a_flood_of_one_clerk_delays_another_by_a_turn) {
  world.start();
  auto greedy = connected(rpc::Role::clerk);
  auto clerk = connected(rpc::Role::clerk);
  at_show = [&] {
    if (shown == 1) clerk.offer(request("serve", 1) + "\n");
  };
  std::string flood;
  for (int id = 0; id < 1'000; ++id) flood += request("show", id) + "\n";
  greedy.offer(flood);
  EXPECT_EQ(clerk.reply().at("result"), "served");
  EXPECT_GE(served_at, 1);
  EXPECT_LE(served_at, 100);
  for (int id = 0; id < 1'000; ++id) ASSERT_EQ(greedy.reply().at("id"), id);
}

// Who asks for much that is slow has it one by one, however many connections it opens for that.
TEST_F(OverloadTest, what_is_slow_comes_between_the_others_requests) {
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  std::vector<Client> greedy;
  greedy.reserve(3);
  for (int i = 0; i < 3; ++i) greedy.push_back(connected(rpc::Role::clerk));
  at_show = [&] {
    if (shown == 4) clerk.offer(request("serve", 1) + "\n");
    busy_for(5ms);
  };
  std::string flood;
  for (int id = 0; id < 31; ++id) flood += request("show", id) + "\n";
  for (auto& client : greedy) client.offer(flood);
  EXPECT_EQ(clerk.reply().at("result"), "served");
  EXPECT_GE(served_at, 4);
  EXPECT_LE(served_at, 4 + 3 + 3)
      << "a turn of each, and of each again when they were chosen before it was read";
  for (auto& client : greedy) {
    for (int id = 0; id < 31; ++id) ASSERT_EQ(client.reply().at("id"), id);
  }
}

TEST_F(OverloadTest, what_a_closed_connection_had_asked_for_is_not_done) {
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  auto greedy = connected(rpc::Role::clerk);
  int shown_then = 0;
  at_show = [&] {
    if (shown == 3) greedy.leave();
    busy_for(5ms);
  };
  std::string flood;
  for (int id = 0; id < 200; ++id) flood += request("show", id) + "\n";
  greedy.offer(flood);
  ASSERT_TRUE(world.until([&] { return world.server->connections() == 1; }));
  shown_then = shown;
  EXPECT_LE(shown_then, 4);
  EXPECT_EQ(clerk.ask(request("count", 1)).at("result"), 1);
  EXPECT_EQ(shown, shown_then);
}

// A batch is answered as one, so it cannot be parted; what has not begun in time may be asked again.
TEST_F(OverloadTest, a_batch_of_what_is_slow_is_cut_short) {
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  at_show = [&] { busy_for(100ms); };
  std::string batch = "[" + request("show", 0);
  for (int id = 1; id < 64; ++id) batch += "," + request("show", id);
  const auto replies = clerk.ask(batch + "]");
  ASSERT_EQ(replies.as_array().size(), 64U);
  EXPECT_LE(shown, 7);
  EXPECT_TRUE(replies.at(0).as_object().contains("result"));
  EXPECT_EQ(reason(replies.at(63)), "overloaded");
  EXPECT_GE(retry_after(replies.at(63)), 1);
}

TEST_F(OverloadTest, who_asks_too_often_is_told_when_to_ask_again) {
  world.settings.display_requests_per_second = 10;
  world.start();
  auto display = connected(rpc::Role::display);
  auto clerk = connected(rpc::Role::clerk);
  std::string flood;
  for (int id = 0; id < 40; ++id) flood += request("show", id) + "\n";
  EXPECT_TRUE(display.send(flood));
  int refused = 0;
  for (int id = 0; id < 40; ++id) {
    const auto reply = display.reply();
    ASSERT_EQ(reply.at("id"), id);
    if (!reply.as_object().contains("error")) continue;
    ++refused;
    EXPECT_EQ(reason(reply), "overloaded");
    EXPECT_GE(retry_after(reply), 1);
    EXPECT_LE(retry_after(reply), 100);
  }
  EXPECT_GE(refused, 20);
  EXPECT_EQ(shown, 40 - refused);
  EXPECT_EQ(clerk.ask(request("count", 1)).at("result"), 1);
  const int before = shown;
  EXPECT_TRUE(world.until([&] {
    display.ask(request("show", 1));
    return shown > before;
  }));
}

TEST_F(OverloadTest, a_batch_counts_by_what_is_in_it) {
  world.settings.requests_per_second = 10;
  world.start();
  auto clerk = connected(rpc::Role::clerk);
  std::string batch = "[" + request("count", 0);
  for (int id = 1; id < 60; ++id) batch += "," + request("count", id);
  const auto replies = clerk.ask(batch + "]");
  EXPECT_EQ(replies.as_array().size(), 60U);
  EXPECT_LE(world.calls, 12);
}

TEST_F(OverloadTest, a_message_that_is_never_completed_ends_the_connection) {
  world.settings.message_timeout = 30ms;
  world.start();
  std::vector<Client> slow;
  slow.reserve(50);
  for (int i = 0; i < 50; ++i) slow.push_back(connected(rpc::Role::clerk));
  auto clerk = connected(rpc::Role::clerk);
  auto quiet = connected(rpc::Role::clerk);
  // One byte now and then does not help.
  std::size_t dripped = 0;
  const std::string endless(1'000'000, ' ');
  EXPECT_TRUE(world.until([&] {
    for (auto& client : slow) client.offer(std::string_view(endless).substr(dripped, 1));
    ++dripped;
    EXPECT_TRUE(clerk.ask(request("count", 1)).as_object().contains("result"));
    return world.server->connections() == 2;
  }));
  const auto reply = slow.front().reply();
  EXPECT_EQ(reason(reply), "invalid_request");
  EXPECT_EQ(reply.at("error").at("data").at("details").at("message_timeout_ms"), 30);
  EXPECT_TRUE(world.log.has("connection.half_written"));
  EXPECT_TRUE(quiet.ask(request("count", 1)).as_object().contains("result")) << "saying nothing is no fault";
}

}  // namespace
}  // namespace madoguchi::server
