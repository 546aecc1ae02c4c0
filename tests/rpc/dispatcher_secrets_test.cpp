// PINs leave nothing behind: neither in memory nor in an answer nor in the log.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "dispatcher_support.hpp"

namespace madoguchi::rpc {
namespace {

class DispatcherSecrets : public DispatcherTest {};

TEST_F(DispatcherSecrets, C6_tells_which_messages_may_have_held_a_secret) {
  for (const auto& line : {
           std::string(),
           request("look", 1),
           request("fail", 1),
           request("throw", 1),
           request("text", 1),
           "[" + request("look", 1) + "," + request("look", 2) + "]",
           std::string(R"({"jsonrpc":"2.0","method":"look","id":1,"params":{"a":1}})"),
           std::string(R"({"jsonrpc":"2.0","method":"look"})"),
       }) {
    EXPECT_FALSE(talk->receive(caller, line)) << line;
  }
  for (
      const std::string line : {
          R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":"1234"}})",
          R"({"jsonrpc":"2.0","method":"pin","params":{"value":"1234"}})",
          R"({"jsonrpc":"2.0","method":"facts","id":1,"params":{"facts":{"pin":"1234"}}})",
          R"([{"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":"1234"}},{"jsonrpc":"2.0","method":"look"}])",
          R"({"jsonrpc":"2.0","method":"pni","id":1,"params":{"value":"1234"}})",
          R"({"jsonrpc":"2.0","method":"pni","params":{"value":"1234"}})",
          R"({"jsonrpc":"2.0","method":"look","id":1,"params":{"value":"1234"}})",
          R"({"jsonrpc":"2.0","method":"look","id":1,"params":{"a":"1234"}})",
          R"({"jsonrpc":"2.0","method":"look","id":1,"value":"1234"})",
          R"({"jsonrpc":"2.0","method":"look","id":1,"params":{},"value":"1234"})",
          R"({"jsonrpc":"2.0","method":"look","value":"1234"})",
          R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":"1234"})",
          R"({"method":"pin","id":1,"params":{"value":"1234"}})",
          R"("1234")",
          R"([])",
      }) {
    EXPECT_TRUE(talk->receive(caller, line)) << line;
  }
}

TEST_F(DispatcherSecrets, MemoryOfAMessageIsWipedWhenItsMethodReturned) {
  const std::string pin = "a PIN far longer than a string keeps within itself";
  EXPECT_TRUE(ask(R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":")" + pin + "\"}}")
                  .at("result")
                  .is_null());
  EXPECT_EQ(seen_text, pin);
  // The dispatcher's own memory is still there to be looked at.
  EXPECT_TRUE(std::all_of(seen_at, seen_at + pin.size(), [](char c) { return c == 0; }));
  EXPECT_TRUE(
      ask(R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":"1357"}})").at("result").is_null());
  EXPECT_EQ(seen_text, "1357");
  EXPECT_TRUE(std::all_of(seen_at, seen_at + 4, [](char c) { return c == 0; }));
}

TEST_F(DispatcherSecrets, ASecretIsNeverRepeated) {
  const auto reply =
      ask(R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":[1357],"other":"1357"}})");
  EXPECT_EQ(reason(reply), "invalid_params");
  EXPECT_EQ(outlet.text.find("1357"), std::string::npos);
  EXPECT_EQ(json::serialize(reply).find("1357"), std::string::npos);
  for (const auto& line : log.lines) EXPECT_EQ(line.text.find("1357"), std::string::npos);
}

}  // namespace
}  // namespace madoguchi::rpc
