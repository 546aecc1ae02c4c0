#include "smartcard/channel.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace madoguchi::smartcard {
namespace {

using base::Bytes;

Bytes hex(std::string_view text) {
  return base::from_hex(text).value();
}

// Answers by a script and remembers what was asked.
class ScriptedCard : public Channel {
 public:
  explicit ScriptedCard(std::initializer_list<const char*> answers)
      : answers_(answers.begin(), answers.end()) {}

  base::Result<Response> transmit(const Command& command) override {
    Bytes sent(command.encoded_size());
    command.encode(sent);
    asked.push_back(base::to_hex(sent));
    if (answers_.empty()) return base::make_fault(base::Code::reader_gone, "the script has ended");
    const auto* const answer = answers_.front();
    if (answers_.size() > 1 || !endless) answers_.pop_front();
    return parse_response(hex(answer));
  }

  std::vector<std::string> asked;
  bool endless = false;  // the last answer comes for ever

 private:
  std::deque<const char*> answers_;
};

using Asked = std::vector<std::string>;

TEST(Exchange, PassesAPlainAnswerOn) {
  ScriptedCard card({"aa6a82"});
  const auto response = exchange(card, Command({0x00, 0xB0, 0, 0}, {}, 4));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->data, hex("aa"));
  EXPECT_EQ(response->status.value, 0x6A82);
  EXPECT_EQ(card.asked, Asked{"00b0000004"});
}

TEST(Exchange, CollectsByGetResponse) {
  ScriptedCard card({"6100", "01026102", "03049000"});
  const auto response = exchange(card, Command({0x80, 0x2A, 0, 0x80}, hex("ff"), 256));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->data, hex("01020304"));
  EXPECT_TRUE(response->status.ok());
  EXPECT_EQ(card.asked, (Asked{"802a008001ff00", "00c0000000", "00c0000002"}));
}

TEST(Exchange, KeepsTheLogicalChannel) {
  const std::pair<std::uint8_t, const char*> classes[] = {
      {0x02, "02c0000001"}, {0x1D, "01c0000001"}, {0x83, "03c0000001"}, {0x6A, "4ac0000001"}};
  for (const auto& [cla, wanted] : classes) {
    ScriptedCard card({"6101", "aa9000"});
    ASSERT_TRUE(exchange(card, Command({cla, 0xCA, 0, 0}, {}, 1)));
    EXPECT_EQ(card.asked.at(1), wanted);
  }
}

TEST(Exchange, CorrectsTheExpectedLengthOnce) {
  ScriptedCard card({"6c05", "01020304059000"});
  const auto response = exchange(card, Command({0x00, 0xB0, 0, 0}, {}, 256));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->data.size(), 5U);
  EXPECT_EQ(card.asked, (Asked{"00b0000000", "00b0000005"}));

  ScriptedCard stubborn({"6c05", "6c06", "9000"});
  EXPECT_EQ(exchange(stubborn, Command({0x00, 0xB0, 0, 0}, {}, 256))->status.value, 0x6C06);
  EXPECT_EQ(stubborn.asked.size(), 2U);
}

TEST(Exchange, CorrectsGetResponseToo) {
  ScriptedCard card({"6110", "6c02", "aabb9000"});
  EXPECT_EQ(exchange(card, Command({0x00, 0xCA, 0, 0}, {}, 256))->data, hex("aabb"));
  EXPECT_EQ(card.asked.back(), "00c0000002");
}

TEST(Exchange, NeverRepeatsASecret) {
  ScriptedCard card({"6c05", "9000"});
  const auto response = exchange(card, Command({0x00, 0x20, 0, 0x80}, base::Secret("1234"), 256));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status.value, 0x6C05);
  EXPECT_EQ(card.asked.size(), 1U);
}

TEST(Exchange, PassesAFaultOn) {
  ScriptedCard at_once({});
  EXPECT_EQ(exchange(at_once, Command({0x00, 0xCA, 0, 0})).error().code, base::Code::reader_gone);
  ScriptedCard later({"6105", "61"});
  EXPECT_EQ(exchange(later, Command({0x00, 0xCA, 0, 0})).error().code, base::Code::card_removed);
}

TEST(Exchange, CutsAnEndlessCardOff) {
  ScriptedCard without_bytes({"6101"});
  without_bytes.endless = true;
  EXPECT_EQ(exchange(without_bytes, Command({0x00, 0xCA, 0, 0})).error().code, base::Code::card_refused);
  EXPECT_EQ(without_bytes.asked.size(), 2U);

  const std::string chunk = base::to_hex(Bytes(256, 0xEE)) + "6100";
  ScriptedCard with_bytes({chunk.c_str()});
  with_bytes.endless = true;
  EXPECT_EQ(exchange(with_bytes, Command({0x00, 0xCA, 0, 0})).error().code, base::Code::card_refused);
  EXPECT_LE(with_bytes.asked.size(), 257U);
}

}  // namespace
}  // namespace madoguchi::smartcard
