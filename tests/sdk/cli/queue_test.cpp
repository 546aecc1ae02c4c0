// The waiting line in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

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

TEST_F(Queue, ALineOfAnOlderPlugin) {
  EXPECT_EQ(told("en", R"({"office":"hall","live":false})"), "hall: no live information\n");
}

}  // namespace
}  // namespace madoguchi::cli
