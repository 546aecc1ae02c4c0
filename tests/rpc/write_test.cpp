#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <limits>

#include "base/code_book.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;
using namespace std::string_literals;

std::string written(const json::value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

TEST(Write, GivesBackWhatWasRead) {
  for (const auto* text :
       {"null", "true", "false", "0", "-9223372036854775808", "18446744073709551615", "1.5", "1e+22", "\"\"",
        "\"窓口🃏\"", "[]", "{}", R"({"a":[1,{"b":"\"\\\n\r\t\u0000\u001f"},[[]]],"c":{}})"}) {
    const auto value = json::parse(text);
    EXPECT_EQ(json::parse(written(value)), value) << text;
    EXPECT_EQ(written(value).find('\n'), std::string::npos);
  }
}

TEST(Write, HasNoWordForNumbersThatJsonDoesNotKnow) {
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "null");
}

// A reader's name comes from its firmware: whatever it says, the line stays UTF-8.
TEST(Write, PutsTheReplacementCharacterForBytesThatAreNotUtf8) {
  const auto text = [](std::string_view bytes) {
    std::string out;
    append_text(out, bytes);
    return out;
  };
  EXPECT_EQ(text("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(text("\xE7\xAA"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(text("\xC0\xAF"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(text("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(text("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(text("\xF4\x8F\xBF\xBF\xE7\xAA\x93é"), "\"\xF4\x8F\xBF\xBF窓é\"");
  EXPECT_EQ(text("\x7F\x01\0"s), "\"\x7F\\u0001\\u0000\"");
}

TEST(Write, ResultCarriesTheIdAsItCame) {
  std::string out;
  append_result(out, std::int64_t{-7}, {{"a", 1}});
  append_result(out, "x\"", nullptr);
  append_result(out, nullptr, "");
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":-7,"result":{"a":1}})"
                 R"({"jsonrpc":"2.0","id":"x\"","result":null})"
                 R"({"jsonrpc":"2.0","id":null,"result":""})");
}

class EveryCode : public testing::TestWithParam<base::CodeEntry> {};

// S8: the shape and the names that programs test never drift.
TEST_P(EveryCode, S8IsWrittenAsTheContractSays) {
  const auto& entry = GetParam();
  std::string out;
  append_fault(
      out, std::int64_t{1},
      base::make_fault(entry.code, "for the log", {{"tries_left", 2}, {"case", "C-1"}, {"pointer", "/a"}}));
  EXPECT_EQ(out.find("for the log"), std::string::npos);
  const json::value expected{{"jsonrpc", "2.0"},
                             {"id", 1},
                             {"error",
                              {{"code", entry.number},
                               {"message", entry.en},
                               {"data",
                                {{"reason", entry.reason},
                                 {"ja", entry.ja},
                                 {"en", entry.en},
                                 {"retryable", entry.retry != base::Retry::never},
                                 {"case", "C-1"},
                                 {"details", {{"tries_left", 2}, {"pointer", "/a"}}}}}}}};
  EXPECT_EQ(json::parse(out), expected);
  EXPECT_EQ(entry.en.find('\n'), std::string_view::npos);
}
INSTANTIATE_TEST_SUITE_P(Write, EveryCode,
                         testing::ValuesIn(base::code_book().begin(), base::code_book().end()),
                         [](const auto& row) {
                           std::string name(row.param.reason);
                           for (auto& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

// A plugin, or a rule, knows better than the code book what is in the way.
TEST(Write, TellsPeopleTheWordsOfTheRefusalItself) {
  std::string out;
  append_fault(
      out, std::int64_t{1},
      base::make_fault(base::Code::conflict, {},
                       {{"plugin", "queue-board"}, {"ja", "受付は終了しました。"}, {"en", "Closed."}}));
  const auto error = json::parse(out).at("error").as_object();
  const auto& data = error.at("data").as_object();
  EXPECT_EQ(data.at("ja"), "受付は終了しました。");
  EXPECT_EQ(data.at("en"), "Closed.");
  EXPECT_EQ(error.at("message"), json::string(base::entry(base::Code::conflict).en));
  EXPECT_EQ(data.at("details").at("en"), "Closed.") << "for those who look there";
  out.clear();
  append_fault(out, std::int64_t{1},
               base::make_fault(base::Code::conflict, {}, {{"ja", 7}, {"en", "Closed."}}));
  EXPECT_EQ(json::parse(out).at("error").at("data").at("en"),
            json::string(base::entry(base::Code::conflict).en));
}

TEST(Write, LeavesOutDetailsThatAreNotThere) {
  std::string out;
  append_fault(out, {}, base::make_fault(base::Code::conflict, {}, {{"case", "C-1"}}));
  const auto data = json::parse(out).at("error").at("data").as_object();
  EXPECT_EQ(data.at("case"), "C-1");
  EXPECT_FALSE(data.contains("details"));
  EXPECT_TRUE(json::parse(out).at("id").is_null());
}

}  // namespace
}  // namespace madoguchi::rpc
