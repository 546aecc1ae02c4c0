// PINs entered at the reader's own keys: the same guards as for those that are typed.
#include <gtest/gtest.h>

#include "mynumber/card.hpp"
#include "smartcard/pin_pad.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using base::Code;

constexpr std::chrono::seconds longest{20};

// A scripted card on a reader with keys, at which one thing happens.
class WithPad final : public smartcard::Channel, private smartcard::PinPad {
 public:
  explicit WithPad(std::uint16_t word) : word_(word) {}
  base::Result<smartcard::Response> transmit(const smartcard::Command& command) override {
    return card.transmit(command);
  }
  smartcard::PinPad* pin_pad() override { return this; }

  testing::ScriptedCard card;
  std::vector<smartcard::PadEntry> asked;

 private:
  base::Result<smartcard::Response> verify(const smartcard::PadEntry& entry) override {
    asked.push_back(entry);
    if (word_ == 0) return base::make_fault(Code::card_removed, "pulled");
    return smartcard::Response{{}, {word_}};
  }
  std::uint16_t word_;
};

constexpr const char* select_jpki = "00A4 040C 0A D392F000260100000001";

base::Result<int> verify(WithPad& reader, CardState& state, const char* count = "63C3",
                         VerifyGuards guards = {}) {
  reader.card.expect(select_jpki, "9000").expect("00A4 020C 02 0018", "9000").expect("00200080", count);
  return verify_pin_on_pad(reader, state, genuine(), PinName::authentication, guards, longest);
}

TEST(Pad, verifies_in_the_same_job_as_the_tries_are_read) {
  WithPad reader(0x9000);
  CardState state;
  const auto tries = verify(reader, state);
  ASSERT_TRUE(tries);
  EXPECT_EQ(*tries, 3);
  EXPECT_TRUE(state.is_verified(PinName::authentication));
  ASSERT_EQ(reader.asked.size(), 1U);
  const auto& entry = reader.asked.front();
  EXPECT_EQ(entry.verify.ins, 0x20);
  EXPECT_EQ(entry.verify.p2, 0x80);
  EXPECT_EQ(entry.min_length, 4);
  EXPECT_EQ(entry.max_length, 4);
  EXPECT_EQ(entry.longest, longest);
}

TEST(Pad, is_not_even_asked_when_a_guard_refuses) {
  const struct {
    const char* count;
    VerifyGuards guards;
    Code code;
  } rows[] = {{"63C1", {}, Code::pin_last_try},
              {"63C2", {3, false}, Code::pin_tries_changed},
              {"63C0", {}, Code::pin_locked}};
  for (const auto& row : rows) {
    WithPad reader(0x9000);
    CardState state;
    const auto refused = verify(reader, state, row.count, row.guards);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, row.code);
    EXPECT_TRUE(reader.asked.empty());
  }
  WithPad reader(0x9000);
  CardState state;
  EXPECT_TRUE(verify(reader, state, "63C1", {{}, true}));
}

TEST(Pad, tells_what_the_card_and_what_the_reader_says) {
  const struct {
    std::uint16_t word;
    Code code;
    bool right_kept;  // nothing was sent
  } rows[] = {{0x63C2, Code::pin_wrong, false},    {0x63C0, Code::pin_locked, false},
              {0x6984, Code::pin_locked, false},   {0x6982, Code::card_refused, false},
              {0x6400, Code::pin_timeout, true},   {0x6401, Code::pin_cancelled, true},
              {0x6403, Code::pin_malformed, true}, {0x6B80, Code::conflict, true},
              {0, Code::card_removed, false}};
  for (const auto& row : rows) {
    WithPad reader(row.word);
    CardState state;
    state.verified.set();
    // Selecting the application takes the rights; those in the current one stay.
    state.current = Application::jpki;
    reader.card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C3");
    const auto refused = verify_pin_on_pad(reader, state, genuine(), PinName::authentication, {}, longest);
    ASSERT_FALSE(refused) << row.word;
    EXPECT_EQ(refused.error().code, row.code) << row.word;
    EXPECT_EQ(state.is_verified(PinName::authentication), row.right_kept) << row.word;
  }
  WithPad reader(0x63C2);
  CardState state;
  EXPECT_EQ(verify(reader, state).error().details.at("tries_left"), 2);
}

TEST(Pad, is_of_no_use_for_letters_and_absent_from_most_readers) {
  WithPad reader(0x9000);
  CardState state;
  const auto letters = verify_pin_on_pad(reader, state, genuine(), PinName::signature, {}, longest);
  ASSERT_FALSE(letters);
  EXPECT_EQ(letters.error().code, Code::conflict);
  EXPECT_TRUE(reader.asked.empty());
  testing::ScriptedCard plain;
  const auto none = verify_pin_on_pad(plain, state, genuine(), PinName::authentication, {}, longest);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::conflict);
  EXPECT_EQ(none.error().details.at("cannot"), "pinpad");
}

}  // namespace
}  // namespace madoguchi::mynumber
