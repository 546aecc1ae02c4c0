// A reader with keys of its own: PINs of digits are entered there, and only the one with letters is typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AtKeys : public ::testing::Test {
 protected:
  FakeCounter counter_;
  std::vector<std::string> command(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"renew", "--birth-date", "1980-07-07", "--office", "main"});
    return counter_.arguments(more);
  }
  // Beyond the question, which is answered.
  static void begin(AtTerminal& clerk, const std::string& answer = "") {
    ASSERT_TRUE(clerk.shows("card reader's keypad. Enter when")) << clerk.screen;
    ASSERT_TRUE(clerk.shows("q stops): ")) << clerk.screen;
    clerk.type(answer + "\r");
  }
};

TEST_F(AtKeys, DigitsAreEnteredThereAndLettersAreTyped) {
  counter_.at_keys = {{"9876", "1234"}};
  AtTerminal clerk(command());
  begin(clerk);
  ASSERT_TRUE(clerk.shows("Now enter the PIN for the resident register at the card reader's keypad"))
      << clerk.screen;
  ASSERT_TRUE(clerk.shows("PIN for the resident register: right")) << clerk.screen;
  begin(clerk);
  ASSERT_TRUE(clerk.shows("PIN for the authentication certificate: right")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("Enter the PIN for the signature certificate (not shown")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("ABC123\r");
  ASSERT_TRUE(clerk.shows("Case c-1: completed")) << clerk.screen;
  EXPECT_EQ(clerk.wait(), done);
  const auto calls = counter_.server.calls("cases.verify_pin");
  ASSERT_EQ(calls.size(), 3U);
  for (std::size_t i : {0U, 1U}) {
    EXPECT_EQ(calls[i].at("entry"), "pinpad");
    EXPECT_EQ(calls[i].at("expected_tries_left"), 3);
    EXPECT_FALSE(calls[i].contains("value"));
  }
  EXPECT_EQ(calls[2].at("value"), "ABC123");
  EXPECT_FALSE(calls[2].contains("entry"));
}

TEST_F(AtKeys, WhatComesToNothingThereIsTriedAnew) {
  counter_.required = {"authentication"};
  counter_.at_keys = {{"pin.timeout", "pin.cancelled", "pin.malformed", "0000", "1234"}};
  AtTerminal clerk(command());
  for (const char* reason : {"pin.timeout", "pin.cancelled", "pin.malformed"}) {
    ASSERT_TRUE(clerk.shows("authentication certificate: 3 tries left")) << clerk.screen;
    begin(clerk);
    ASSERT_TRUE(clerk.shows(std::string("english:") + reason)) << clerk.screen;
  }
  begin(clerk);
  ASSERT_TRUE(clerk.shows("english:pin.wrong")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("2 tries left")) << clerk.screen;
  begin(clerk);
  ASSERT_TRUE(clerk.shows("Case c-1: completed")) << clerk.screen;
  EXPECT_EQ(clerk.wait(), done);
}

TEST_F(AtKeys, TheLastTryIsAgreedToBeforeTheyWait) {
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 1;
  counter_.at_keys = {{"1234"}};
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("Type yes to go on: ")) << clerk.screen;
  clerk.type("yes\r");
  begin(clerk);
  ASSERT_TRUE(clerk.shows("Case c-1: completed")) << clerk.screen;
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").at(0).at("accept_last_try"), true);
}

TEST_F(AtKeys, TheClerkMayStopBeforeTheyWait) {
  counter_.at_keys.emplace();
  AtTerminal clerk(command());
  begin(clerk, "q");
  ASSERT_TRUE(clerk.shows("nothing was sent to the card")) << clerk.screen;
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, HasSubstr("cases resume c-1"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(AtKeys, AForgottenOneIsSaidInsteadOfBegun) {
  counter_.at_keys.emplace();
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("? if it is forgotten; q stops): ")) << clerk.screen;
  clerk.type("?\r");
  ASSERT_TRUE(clerk.shows("Decision:")) << clerk.screen;
  begin(clerk, "q");
  EXPECT_EQ(clerk.wait(), person_needed);
  const auto told = counter_.server.calls("cases.update").at(0).at("facts").as_object();
  EXPECT_EQ(told.at("pins").at("resident_register"), "forgotten");
}

TEST_F(AtKeys, AScriptIsToldThatItsPinsAreNotTaken) {
  counter_.at_keys.emplace();
  const auto ran =
      run(command({"--pin-stdin"}), "authentication=1234\nsignature=ABC123\nresident_register=9876\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("english:conflict"));
  EXPECT_THAT(ran.err, HasSubstr("Add --pin-pad"));
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").size(), 1U);
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("9876")));
}

TEST_F(AtKeys, AScriptLetsTheHolderEnterThemThere) {
  counter_.at_keys = {{"9876", "1234"}};
  const auto ran = run(command({"--pin-stdin", "--pin-pad"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Now enter the PIN for the authentication certificate at the card reader"));
  const auto calls = counter_.server.calls("cases.verify_pin");
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[1].at("entry"), "pinpad");
  EXPECT_EQ(calls[2].at("value"), "ABC123");
}

TEST_F(AtKeys, AScriptDoesNotWaitForEver) {
  counter_.at_keys = {{"pin.timeout", "1234"}};
  for (const bool with_pins : {true, false}) {
    auto words = std::vector<std::string>{"--pin-pad"};
    if (with_pins) words.emplace_back("--pin-stdin");
    counter_.at_keys = {{"pin.timeout", "1234"}};
    const auto before = counter_.server.calls("cases.verify_pin").size();
    const auto ran = run(command(words), "signature=ABC123\n");
    EXPECT_EQ(ran.status, person_needed);
    EXPECT_THAT(ran.err, HasSubstr("english:pin.timeout"));
    EXPECT_EQ(counter_.server.calls("cases.verify_pin").size() - before, 1U) << "once, and no more";
  }
}

}  // namespace
}  // namespace madoguchi::cli
