// Batches, what is in flight at once, and the order of answers: what the specification leaves open.
#include <gmock/gmock.h>

#include "dispatcher_support.hpp"

namespace madoguchi::rpc {
namespace {

class DispatcherFlow : public DispatcherTest {};

TEST_F(DispatcherFlow, BatchWaitsForItsLastAnswerAndKeepsItsOrder) {
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

TEST_F(DispatcherFlow, BatchIsBounded) {
  std::string batch = "[" + request("look", 0);
  for (int i = 1; i < 8; ++i) batch += "," + request("look", i);
  EXPECT_EQ(ask(batch + "]").as_array().size(), 8U);
  EXPECT_EQ(reason(ask(batch + "," + request("look", 8) + "]")), "invalid_request");
}

TEST_F(DispatcherFlow, BatchIsBoundedByItsReplies) {
  dispatcher = std::make_unique<Dispatcher>(table, log, Limits{.batch_bytes = 100});
  talk = dispatcher->converse(outlet);
  std::string batch = "[" + request("look", 0);
  for (int i = 1; i < 8; ++i) batch += "," + request("look", i);
  const auto all = ask(batch + "]");
  ASSERT_EQ(all.as_array().size(), 8U);
  EXPECT_EQ(all.at(0).at("result"), "seen");
  EXPECT_EQ(reason(all.at(7)), "overloaded");
  EXPECT_GT(all.at(7).at("error").at("data").at("details").at("retry_after_ms").as_int64(), 0);
}

TEST_F(DispatcherFlow, TellsOfEachRequestThatALimitRefused) {
  std::vector<std::string> told;
  const auto tell = [&told](std::string_view limit) { told.emplace_back(limit); };
  dispatcher =
      std::make_unique<Dispatcher>(table, log, Limits{.in_flight = 1, .batch_bytes = 100}, nullptr, tell);
  talk = dispatcher->converse(outlet);
  std::string batch = "[" + request("look", 0);
  for (int i = 1; i < 8; ++i) batch += "," + request("look", i);
  ask(batch + "]");
  EXPECT_THAT(told, testing::Contains("batch_bytes"));
  told.clear();
  talk->receive(caller, request("later", 1));
  EXPECT_EQ(reason(ask(request("look", 2))), "overloaded");
  EXPECT_THAT(told, testing::ElementsAre("in_flight"));
  held.back()(base::make_fault(base::Code::overloaded, {}, {{"subscriptions", 8}}));
  EXPECT_THAT(told, testing::ElementsAre("in_flight", "subscriptions"));
}

TEST_F(DispatcherFlow, AnswersOutOfOrder) {
  talk->receive(caller, request("later", 1));
  talk->receive(caller, request("later", 2));
  held[1](json::value("b"));
  held[0](json::value("a"));
  const auto all = replies();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("id"), 2);
  EXPECT_EQ(all[1].at("id"), 1);
}

TEST_F(DispatcherFlow, BoundsWhatIsInFlight) {
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

TEST_F(DispatcherFlow, AnswersWithTextAsItIs) {
  EXPECT_EQ(ask(request("text", 7)), json::parse(R"({"jsonrpc":"2.0","id":7,"result":{"a":[1,2]}})"));
  const auto all = ask("[" + request("look", 1) + "," + request("text", 2) + "]");
  EXPECT_EQ(all.at(1).at("result"), json::parse(R"({"a":[1,2]})"));
  talk->receive(caller, R"({"jsonrpc":"2.0","method":"text"})");
  EXPECT_EQ(outlet.text, "");
}

TEST_F(DispatcherFlow, PassesOverEmptyLines) {
  talk->receive(caller, "");
  talk->receive(caller, "\r");
  EXPECT_EQ(outlet.times, 0);
}

}  // namespace
}  // namespace madoguchi::rpc
