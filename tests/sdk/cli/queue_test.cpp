// The waiting line in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class Queue : public ::testing::Test {
 protected:
  FakeCounter counter_;
  std::string told(std::string_view lang, std::string_view office) {
    counter_.server.answer("queue-board.status", {{"as_of", "2026-04-06T19:20:00+09:00"},
                                                  {"offices", json::array{json::parse(office)}}});
    const auto ran = run(counter_.arguments({"--lang", std::string(lang), "queue", "status"}));
    EXPECT_EQ(ran.status, done);
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  Ran desk(std::vector<std::string> more) {
    more.insert(more.begin(), "queue");
    more.insert(more.end(), {"--office", "hall", "--staff", "sato"});
    return run(counter_.arguments(std::move(more)));
  }
};

TEST_F(Queue, AnOpenLine) {
  constexpr auto open = R"({"office":"hall","name":{"ja":"市民課","en":"Hall"},"live":true,"waiting":3,
      "called":[{"ticket":"A101","window":"9","called_at":"2026-04-06T10:00:00+09:00"}],
      "wait":{"minutes":40,"from":"policy","estimate":true}})";
  EXPECT_EQ(told("en", open), "Hall: 3 waiting, now calling A101, about 40 minutes\n");
  EXPECT_EQ(told("ja", open), "市民課: 待ち人数 3人、呼び出し番号 A101、待ち時間の目安 約40分\n");
}

TEST_F(Queue, AClosedOfficeIsNotOneWithoutInformation) {
  constexpr auto closed = R"({"office":"hall","name":{"ja":"市民課","en":"Hall"},"live":false,
      "notice":{"ja":"本日の受付は終了しました。","en":"Reception is closed for today."}})";
  EXPECT_EQ(told("en", closed), "Hall: Reception is closed for today.\n");
  EXPECT_EQ(told("ja", closed), "市民課: 本日の受付は終了しました。\n");
}

TEST_F(Queue, WhoStillWaitsAfterClosingIsCounted) {
  constexpr auto late =
      R"({"office":"hall","name":{"ja":"市民課","en":"Hall"},"live":true,"waiting":2,"called":[],
      "notice":{"ja":"本日の受付は終了しました。","en":"Reception is closed for today."}})";
  EXPECT_EQ(told("en", late), "Hall: 2 waiting, now calling -. Reception is closed for today.\n");
  EXPECT_EQ(told("ja", late), "市民課: 待ち人数 2人、呼び出し番号 -。本日の受付は終了しました。\n");
}

TEST_F(Queue, ATicketIsTakenAndCalled) {
  counter_.server.answer("queue-board.take",
                         json::parse(R"({"office":"hall","ticket":"A101","procedure":"renewal",
      "state":"waiting","ahead":2,"taken_at":"2026-04-06T10:00:00+09:00","wait":{"minutes":30}})"));
  const auto taken = desk({"take", "--priority"});
  EXPECT_EQ(taken.out,
            "Ticket A101: 2 before it, about 30 minutes\n"
            "The case is received by it: madoguchi renew --ticket A101\n");
  EXPECT_EQ(
      counter_.server.calls("queue-board.take").at(0),
      json::parse(R"({"procedure":"renewal","priority":true,"office":"hall","staff":"sato"})").as_object());

  counter_.server.answer("queue-board.call_next",
                         json::parse(R"({"office":"hall","ticket":"A101","window":"9","waiting":1})"));
  const auto called = desk({"call", "9", "--procedure", "renewal,pin_reset"});
  EXPECT_THAT(called.out, HasSubstr("Now calling A101 to window 9 (1 waiting)\n"));
  EXPECT_THAT(called.out, HasSubstr("madoguchi queue no-show A101"));
  EXPECT_EQ(
      counter_.server.calls("queue-board.call_next").at(0),
      json::parse(R"({"window":"9","procedures":["renewal","pin_reset"],"office":"hall","staff":"sato"})")
          .as_object());
  counter_.server.answer("queue-board.call_next",
                         json::parse(R"({"office":"hall","live":true,"waiting":0})"));
  EXPECT_EQ(desk({"call", "9"}).out, "Nobody is waiting.\n");
}

TEST_F(Queue, WhatBecomesOfATicketIsToldWithTheLineThen) {
  const std::map<std::string, std::string> verbs{
      {"recall", "recall"}, {"no-show", "no_show"}, {"served", "serve"}, {"gone", "withdraw"}};
  for (const auto& [name, verb] : verbs) {
    const auto method = "queue-board." + verb;
    counter_.server.answer(method, json::parse(R"({"office":"hall","name":{"ja":"市民課","en":"Hall"},
        "live":true,"waiting":3,"called":[],"wait":{"minutes":40}})"));
    EXPECT_EQ(desk({name, "A101"}).out, "Hall: 3 waiting, now calling -, about 40 minutes\n") << name;
    EXPECT_EQ(counter_.server.calls(method).at(0),
              json::parse(R"({"ticket":"A101","office":"hall","staff":"sato"})").as_object());
    EXPECT_EQ(run(counter_.arguments({"queue", name})).status, bad_usage) << "which ticket?";
  }
  desk({"recall", "A101", "--window", "3"});
  EXPECT_EQ(counter_.server.calls("queue-board.recall").back().at("window"), "3");
}

TEST_F(Queue, WithoutAnOfficeOrAPluginItSaysSo) {
  EXPECT_EQ(run(counter_.arguments({"queue", "call", "9"})).status, bad_usage);
  counter_.server.refuse("queue-board.call_next", -32601, "method_not_found");
  const auto none = desk({"call", "9"});
  EXPECT_EQ(none.status, refused);
  EXPECT_THAT(none.err, HasSubstr("plugin queue-board is not in use"));
  counter_.server.refuse("queue-board.status", -32601, "method_not_found");
  EXPECT_THAT(run(counter_.arguments({"queue", "status"})).err,
              HasSubstr("plugin queue-board is not in use"));
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(Queue, ThePageIsPublishedAsTheDaemonMadeIt) {
  const std::string page =
      "<!doctype html>\n<style>\n\tbody { margin: 0 }\n</style>\n<p>市民課 \"A101\" \\</p>\r\n";
  counter_.server.answer(
      "queue-board.snapshot",
      {{"as_of", "2026-04-06T10:00:00+09:00"}, {"offices", json::array{}}, {"html", page}});
  const std::filesystem::path folder = counter_.server.folder() + "/www";
  std::filesystem::create_directories(folder);
  EXPECT_EQ(run(counter_.arguments({"queue", "publish", folder.string()})).status, done);
  EXPECT_EQ(contents_of(folder / "queue.html"), page);
  EXPECT_EQ(json::parse(contents_of(folder / "queue.json")),
            json::parse(R"({"as_of":"2026-04-06T10:00:00+09:00","offices":[]})"));
}

TEST_F(Queue, ALineOfAnOlderPlugin) {
  EXPECT_EQ(told("en", R"({"office":"hall","live":false})"), "hall: no live information\n");
}

}  // namespace
}  // namespace madoguchi::cli
