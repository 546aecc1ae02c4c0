#include "madoguchi_client/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "../../rights_of.hpp"
#include "fake_server.hpp"

namespace madoguchi::client {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Session = FakeServer::Session;

json::object an_event(std::int64_t seq) {
  return {{"subscription", "s-1"},   {"topic", "cases"}, {"seq", seq},    {"at", "2026-04-07T10:00:00+09:00"},
          {"type", "case.progress"}, {"case", "c-1"},    {"reader", "r"}, {"data", {{"n", seq}}}};
}

class ClientTest : public ::testing::Test {
 protected:
  FakeServer server_;

  Client open(int interrupt_fd = -1) {
    auto client = Client::open({.socket = server_.socket(), .interrupt_fd = interrupt_fd});
    if (!client) throw std::runtime_error(client.error().en);
    return std::move(*client);
  }
};

TEST_F(ClientTest, GivesTheResult) {
  server_.answer("readers.list", {{"readers", json::array{{{"name", "窓口1"}}}}});
  auto client = open();
  const auto reply = client.call("readers.list", {{"x", 1}});
  ASSERT_TRUE(reply) << reply.error().reason;
  EXPECT_EQ(json::serialize(*reply), R"({"readers":[{"name":"窓口1"}]})");
  EXPECT_THAT(server_.calls("readers.list"), ElementsAre(json::object{{"x", 1}}));
  EXPECT_THAT(server_.lines().at(0), HasSubstr(R"("jsonrpc":"2.0")"));
}

TEST_F(ClientTest, GivesTheErrorWithAllItsParts) {
  server_.refuse("cases.verify_pin", -32006, "pin.wrong", {{"tries_left", 2}});
  auto client = open();
  const auto reply = client.call("cases.verify_pin", {});
  ASSERT_FALSE(reply);
  const auto& error = reply.error();
  EXPECT_EQ(error.code, -32006);
  EXPECT_EQ(error.reason, "pin.wrong");
  EXPECT_EQ(error.ja, "日本語:pin.wrong");
  EXPECT_EQ(error.en, "english:pin.wrong");
  EXPECT_TRUE(error.retryable);
  EXPECT_EQ(error.case_id, "c-err");
  EXPECT_EQ(error.details.at("tries_left"), 2);
  // A refused call does not spoil the connection.
  server_.answer("system.info", {{"version", "1"}});
  EXPECT_TRUE(client.call("system.info", {}));
}

TEST_F(ClientTest, AnErrorWithoutDataKeepsItsMessage) {
  server_.on("x", [](const Session& session, const json::object&) {
    session.raw(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32700,"message":"no"}})"
                "\n");
  });
  const auto reply = open().call("x", {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, -32700);
  EXPECT_EQ(reply.error().en, "no");
  EXPECT_EQ(reply.error().reason, "");
}

TEST_F(ClientTest, ReadsAnswersInPiecesAndSeveralAtOnce) {
  server_.on("slow", [](const Session& session, const json::object&) {
    for (const char c : std::string(R"({"jsonrpc":"2.0","id":1,"result":"ok"})"
                                    "\n"))
      session.raw({c});
  });
  server_.on("many", [](const Session& session, const json::object&) {
    session.raw(R"({"jsonrpc":"2.0","id":99,"result":"somebody else's"})"
                "\n"
                R"({"jsonrpc":"2.0","method":"events.notify","params":{"seq":5}})"
                "\n"
                R"({"jsonrpc":"2.0","id":2,"result":"mine"})"
                "\n"
                R"({"jsonrpc":"2.0","method":"events.notify","params":{"seq":6}})"
                "\n");
  });
  auto client = open();
  EXPECT_EQ(client.call("slow", {}).value(), "ok");
  EXPECT_EQ(client.call("many", {}).value(), "mine");
  EXPECT_EQ(client.next_event(20s).value()->seq, 5);
  EXPECT_EQ(client.next_event(20s).value()->seq, 6);
}

