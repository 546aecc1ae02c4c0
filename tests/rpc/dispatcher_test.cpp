#include "rpc/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

struct Line {
  std::string id;
  std::string text;
};

class RecordingLog final : public base::Log {
 public:
  void write(base::Level, std::string_view id, std::initializer_list<base::Field> fields) override {
    std::string text;
    for (const auto& field : fields) {
      text.append(field.name).append("=");
      if (const auto* words = std::get_if<std::string>(&field.value)) text.append(*words);
      text.append(" ");
    }
    lines.push_back({std::string(id), text});
  }
  std::vector<Line> lines;
};

class TextOutlet final : public Outlet {
 public:
  std::string& output() override { return text; }
  void advanced() override { ++times; }
  std::string text;
  int times = 0;
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    const auto two = [](std::string_view name, std::string_view summary, Handler handler,
                        bool reads = false) {
      return Method{.name = name,
                    .summary = summary,
                    .params = {{.name = "a", .type = Param::Type::integer},
                               {.name = "b", .type = Param::Type::integer}},
                    .handler = std::move(handler),
                    .reads = reads};
    };
    table.add(
        two("subtract", "Takes b from a.", [](const Caller&, const json::object& params, Responder respond) {
          respond(json::value(params.at("a").as_int64() - params.at("b").as_int64()));
        }));
    table.add(two("later", "Answers when it is told to.",
                  [this](const Caller&, const json::object&, Responder respond) {
                    held.push_back(std::move(respond));
                  }));
    table.add(two(
        "look", "Reads.", [](const Caller&, const json::object&, Responder r) { r(json::value("seen")); },
        true));
    table.add(two("forget", "Drops it.", [](const Caller&, const json::object&, Responder) {}));
    table.add(two("throw", "Throws.", [](const Caller&, const json::object&, Responder) {
      throw std::runtime_error("the cellar is flooded");
    }));
    table.add(two("throw_after", "Answers, then throws.",
                  [](const Caller&, const json::object&, Responder respond) {
                    respond(json::value(1));
                    throw std::runtime_error("too late");
                  }));
    table.add(two("throw_number", "Throws what nobody throws.",
                  [](const Caller&, const json::object&, Responder) { throw 42; }));
    table.add(two("fail", "Refuses.", [](const Caller&, const json::object&, Responder respond) {
      respond(base::make_fault(base::Code::pin_wrong, "63C2", {{"tries_left", 2}, {"case", "C-1"}}));
    }));
    table.add(two("break", "Fails inside.", [](const Caller&, const json::object&, Responder respond) {
      respond(base::make_fault(base::Code::internal, "row 7 of cases", {{"path", "/secret"}}));
    }));
    table.add({.name = "pin",
               .summary = "Takes a PIN.",
               .params = {{.name = "value", .type = Param::Type::secret, .required = true}},
               .example = R"({"value":"0000"})",
               .handler = [this](const Caller&, const json::object& params, Responder respond) {
                 const auto& value = params.at("value").as_string();
                 seen_text = std::string(value.data(), value.size());
                 seen_at = value.data();
                 respond(json::value(nullptr));
               }});
    table.add(
        two("text", "Answers with JSON text.",
            [](const Caller&, const json::object&, Responder respond) { respond.text(R"({"a":[1,2]})"); }));
    table.add(
        {.name = "facts",
         .summary = "Takes anything.",
         .params = {{.name = "facts", .type = Param::Type::object}},
         .handler = [](const Caller&, const json::object&, Responder respond) { respond(json::value(1)); }});
    talk = dispatcher->converse(outlet);
  }

  // What came out, one value a line.
  std::vector<json::value> replies() {
    std::vector<json::value> all;
    std::size_t begin = 0;
    for (auto end = outlet.text.find('\n'); end != std::string::npos; end = outlet.text.find('\n', begin)) {
      all.push_back(json::parse(std::string_view(outlet.text).substr(begin, end - begin)));
      begin = end + 1;
    }
    EXPECT_EQ(begin, outlet.text.size()) << "an unfinished line";
    outlet.text.clear();
    return all;
  }
  json::value ask(std::string_view line) {
    talk->receive(caller, line);
    auto all = replies();
    EXPECT_EQ(all.size(), 1U) << line;
    return all.empty() ? json::value() : all.front();
  }
  static std::string reason(const json::value& reply) {
    return std::string(reply.at("error").at("data").at("reason").as_string());
  }
  static std::string request(std::string_view method, int id) {
    return R"({"jsonrpc":"2.0","method":")" + std::string(method) + R"(","id":)" + std::to_string(id) + "}";
  }

  MethodTable table;
  RecordingLog log;
  std::unique_ptr<Dispatcher> dispatcher =
      std::make_unique<Dispatcher>(table, log, Limits{.in_flight = 3, .batch = 8});
  TextOutlet outlet;
  std::shared_ptr<Conversation> talk;
  Caller caller{.uid = 1000, .roles = all_roles, .peer = {}};
  std::vector<Responder> held;
  std::string seen_text;
  const char* seen_at = nullptr;
};

