// What is held about people, in words: kinds, until when, and which keys are needed.
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
using ::testing::Not;

class Privacy : public ::testing::Test {
 protected:
  FakeCounter counter_;
  Ran ask(std::vector<std::string> words) {
    words.insert(words.begin(), "privacy");
    return run(counter_.arguments(std::move(words)));
  }
};

constexpr std::string_view held =
    R"({"keep_days":30,"keep_unfinished_days":750,"key":"aa11","former_keys":["bb22"],
    "cases":[{"id":"c-1","state":"completed","opened_at":"2026-03-01T10:00:00+09:00",
      "updated_at":"2026-03-01T10:05:00+09:00","card_mark":"0123456789ab","held":["case","facts","certificates"],
      "journal_lines":4,"rule":"ended","leaves_on":"2026-04-01"},
     {"id":"c-2","state":"attention","opened_at":"2026-03-02T10:00:00+09:00",
      "updated_at":"2026-03-02T10:05:00+09:00","held":["case","plugins"],"journal_lines":0,"plugins":["visits"],
      "rule":"needed"}]})";

TEST_F(Privacy, EachCaseIsToldByKindAndUntilWhen) {
  counter_.server.answer("privacy.report", json::parse(held).as_object());
  const auto en = ask({"report"});
  EXPECT_EQ(en.status, done) << en.err;
  EXPECT_EQ(en.out,
            "c-1  completed  card 0123456789ab: the case, facts, certificates\n"
            "  leaves on 2026-04-01 unless it is changed before\n"
            "c-2  attention  card unknown: the case, what plugins keep\n"
            "  kept by: visits\n"
            "  stays until the case has ended: it says what to do with the card\n"
            "2 cases. Sealed with key aa11.\n"
            "Still needed: key bb22, until `madoguchi privacy reseal` has been run.\n");
  const auto ja = ask({"report", "--lang", "ja"});
  EXPECT_THAT(ja.out, HasSubstr("変更がなければ2026-04-01に削除されます"));
  EXPECT_THAT(ja.out, HasSubstr("電子証明書"));
}

TEST_F(Privacy, AStoreThatWasPutAsideIsNamedEvenWhereNoCaseIsTold) {
  counter_.server.answer("privacy.report",
                         json::parse(R"({"cases":[],"key":"aa11","former_keys":[],"put_aside":[
    {"path":"/s/cases.db.before-20260301-100000","bytes":9,"put_aside_at":"2026-03-01T10:00:00+09:00",
     "leaves_on":"2026-04-01"},
    {"path":"/s/cases.db.before-20260302-100000","bytes":9,"put_aside_at":"2026-03-02T10:00:00+09:00"}]})")
                             .as_object());
  const auto en = ask({"report", "--card", "880011"});
  EXPECT_EQ(
      en.out,
      "/s/cases.db.before-20260301-100000: the whole former store, put aside at 2026-03-01T10:00:00+09:00 "
      "when a backup was restored; what it holds about people is not told case by case\n"
      "  removed on 2026-04-01\n"
      "/s/cases.db.before-20260302-100000: the whole former store, put aside at 2026-03-02T10:00:00+09:00 "
      "when a backup was restored; what it holds about people is not told case by case\n"
      "  stays until somebody removes it: it holds cases whose issuing has not ended\n"
      "0 cases. Sealed with key aa11.\n");
  EXPECT_THAT(ask({"report", "--lang", "ja"}).out, HasSubstr("  2026-04-01に削除されます"));
}

TEST_F(Privacy, IsAskedOfOneCaseOrOneCard) {
  counter_.server.answer("privacy.report",
                         {{"cases", json::array()}, {"key", "aa11"}, {"former_keys", json::array()}});
  EXPECT_THAT(ask({"report", "--case", "c-1", "--card", "880011"}).out, HasSubstr("Nothing is held."));
  const auto asked = counter_.server.calls("privacy.report").at(0);
  EXPECT_EQ(asked.at("case"), "c-1");
  EXPECT_EQ(asked.at("card"), "880011");
}

TEST_F(Privacy, WhatCouldNotBeSealedAnewKeepsItsKey) {
  counter_.server.answer("privacy.reseal", {{"key", "aa11"}, {"damaged", 0}, {"former_keys", json::array()}});
  EXPECT_THAT(ask({"reseal"}).out, Not(HasSubstr("Damaged")));
  counter_.server.answer("privacy.reseal",
                         {{"key", "aa11"}, {"damaged", 2}, {"former_keys", json::array{"bb22"}}});
  const auto told = ask({"reseal"});
  EXPECT_EQ(told.status, done);
  EXPECT_THAT(told.out, HasSubstr("still need key bb22"));
}

}  // namespace
}  // namespace madoguchi::cli
