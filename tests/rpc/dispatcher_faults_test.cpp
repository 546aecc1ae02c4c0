// What of a fault a client sees, and what only the log has.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "dispatcher_support.hpp"

namespace madoguchi::rpc {
namespace {

class DispatcherFaults : public DispatcherTest {};

TEST_F(DispatcherFaults, FaultShowsDetailsAndKeepsTheInnerPartInTheLog) {
  const auto reply = ask(request("fail", 1));
  EXPECT_EQ(reply.at("error").at("data").at("case"), "C-1");
  EXPECT_EQ(reply.at("error").at("data").at("details"), (json::value{{"tries_left", 2}}));
  EXPECT_EQ(json::serialize(reply).find("63C2"), std::string::npos);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_THAT(log.lines[0].text, testing::HasSubstr("63C2"));
}

TEST_F(DispatcherFaults, InternalFaultsShowOnlyANumberThatTheLogCarries) {
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

TEST_F(DispatcherFaults, AnExceptionBehindTheAnswerIsLogged) {
  EXPECT_EQ(ask(request("throw_after", 1)).at("result"), 1);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0].id, "rpc.threw");
}

// Whoever may call anything at all can be refused as often as it likes.
TEST_F(DispatcherFaults, WritesAFewRefusalsOfACallerAndCountsTheOthers) {
  std::chrono::steady_clock::time_point now{};
  int begun = 0;
  dispatcher = std::make_unique<Dispatcher>(table, log, Limits{}, Forbidden{}, Overloaded{},
                                            Counting{.now = [&] { return now; }, .begun = [&] { ++begun; }});
  talk = dispatcher->converse(outlet);
  for (int i = 0; i < 1'000; ++i) ask(request("fail", i));
  EXPECT_EQ(log.lines.size(), 10U);
  EXPECT_EQ(begun, 1);
  EXPECT_TRUE(dispatcher->settle_refusals()) << "not yet";
  caller.uid = 1001;
  ask(request("fail", 1));
  EXPECT_EQ(log.lines.size(), 11U) << "another caller's are its own";
  now += std::chrono::minutes(1);
  EXPECT_FALSE(dispatcher->settle_refusals());
  ASSERT_EQ(log.lines.size(), 12U);
  EXPECT_EQ(log.lines.back().id, "rpc.refused_more");
  EXPECT_EQ(log.lines.back().text, "method=fail uid=1000 count=990 ");
  ask(request("fail", 1));
  EXPECT_EQ(log.lines.back().id, "rpc.refused");
}

TEST_F(DispatcherFaults, CountsRefusedConnectionsByTheSameMeasure) {
  std::chrono::steady_clock::time_point now{};
  dispatcher = std::make_unique<Dispatcher>(table, log, Limits{}, Forbidden{}, Overloaded{},
                                            Counting{.now = [&] { return now; }, .begun = [] {}});
  int written = 0;
  for (int i = 0; i < 1'000; ++i) written += dispatcher->note_connection(1001) ? 1 : 0;
  EXPECT_EQ(written, 10);
  now += std::chrono::minutes(1);
  EXPECT_FALSE(dispatcher->settle_refusals());
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines.back().id, "connection.refused_more");
  EXPECT_EQ(log.lines.back().text, "uid=1001 count=990 ");
}

TEST_F(DispatcherFaults, RepeatsLittleOfWhatItWasSentAndNothingThatHides) {
  table.add({.name = "repeat",
             .summary = "Refuses with what may be the caller's own words.",
             .handler = [](const Caller&, const json::object&, Responder respond) {
               respond(base::make_fault(base::Code::invalid_params,
                                        "a\x1B[2J\u202E\u0085" + std::string(4'096, 'k')));
             }});
  ask(request("repeat", 1));
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_LT(log.lines[0].text.size(), 350U);
  EXPECT_THAT(log.lines[0].text, testing::HasSubstr(R"(a\u001B[2J\u202E\u0085kkk)"));
}

}  // namespace
}  // namespace madoguchi::rpc