// The examples of the JSON-RPC 2.0 specification, section 7, by name where it has them by position.

TEST_F(DispatcherTest, SpecificationNamedParameters) {
  EXPECT_EQ(ask(R"({"jsonrpc": "2.0", "method": "subtract", "params": {"b": 23, "a": 42}, "id": 3})"),
            json::parse(R"({"jsonrpc": "2.0", "result": 19, "id": 3})"));
}

TEST_F(DispatcherTest, SpecificationPositionalParametersAreRefused) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1})");
  EXPECT_EQ(reply.at("error").at("code"), -32602);
  EXPECT_EQ(reply.at("id"), 1);
}

TEST_F(DispatcherTest, SpecificationNotificationsAreNeverAnswered) {
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": {"a":1,"b":2}})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "foobar"})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": {"c":1}})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "subtract", "params": [1]})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "throw"})");
  talk->receive(caller, R"({"jsonrpc": "2.0", "method": "fail"})");
  EXPECT_EQ(outlet.text, "");
  EXPECT_EQ(dispatcher->running(), 0U);
}

TEST_F(DispatcherTest, SpecificationUnknownMethod) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})");
  EXPECT_EQ(reply.at("error").at("code"), -32601);
  EXPECT_EQ(reply.at("id"), "1");
}

TEST_F(DispatcherTest, SpecificationInvalidJson) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])");
  EXPECT_EQ(reply.at("error").at("code"), -32700);
  EXPECT_TRUE(reply.at("id").is_null());
}

TEST_F(DispatcherTest, SpecificationInvalidRequest) {
  const auto reply = ask(R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})");
  EXPECT_EQ(reply.at("error").at("code"), -32600);
  EXPECT_TRUE(reply.at("id").is_null());
}

TEST_F(DispatcherTest, SpecificationInvalidBatches) {
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

TEST_F(DispatcherTest, SpecificationBatch) {
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

TEST_F(DispatcherTest, SpecificationBatchOfNotificationsIsNotAnswered) {
  talk->receive(caller, R"([{"jsonrpc": "2.0", "method": "look"},{"jsonrpc": "2.0", "method": "fail"}])");
  EXPECT_EQ(outlet.text, "");
}

// ... and what the specification leaves open.

TEST_F(DispatcherTest, BatchWaitsForItsLastAnswerAndKeepsItsOrder) {
  talk->receive(caller, "[" + request("later", 1) + "," + request("look", 2) + "," + request("later", 3) +
                            "," + R"({"jsonrpc":"2.0","method":"later"}])");
  ASSERT_EQ(held.size(), 3U);
  held[1](json::value("third"));
  talk->receive(caller, request("look", 9));
  EXPECT_EQ(replies().at(0).at("id"), 9);
  held[2](json::value("nobody hears"));
  EXPECT_EQ(outlet.text, "");
  held[0](json::value("first"));
  const auto all = replies();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at(0).at("result"), "first");
  EXPECT_EQ(all[0].at(1).at("result"), "seen");
  EXPECT_EQ(all[0].at(2).at("result"), "third");
  EXPECT_EQ(all[0].as_array().size(), 3U);
}

TEST_F(DispatcherTest, BatchIsBounded) {
  std::string batch = "[" + request("look", 0);
  for (int i = 1; i < 8; ++i) batch += "," + request("look", i);
  EXPECT_EQ(ask(batch + "]").as_array().size(), 8U);
  EXPECT_EQ(reason(ask(batch + "," + request("look", 8) + "]")), "invalid_request");
}

TEST_F(DispatcherTest, AnswersOutOfOrder) {
  talk->receive(caller, request("later", 1));
  talk->receive(caller, request("later", 2));
  held[1](json::value("b"));
  held[0](json::value("a"));
  const auto all = replies();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("id"), 2);
  EXPECT_EQ(all[1].at("id"), 1);
}

