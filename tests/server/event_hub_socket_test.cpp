#include "server/event_hub.hpp"
#include "support.hpp"

namespace madoguchi::server {
namespace {

namespace json = boost::json;

// Over a real socket: the answer comes before the first event, one who does not read delays nobody, and is
// told.
TEST(EventHubOverSocket, S1SlowSubscriberBesideAFastOne) {
  test::World world;
  std::optional<EventHub> hub;
  world.table.add(
      {.name = "events.subscribe",
       .params = {{.name = "since", .type = rpc::Param::Type::integer}},
       .handler = [&](const rpc::Caller& caller, const json::object& params, rpc::Responder respond) {
         std::optional<std::int64_t> since;
         if (const auto* from = params.if_contains("since")) since = from->as_int64();
         hub->subscribe(caller, {}, since, std::move(respond));
       }});
  std::vector<Event> store;
  hub.emplace(
      std::vector<Topic>{{"cases", rpc::all_roles}},
      [&](std::int64_t since, const std::vector<std::string>&, int limit) {
        std::vector<Event> found;
        for (const auto& event : store) {
          if (event.seq > since && found.size() < static_cast<std::size_t>(limit)) found.push_back(event);
        }
        return base::Result<std::vector<Event>>(found);
      },
      0, world.clock, world.log, EventLimits{.queued_events = 100});
  const auto happen = [&](int times) {
    for (int i = 0; i < times; ++i) {
      Event event;
      event.seq = static_cast<std::int64_t>(store.size()) + 1;
      event.topic = "cases";
      event.type = "case.updated";
      event.data = "{\"a\":\"" + std::string(1'000, 'x') + "\"}";
      store.push_back(event);
      hub->publish(event);
    }
  };
  happen(3);
  world.start();
  test::Client fast(world);
  test::Client slow(world);
  EXPECT_EQ(fast.ask(test::request("events.subscribe", 1, R"({"since":1})")).at("result").at("seq"), 3);
  EXPECT_EQ(fast.reply().at("params").at("seq"), 2);
  EXPECT_EQ(fast.reply().at("params").at("seq"), 3);
  EXPECT_EQ(slow.ask(test::request("events.subscribe", 1)).at("result").at("seq"), 3);
  for (int seq = 4; seq < 3'000; ++seq) {
    happen(1);
    ASSERT_EQ(fast.reply().at("params").at("seq"), seq);
  }
  EXPECT_LE(hub->queued_bytes(), 200'000U);
  std::int64_t expected = 3;
  int resyncs = 0;
  while (expected < 2'999) {
    const auto event = slow.reply();
    ASSERT_TRUE(event.is_object());
    const auto seq = event.at("params").at("seq").as_int64();
    if (event.at("params").at("type") == "resync") {
      ++resyncs;
      ASSERT_GT(seq, expected);
      expected = seq;
    } else {
      ASSERT_EQ(seq, ++expected);
    }
  }
  EXPECT_GE(resyncs, 1);
  slow.leave();
  EXPECT_TRUE(world.until([&] { return hub->subscriptions() == 1; }));
  world.server.reset();
  EXPECT_EQ(hub->subscriptions(), 0U);
}

}  // namespace
}  // namespace madoguchi::server
