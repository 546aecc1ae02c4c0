// The examples of the JSON-RPC 2.0 specification, section 7, by name where it has them by position.
#include "dispatcher_support.hpp"

namespace madoguchi::rpc {
namespace {

class Specification : public DispatcherTest {};

TEST_F(Specification, NamedParameters) {
  EXPECT_EQ(ask(R"({"jsonrpc": "2.0", "method": "subtract", "params": {"b": 23, "a": 42}, "id": 3})"),
            json::parse(R"({"jsonrpc": "2.0", "result": 19, "id": 3})"));
}

TEST_F(Specification, PositionalParametersAreRefused) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1})");
  EXPECT_EQ(reply.at("error").at("code"), -32602);
  EXPECT_EQ(reply.at("id"), 1);
}

TEST_F(Specification, NotificationsAreNeverAnswered) {
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": {"a":1,"b":2}})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "foobar"})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": {"c":1}})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": [1]})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "throw"})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "fail"})");
  EXPECT_EQ(outlet.text, "");
  EXPECT_EQ(dispatcher->running(), 0U);
}

TEST_F(Specification, UnknownMethod) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})");
  EXPECT_EQ(reply.at("error").at("code"), -32601);
  EXPECT_EQ(reply.at("id"), "1");
}

TEST_F(Specification, InvalidJson) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])");
  EXPECT_EQ(reply.at("error").at("code"), -32700);
  EXPECT_TRUE(reply.at("id").is_null());
}

TEST_F(Specification, InvalidRequest) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})");
  EXPECT_EQ(reply.at("error").at("code"), -32600);
  EXPECT_TRUE(reply.at("id").is_null());
}

TEST_F(Specification, InvalidBatches) {
  EXPECT_EQ(ask(R"([{"jsonrpc": "2.0", "method": "sum", "id": "1"},{"jsonrpc": "2.0", "method"])")
                .at("error")
                .at("code"),
            -32700);
  EXPECT_EQ(ask("[]").at("error").at("code"), -32600);
  const auto one = ask("[1]");
  ASSERT_EQ(one.as_array().size(), 1U);
  EXPECT_EQ(one.at(0).at("error").at("code"), -32600);
  const auto three = ask("[1,2,3]");
  ASSERT_EQ(three.as_array().size(), 3U);
  for (const auto& reply : three.as_array()) {
    EXPECT_EQ(reply.at("error").at("code"), -32600);
    EXPECT_TRUE(reply.at("id").is_null());
  }
}

TEST_F(Specification, Batch) {
  const auto reply = ask(R"([
        {"jsonrpc": "2.0", "method": "look", "id": "1"},
        {"jsonrpc": "2.0", "method": "look", "params": {"a": 7}},
        {"jsonrpc": "2.0", "method": "subtract", "params": {"a": 42, "b": 23}, "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "look", "id": "9"}
    ])");
  ASSERT_EQ(reply.as_array().size(), 5U);
  EXPECT_EQ(reply.at(0), json::parse(R"({"jsonrpc": "2.0", "result": "seen", "id": "1"})"));
  EXPECT_EQ(reply.at(1), json::parse(R"({"jsonrpc": "2.0", "result": 19, "id": "2"})"));
  EXPECT_EQ(reply.at(2).at("error").at("code"), -32600);
  EXPECT_TRUE(reply.at(2).at("id").is_null());
  EXPECT_EQ(reply.at(3).at("error").at("code"), -32601);
  EXPECT_EQ(reply.at(3).at("id"), "5");
  EXPECT_EQ(reply.at(4).at("id"), "9");
}

TEST_F(Specification, BatchOfNotificationsIsNotAnswered) {
  talk->receive(caller, R"([{"jsonrpc": "2.0", "method": "look"},{"jsonrpc": "2.0", "method": "fail"}])");
  EXPECT_EQ(outlet.text, "");
}

}  // namespace
}  // namespace madoguchi::rpc
