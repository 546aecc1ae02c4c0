#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

using namespace std::string_literals;

// What the parser makes of a text, as text again; or the problem that it names.
std::string outcome(std::string_view text) {
  Scratch memory;
  const auto value = parse(text, memory);
  if (value) return boost::json::serialize(**value);
  EXPECT_EQ(value.error().code, base::Code::parse_error);
  EXPECT_TRUE(value.error().details.at("offset").is_int64() ||
              value.error().details.at("offset").is_uint64());
  return "! " + std::string(value.error().details.at("problem").as_string());
}

struct Row {
  std::string text;
  std::string outcome;
};

class Accepted : public testing::TestWithParam<Row> {};
class Refused : public testing::TestWithParam<Row> {};

TEST_P(Accepted, IsReadAsItIs) {
  EXPECT_EQ(outcome(GetParam().text), GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(
    Parse, Accepted,
    testing::Values(
        Row{"{}", "{}"}, Row{" [ ] ", "[]"}, Row{"{\"a\":1}\r", "{\"a\":1}"},
        Row{R"({"a":{"a":{"a":1}},"b":[1,[2,{"a":3}],4]})", R"({"a":{"a":{"a":1}},"b":[1,[2,{"a":3}],4]})"},
        Row{R"(["\u7a93\u53e3","窓口","\ud83c\udccf","\"\\\/\b\f\n\r\t"])",
            R"(["窓口","窓口","🃏","\"\\/\b\f\n\r\t"])"},
        Row{R"({"\u0061":1,"b":2})", R"({"a":1,"b":2})"}, Row{R"(["a\u0000b"])", R"(["a\u0000b"])"},
        Row{"[9223372036854775807,-9223372036854775808,18446744073709551615]",
            "[9223372036854775807,-9223372036854775808,18446744073709551615]"},
        Row{"[0,-1,true,false,null,\"\"]", "[0,-1,true,false,null,\"\"]"}, Row{"[1.5]", "[1.5E0]"}));

TEST_P(Refused, IsNotReadAtAll) {
  EXPECT_THAT(outcome(GetParam().text), testing::StartsWith("! " + GetParam().outcome)) << GetParam().text;
}

// S7: what other parsers read differently is not read at all.
INSTANTIATE_TEST_SUITE_P(
    S7Parse, Refused,
    testing::Values(Row{R"({"a":1,"a":2})", "a key stands twice"},
                    Row{R"({"x":{"a":1,"b":2,"a":1}})", "a key stands twice"},
                    Row{R"({"a":1,"\u0061":2})", "a key stands twice"},
                    Row{R"({"":1,"":1})", "a key stands twice"}, Row{"[1e400]", "a number is too large"},
                    Row{"[-1e400]", "a number is too large"},
                    Row{"[18446744073709551616]", "an integer has more"},
                    Row{"[-9223372036854775809]", "an integer has more"}, Row{"[NaN]", ""},
                    Row{"[Infinity]", ""}, Row{"[01]", ""}, Row{"[+1]", ""}, Row{"[1.]", ""},
                    Row{"{'a':1}", ""}, Row{"[1,]", ""}, Row{"{\"a\":1,}", ""}, Row{"// c\n[]", ""},
                    Row{"[] []", "something follows"}, Row{"{}x", ""}, Row{"[", ""}, Row{"{\"a\"", ""},
                    Row{"\"a", ""}, Row{"", ""}, Row{" ", ""}, Row{"\xEF\xBB\xBF{}", ""}));

INSTANTIATE_TEST_SUITE_P(S7Utf8, Refused,
                         testing::Values(Row{"[\"\xFF\"]", ""}, Row{"[\"\xC0\xAF\"]", ""},
                                         Row{"[\"\xE0\x80\xAF\"]", ""}, Row{"[\"\xED\xA0\x80\"]", ""},
                                         Row{"[\"\xF5\x80\x80\x80\"]", ""}, Row{"[\"\xE7\xAA\"]", ""},
                                         Row{"{\"\x80\":1}", ""}, Row{R"(["\ud800"])", ""},
                                         Row{R"(["\udc00\ud800"])", ""}, Row{"[\"a\nb\"]", ""},
                                         Row{"[\"a\0b\"]"s, ""}, Row{"[1\0]"s, ""}));

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

TEST(Parse, TakesThirtyTwoLevelsAndNoMore) {
  EXPECT_EQ(outcome(nested(base::deepest_json, '[', ']')), nested(base::deepest_json, '[', ']'));
  EXPECT_THAT(outcome(nested(base::deepest_json + 1, '[', ']')), testing::StartsWith("!"));
  EXPECT_THAT(outcome(nested(500'000, '[', ']')), testing::StartsWith("!"));
  std::string objects;
  for (std::size_t i = 0; i < base::deepest_json; ++i) objects += "{\"a\":";
  EXPECT_THAT(outcome(objects + "[]" + std::string(base::deepest_json, '}')), testing::StartsWith("!"));
  EXPECT_EQ(outcome(objects + "1" + std::string(base::deepest_json, '}')),
            objects + "1" + std::string(base::deepest_json, '}'));
}

TEST(Parse, BoundsHowManyValuesThereAre) {
  const auto array = [](std::size_t elements) {
    std::string text = "[0";
    for (std::size_t i = 1; i < elements; ++i) text += ",0";
    return text + "]";
  };
  EXPECT_EQ(outcome(array(base::most_json_values - 1)), array(base::most_json_values - 1));
  EXPECT_THAT(outcome(array(base::most_json_values)), testing::StartsWith("! there are too many values"));
}

TEST(Parse, ReadsLongTextsWithEscapesWhole) {
  std::string text;
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    text += "\\u3042b";
    expected += "あb";
  }
  Scratch memory;
  const auto value = parse("{\"" + text + "\":\"" + text + "\"}", memory);
  ASSERT_TRUE(value);
  const auto& object = (*value)->get_object();
  ASSERT_EQ(object.size(), 1U);
  EXPECT_EQ(object.begin()->key(), expected);
  EXPECT_EQ(object.begin()->value().as_string(), expected);
}

// A text of any kind either is a value or a complaint with a place within it.
TEST(Parse, EndsOnEveryPrefixOfAMessage) {
  const std::string message =
      R"({"jsonrpc":"2.0","id":"é","method":"cases.open","params":{"facts":{"a":[1,-2.5e3,true,null,"\ud83c\udccf"]}}})";
  for (std::size_t size = 0; size < message.size(); ++size) {
    Scratch memory;
    const auto value = parse(std::string_view(message).substr(0, size), memory);
    ASSERT_FALSE(value) << size;
    EXPECT_LE(value.error().details.at("offset").to_number<std::size_t>(), size);
  }
}

TEST(Parse, NeverRepeatsTheTextInItsComplaint) {
  for (const auto* text :
       {R"({"pin":"1357","pin":"1357"})", R"({"pin":"1357)", R"({"pin":1357e999})", "1357 1357"}) {
    Scratch memory;
    const auto value = parse(text, memory);
    ASSERT_FALSE(value) << text;
    EXPECT_THAT(boost::json::serialize(value.error().details), testing::Not(testing::HasSubstr("1357")));
    EXPECT_THAT(value.error().inner, testing::Not(testing::HasSubstr("1357")));
  }
}

}  // namespace
}  // namespace madoguchi::rpc