TEST_F(ClientTest, TakesALongAnswer) {
  const std::string big(3 << 20, 'x');
  server_.answer("rpc.discover", json::value(big));
  EXPECT_EQ(open().call("rpc.discover", {}).value(), json::value(big));
}

TEST_F(ClientTest, EventsComeDuringACallOrAfterIt) {
  server_.on("cases.issue", [](const Session& session, const json::object& request) {
    session.notify(an_event(1));
    session.notify(an_event(2));
    session.result(request, "done");
    session.notify(an_event(3));
  });
  auto client = open();
  std::vector<std::int64_t> seen;
  const auto reply =
      client.call("cases.issue", {}, {.on_event = [&](const Event& event) { seen.push_back(event.seq); }});
  EXPECT_EQ(reply.value(), "done");
  EXPECT_THAT(seen, ElementsAre(1, 2));
  const auto third = client.next_event(20s);
  ASSERT_TRUE(third && *third);
  EXPECT_EQ((*third)->seq, 3);
  EXPECT_EQ((*third)->topic, "cases");
  EXPECT_EQ((*third)->type, "case.progress");
  EXPECT_EQ((*third)->case_id, "c-1");
  EXPECT_EQ((*third)->reader, "r");
  EXPECT_EQ((*third)->data.at("n"), 3);
  EXPECT_EQ((*third)->document.at("subscription"), "s-1");
  const auto none = client.next_event(10ms);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST_F(ClientTest, TooManyUnreadEventsBecomeOneResync) {
  server_.on("flood", [](const Session& session, const json::object& request) {
    for (int i = 1; i <= 5000; ++i) session.notify(an_event(i));
    session.result(request, 1);
  });
  auto client = open();
  ASSERT_TRUE(client.call("flood", {}));
  EXPECT_EQ(client.next_event(0ms).value()->type, "resync");
  EXPECT_EQ(client.next_event(0ms).value()->seq, 4097);
}

TEST_F(ClientTest, SaysThatThereIsNoDaemon) {
  const auto none = Client::open({.socket = server_.folder() + "/nobody.sock"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, reasons::no_daemon);
  EXPECT_EQ(none.error().code, 0);
  EXPECT_FALSE(none.error().ja.empty());
  EXPECT_THAT(std::string(none.error().details.at("inner").as_string()), HasSubstr("nobody.sock"));
  const auto overlong = Client::open({.socket = "/" + std::string(200, 'x')});
  ASSERT_FALSE(overlong);
  EXPECT_EQ(overlong.error().reason, reasons::no_daemon);
}

TEST_F(ClientTest, SaysThatThisUserMayNot) {
  if (::geteuid() == 0) ::chown(server_.folder().c_str(), tests::other_user, tests::other_user);
  ::chmod(server_.socket().c_str(), 0);
  const tests::RightsOf rights(tests::other_user);
  const auto barred = Client::open({.socket = server_.socket()});
  ASSERT_FALSE(barred);
  EXPECT_EQ(barred.error().reason, reasons::no_permission);
  EXPECT_FALSE(barred.error().retryable);
  EXPECT_THAT(barred.error().en, HasSubstr("may not"));
}

TEST_F(ClientTest, NoticesALostDaemon) {
  server_.on("cases.issue", [&](const Session& session, const json::object&) { session.close(); });
  auto client = open();
  const auto reply = client.call("cases.issue", {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, reasons::lost);
  EXPECT_EQ(client.call("readers.list", {}).error().reason, reasons::lost);
  EXPECT_EQ(client.next_event(20s).error().reason, reasons::lost);
}

TEST_F(ClientTest, NoticesALostDaemonWhileWaitingForEvents) {
  server_.on("events.subscribe", [&](const Session& session, const json::object& request) {
    session.result(request, {{"subscription", "s"}, {"seq", 0}});
    session.close();
  });
  auto client = open();
  ASSERT_TRUE(client.call("events.subscribe", {}));
  EXPECT_EQ(client.next_event(20s).error().reason, reasons::lost);
}

TEST_F(ClientTest, HearsWhyItIsRefused) {
  server_.on_connect([](const Session& session) {
    session.raw(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32003,"message":"no role",)"
                R"("data":{"reason":"forbidden","ja":"権限なし","en":"no role"}}})"
                "\n");
    session.close();
  });
  const auto reply = open().call("readers.list", {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "forbidden");
}

TEST_F(ClientTest, GivesUpInTime) {
  server_.on("never", [](const Session&, const json::object&) {});
  auto client = open();
  EXPECT_EQ(client.call("never", {}, {.timeout = 20ms}).error().reason, reasons::timeout);
  // A late answer to the call given up must not be taken for the next one's.
  server_.on("next", [](const Session& session, const json::object& request) {
    session.raw(R"({"jsonrpc":"2.0","id":1,"result":"late"})"
                "\n");
    session.result(request, "mine");
  });
  EXPECT_EQ(client.call("next", {}).value(), "mine");
}

TEST_F(ClientTest, CanBeInterrupted) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  // Closing makes it readable too, and says so for good.
  server_.on("never", [&](const Session&, const json::object&) { ::close(ends[1]); });
  auto client = open(ends[0]);
  EXPECT_EQ(client.call("never", {}).error().reason, reasons::interrupted);
  EXPECT_EQ(client.next_event(20s).error().reason, reasons::interrupted);
  ::close(ends[0]);
}

TEST_F(ClientTest, SaysThatTheAnswerIsGarbled) {
  for (const char* line : {"hello\n", "[]\n", "{\"id\":1,\"error\":3}\n"}) {
    server_.on("x", [line](const Session& session, const json::object&) { session.raw(line); });
    EXPECT_EQ(open().call("x", {}).error().reason, reasons::garbled) << line;
  }
}

TEST_F(ClientTest, PutsASecretAmongTheParameters) {
  server_.answer("cases.verify_pin", 1);
  auto client = open();
  const Secret secret("a\"\\\n\x01窓");
  ASSERT_TRUE(client.call("cases.verify_pin", {{"case", "c-1"}}, {.secret = {"value", &secret}}));
  ASSERT_TRUE(client.call("cases.verify_pin", {}, {.secret = {"value", &secret}}));
  server_.answer("card.check_expiry", 1);
  ASSERT_TRUE(client.call("card.check_expiry", {{"reader", "R"}},
                          {.secret = {.name = "signature", .value = &secret, .inside = "pins"}}));
  EXPECT_THAT(server_.calls("cases.verify_pin"),
              ElementsAre(json::object{{"case", "c-1"}, {"value", "a\"\\\n\x01窓"}},
                          json::object{{"value", "a\"\\\n\x01窓"}}));
  EXPECT_THAT(server_.calls("card.check_expiry"),
              ElementsAre(json::object{{"reader", "R"}, {"pins", {{"signature", "a\"\\\n\x01窓"}}}}));
}

TEST_F(ClientTest, SendsTextAsItIsOnOneLine) {
  server_.answer("x", 1);
  ASSERT_TRUE(open().call_text("x", "{\n \"a\": \"b\\n\"\n}"));
  EXPECT_THAT(server_.lines().at(0), HasSubstr(R"({  "a": "b\n" })"));
  EXPECT_THAT(server_.calls("x"), ElementsAre(json::object{{"a", "b\n"}}));
}

TEST_F(ClientTest, FindsTheSocketByTheEnvironment) {
  ASSERT_EQ(::setenv("MADOGUCHI_SOCKET", server_.socket().c_str(), 1), 0);
  server_.answer("system.info", 1);
  auto client = Client::open({});
  ::unsetenv("MADOGUCHI_SOCKET");
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->call("system.info", {}));
  EXPECT_EQ(default_socket(), "/run/madoguchi/madoguchi.sock");
}

}  // namespace
}  // namespace madoguchi::client
