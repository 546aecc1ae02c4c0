#include "pins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace madoguchi::cli {
namespace {

class Pins : public ::testing::Test {
 protected:
  Interrupts interrupts_;

  GivenPins::Outcome read(const std::string& text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    auto outcome = GivenPins::read(ends[0], interrupts_);
    ::close(ends[0]);
    return outcome;
  }
};

TEST_F(Pins, AreTakenByNameAndOnlyOnce) {
  auto read_ones = read("authentication=1234\r\n\nsignature=A=B\nnew.signature=NEW123");
  ASSERT_TRUE(read_ones.pins);
  auto& pins = *read_ones.pins;
  EXPECT_EQ(pins.take("authentication")->reveal(), "1234");
  EXPECT_FALSE(pins.take("authentication"));
  auto signature = pins.take("signature");
  EXPECT_EQ(signature->reveal(), "A=B");
  pins.give_back("signature", std::move(*signature));
  EXPECT_EQ(pins.take("signature")->reveal(), "A=B");
  EXPECT_EQ(pins.take("new.signature")->reveal(), "NEW123");
  EXPECT_FALSE(pins.take("resident_register"));
}

TEST_F(Pins, AnEmptyInputGivesNone) {
  auto nothing = read("");
  ASSERT_TRUE(nothing.pins);
  EXPECT_FALSE(nothing.pins->take("signature"));
}

TEST_F(Pins, ABadLineIsNumbered) {
  EXPECT_EQ(read("authentication=1234\n5678\n").bad_line, 2);
  EXPECT_EQ(read("5678").bad_line, 1);
  EXPECT_EQ(read("my pin=1234\n").bad_line, 1);
  EXPECT_EQ(read("signature=A\nsignature=B\n").bad_line, 2);
  EXPECT_EQ(read(std::string(1000, 'x') + "=1\n").bad_line, 1);
}

TEST_F(Pins, AnOverlongOneIsNotCutShort) {
  auto read_ones = read("signature=" + std::string(1000, 'A') + "\n");
  ASSERT_TRUE(read_ones.pins);
  EXPECT_TRUE(read_ones.pins->take("signature")->overlong());
}

TEST_F(Pins, CtrlCEndsTheReading) {
  ASSERT_EQ(::raise(SIGINT), 0);
  const auto outcome = read("signature=A\n");
  EXPECT_FALSE(outcome.pins);
  EXPECT_EQ(outcome.bad_line, 0);
}

}  // namespace
}  // namespace madoguchi::cli