TEST_F(DispatcherTest, BoundsWhatIsInFlight) {
  for (int id = 1; id <= 3; ++id) talk->receive(caller, request("later", id));
  EXPECT_EQ(talk->in_flight(), 3U);
  EXPECT_EQ(reason(ask(request("look", 4))), "overloaded");
  TextOutlet second;
  const auto other = dispatcher->converse(second);
  other->receive(caller, request("look", 1));
  EXPECT_THAT(second.text, testing::HasSubstr("seen"));
  held.pop_back();
  EXPECT_EQ(reason(replies().at(0)), "internal");
  EXPECT_EQ(ask(request("look", 5)).at("result"), "seen");
}

TEST_F(DispatcherTest, AnswersWithTextAsItIs) {
  EXPECT_EQ(ask(request("text", 7)), json::parse(R"({"jsonrpc":"2.0","id":7,"result":{"a":[1,2]}})"));
  const auto all = ask("[" + request("look", 1) + "," + request("text", 2) + "]");
  EXPECT_EQ(all.at(1).at("result"), json::parse(R"({"a":[1,2]})"));
  talk->receive(caller, R"({"jsonrpc":"2.0","method":"text"})");
  EXPECT_EQ(outlet.text, "");
}

TEST_F(DispatcherTest, C6_tells_which_messages_may_have_held_a_secret) {
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

TEST_F(DispatcherTest, PassesOverEmptyLines) {
  talk->receive(caller, "");
  talk->receive(caller, "\r");
  EXPECT_EQ(outlet.times, 0);
}

TEST_F(DispatcherTest, FaultShowsDetailsAndKeepsTheInnerPartInTheLog) {
  const auto reply = ask(request("fail", 1));
  EXPECT_EQ(reply.at("error").at("data").at("case"), "C-1");
  EXPECT_EQ(reply.at("error").at("data").at("details"), (json::value{{"tries_left", 2}}));
  EXPECT_EQ(json::serialize(reply).find("63C2"), std::string::npos);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_THAT(log.lines[0].text, testing::HasSubstr("63C2"));
}

TEST_F(DispatcherTest, InternalFaultsShowOnlyANumberThatTheLogCarries) {
  const std::pair<const char*, const char*> rows[] = {{"break", "row 7 of cases"},
                                                      {"throw", "the cellar is flooded"},
                                                      {"throw_number", "none of std's"},
                                                      {"forget", "without an answer"}};
  for (const auto& [method, inner] : rows) {
    log.lines.clear();
    const auto reply = ask(request(method, 1));
    EXPECT_EQ(reason(reply), "internal") << method;
    const auto& details = reply.at("error").at("data").at("details").as_object();
    ASSERT_EQ(details.size(), 1U) << method;
    const std::string incident(details.at("incident").as_string());
    EXPECT_EQ(incident.size(), 12U);
    ASSERT_EQ(log.lines.size(), 1U) << method;
    EXPECT_THAT(log.lines[0].text, testing::HasSubstr("incident=" + incident));
    EXPECT_THAT(log.lines[0].text, testing::HasSubstr(inner));
    EXPECT_THAT(log.lines[0].text, testing::HasSubstr(method));
    EXPECT_EQ(json::serialize(reply).find(inner), std::string::npos);
  }
  EXPECT_EQ(dispatcher->running(), 0U);
}

TEST_F(DispatcherTest, AnExceptionBehindTheAnswerIsLogged) {
  EXPECT_EQ(ask(request("throw_after", 1)).at("result"), 1);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0].id, "rpc.threw");
}

