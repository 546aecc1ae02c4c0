#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "rpc/codec.hpp"

namespace madoguchi::rpc {
namespace {

namespace json = boost::json;

struct Read {
  json::value message;
  Request request;
  base::Result<void> result;
};

Read read(std::string_view text) {
  Read read{json::parse(text), {}, {}};
  read.result = read_request(read.message, read.request);
  return read;
}

TEST(Message, TakesIdsThatCanBeGivenBackExactly) {
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"a","id":9223372036854775807})").request.id,
            Id(std::int64_t{9223372036854775807}));
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"a","id":-1})").request.id, Id(std::int64_t{-1}));
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"a","id":"é"})").request.id, Id(std::string("é")));
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"a","id":null})").request.id, Id(nullptr));
  EXPECT_TRUE(absent(read(R"({"jsonrpc":"2.0","method":"a"})").request.id));
}

TEST(Message, RefusesOtherIds) {
  for (const auto* id : {"1.5", "1.0", "1e2", "9223372036854775808", "true", "{}", "[1]"}) {
    const auto one = read(R"({"jsonrpc":"2.0","method":"a","id":)" + std::string(id) + "}");
    ASSERT_FALSE(one.result) << id;
    EXPECT_EQ(one.result.error().code, base::Code::invalid_request) << id;
    EXPECT_EQ(one.request.id, Id(nullptr)) << id;
  }
}

TEST(Message, WantsVersionAndMethod) {
  for (const auto* text :
       {R"({})", R"({"method":"a"})", R"({"jsonrpc":2.0,"method":"a"})", R"({"jsonrpc":"1.0","method":"a"})",
        R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"2.0","method":1})", R"(1)", R"("a")", R"(null)",
        R"({"jsonrpc":"2.0","method":"a","params":"b"})",
        R"({"jsonrpc":"2.0","method":"a","params":null})"}) {
    const auto one = read(text);
    ASSERT_FALSE(one.result) << text;
    EXPECT_EQ(one.result.error().code, base::Code::invalid_request) << text;
    EXPECT_EQ(one.request.id, Id(nullptr)) << text;
  }
}

TEST(Message, KeepsTheIdOfARequestThatIsWrongElsewhere) {
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":5})").request.id, Id(std::int64_t{5}));
}

TEST(Message, WantsParametersByName) {
  const auto one = read(R"({"jsonrpc":"2.0","method":"subtract","params":[42,23],"id":1})");
  ASSERT_FALSE(one.result);
  EXPECT_EQ(one.result.error().code, base::Code::invalid_params);
  EXPECT_EQ(one.request.id, Id(std::int64_t{1}));
}

TEST(Message, HasParametersAlways) {
  const auto without = read(R"({"jsonrpc":"2.0","method":"a","id":1})");
  ASSERT_TRUE(without.result);
  EXPECT_TRUE(without.request.params->empty());
  const auto with = read(R"({"jsonrpc":"2.0","method":"a","id":1,"params":{"b":2}})");
  ASSERT_TRUE(with.result);
  EXPECT_EQ(with.request.params->at("b"), 2);
}

}  // namespace
}  // namespace madoguchi::rpc