TEST_F(DispatcherTest, EveryRowIsServedToItsRolesOnly) {
  MethodTable rows;
  for (int bits = 1; bits <= 15; ++bits) {
    static std::vector<std::string> names(16);
    names[static_cast<std::size_t>(bits)] = "m" + std::to_string(bits);
    rows.add({.name = names[static_cast<std::size_t>(bits)],
              .roles = {static_cast<std::uint8_t>(bits)},
              .handler = [](const Caller&, const json::object&, Responder r) { r(json::value(true)); }});
  }
  Dispatcher guarded(rows, log);
  const auto guard = guarded.converse(outlet);
  for (const auto& row : rows.rows()) {
    for (int have = 0; have <= 15; ++have) {
      guard->receive({.uid = 1, .roles = {static_cast<std::uint8_t>(have)}, .peer = {}},
                     request(row.name, 1));
      const auto all = replies();
      ASSERT_EQ(all.size(), 1U);
      const bool may = (have & row.roles.bits) != 0;
      EXPECT_EQ(all[0].as_object().contains("result"), may) << row.name << " " << have;
      if (!may) {
        EXPECT_EQ(all[0].at("error").at("code"), -32003);
      }
    }
  }
}

TEST_F(DispatcherTest, AccessIsCheckedBeforeParameters) {
  caller.roles = {};
  EXPECT_EQ(reason(ask(R"({"jsonrpc":"2.0","method":"pin","params":{"value":1},"id":1})")), "forbidden");
}

TEST_F(DispatcherTest, MemoryOfAMessageIsWipedWhenItsMethodReturned) {
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

TEST_F(DispatcherTest, ASecretIsNeverRepeated) {
  const auto reply =
      ask(R"({"jsonrpc":"2.0","method":"pin","id":1,"params":{"value":[1357],"other":"1357"}})");
  EXPECT_EQ(reason(reply), "invalid_params");
  EXPECT_EQ(outlet.text.find("1357"), std::string::npos);
  EXPECT_EQ(json::serialize(reply).find("1357"), std::string::npos);
  for (const auto& line : log.lines) EXPECT_EQ(line.text.find("1357"), std::string::npos);
}

TEST_F(DispatcherTest, WhileStoppingOnlyReadsAreServed) {
  talk->receive(caller, request("later", 1));
  dispatcher->refuse_new();
  EXPECT_EQ(reason(ask(request("subtract", 2))), "shutting_down");
  EXPECT_EQ(ask(request("look", 3)).at("result"), "seen");
  int idle = 0;
  dispatcher->when_idle([&] { ++idle; });
  EXPECT_EQ(idle, 0);
  held[0](json::value(1));
  EXPECT_EQ(idle, 1);
  EXPECT_EQ(replies().size(), 1U);
  dispatcher->when_idle([&] { ++idle; });
  EXPECT_EQ(idle, 2);
}

TEST_F(DispatcherTest, AnAnswerMayOutliveConnectionAndDispatcher) {
  talk->receive(caller, request("later", 1));
  talk->receive(caller, "[" + request("later", 2) + "]");
  talk->receive(caller, request("later", 3));
  talk->close();
  talk.reset();
  held[0](json::value(1));
  EXPECT_EQ(dispatcher->running(), 2U);
  dispatcher.reset();
  held[1](base::make_fault(base::Code::internal, "gone"));
  held.clear();
  EXPECT_EQ(outlet.text, "");
  EXPECT_TRUE(log.lines.empty());
}

}  // namespace
}  // namespace madoguchi::rpc
