// The command at a pseudo-terminal, as a clerk sits before it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Clerk : public ::testing::Test {
 protected:
  FakeCounter counter_;
  std::vector<std::string> command(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"renew", "--birth-date", "1980-07-07", "--office", "main"});
    return counter_.arguments(more);
  }
};

TEST_F(Clerk, TypesPinsThatAreNotShown) {
  AtTerminal clerk(command());
  for (const auto& [prompt, pin] : {std::pair("PIN for the resident register (not shown", "9876\r"),
                                    {"PIN for the authentication certificate (not shown", "1234\r"},
                                    {"PIN for the signature certificate (not shown", "ABC123\r"}}) {
    ASSERT_TRUE(clerk.shows(prompt)) << clerk.screen;
    ASSERT_TRUE(clerk.shows("stops): "));
    EXPECT_FALSE(clerk.echoes());
    clerk.type(pin);
  }
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  for (const char* pin : {"9876", "1234", "ABC123"}) EXPECT_THAT(clerk.screen, Not(HasSubstr(pin)));
}

TEST_F(Clerk, SeesTheTriesBeforeEachPromptAndMayTryAgain) {
  counter_.required = {"authentication"};
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("PIN for the authentication certificate: 3 tries left"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("0000\r");
  ASSERT_TRUE(clerk.shows("english:pin.wrong"));
  ASSERT_TRUE(clerk.shows("PIN for the authentication certificate: 2 tries left"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("12\r");
  ASSERT_TRUE(clerk.shows("english:pin.malformed"));
  ASSERT_TRUE(clerk.shows("2 tries left"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type(
      "12x\x7f"
      "34\r");  // a typing error, corrected
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").back().at("expected_tries_left"), 2);
}

TEST_F(Clerk, IsAskedBeforeTheLastTry) {
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 2;
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("0000\r");
  ASSERT_TRUE(clerk.shows("the last try"));
  ASSERT_TRUE(clerk.shows("Type yes to go on: "));
  EXPECT_TRUE(clerk.echoes());
  clerk.type("yes\r");
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("1234\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").back().at("accept_last_try"), true);
}

TEST_F(Clerk, MayKeepTheLastTry) {
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 1;
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("Type yes to go on: "));
  clerk.type("no\r");
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, HasSubstr("nothing was sent to the card"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Clerk, LocksThePinKnowingly) {
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 1;
  AtTerminal clerk(command({"--accept-last-try"}));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("0000\r");
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, HasSubstr("[pin.locked]"));
  EXPECT_THAT(clerk.screen, HasSubstr("cases resume c-1"));
}

TEST_F(Clerk, SetsANewPinTwice) {
  counter_.required = {"signature"};
  counter_.resets = {"signature"};
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("Enter the new PIN"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("FRESH1\r");
  ASSERT_TRUE(clerk.shows("again: "));
  clerk.type("FRESH2\r");
  ASSERT_TRUE(clerk.shows("The two entries differ"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("FRESH1\r");
  ASSERT_TRUE(clerk.shows("again: "));
  EXPECT_THAT(counter_.server.calls("cases.reset_pin"), IsEmpty());
  clerk.type("FRESH1\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_THAT(clerk.screen, Not(HasSubstr("FRESH")));
}

TEST_F(Clerk, SetsANewPinForOneThatIsLockedWhileTheCaseIsUnderWay) {
  counter_.required = {"authentication"};
  counter_.state = "issuing";
  counter_.pins["authentication"].tries = 1;
  AtTerminal clerk(counter_.arguments({"cases", "resume", "c-1", "--staff", "sato", "--accept-last-try"}));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("0000\r");
  ASSERT_TRUE(clerk.shows("was locked after the issuing began"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("4321\r");
  ASSERT_TRUE(clerk.shows("again: "));
  clerk.type("4321\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.reset_pin").size(), 1U);
}

TEST_F(Clerk, StopsWithEnterAlone) {
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, HasSubstr("Stopped at the PIN"));
  EXPECT_THAT(clerk.screen, HasSubstr("cases resume c-1"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Clerk, StopsWithCtrlCAndTheTerminalIsAsBefore) {
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("stops): "));
  EXPECT_FALSE(clerk.echoes());
  clerk.type("98\x03");
  EXPECT_TRUE(clerk.shows("cases resume c-1"));
  EXPECT_TRUE(clerk.echoes());
  EXPECT_EQ(clerk.wait(), interrupted);
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Clerk, MayCorrectWhatTheDaemonCannotUse) {
  counter_.required = {};
  counter_.answers_to_open = {
      {{"pointer", "/office"}, {"expected", "one of main, east"}},
      {{"pointer", "/facts/holder/birth_date"}, {"expected", "a date that exists, YYYY-MM-DD"}},
      {{"pointer", "/card/expires_on"}, {"expected", "a date, YYYY-MM-DD (required)"}}};
  AtTerminal clerk(counter_.arguments({"renew", "--office", "mian", "--birth-date", "1980/7/7"}));
  ASSERT_TRUE(clerk.shows("There is no such office. There are: main, east"));
  ASSERT_TRUE(clerk.shows("Office (its id in the policy): "));
  clerk.type("main\r");
  ASSERT_TRUE(clerk.shows("no date in the form YYYY-MM-DD"));
  ASSERT_TRUE(clerk.shows("date of birth (YYYY-MM-DD): "));
  clerk.type("1980-07-07\r");
  ASSERT_TRUE(clerk.shows("The card does not tell its last day."));
  ASSERT_TRUE(clerk.shows("as printed on it (YYYY-MM-DD): "));
  clerk.type("2031-07-07\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.open").back().at("facts"),
            (json::object{{"office", "main"},
                          {"holder", {{"birth_date", "1980-07-07"}}},
                          {"card", {{"expires_on", "2031-07-07"}}}}));
}

TEST_F(Clerk, IsAskedForTheReasonWhereItIsLeftToThem) {
  counter_.required = {};
  const json::object late{{"code", "office.after_last_reception"},
                          {"severity", "override"},
                          {"message", {{"ja", "最終受付後です"}, {"en", "After the last reception"}}}};
  counter_.left_to_the_clerk = {
      {"needs", "override_reason"},
      {"decision", {{"outcome", "complete_today"}, {"findings", json::array{late}}}},
      {"ja", "理由を入力してください"},
      {"en", "give the reason"}};
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("[at the clerk's discretion] After the last reception"));
  ASSERT_TRUE(clerk.shows("The reason, for the record (Enter alone stops): "));
  clerk.type("was in the queue\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(counter_.server.calls("cases.open").back().at("override_reason"), "was in the queue");

  AtTerminal other(command());
  ASSERT_TRUE(other.shows("(Enter alone stops): "));
  other.type("\r");
  EXPECT_EQ(other.wait(), not_today);
  EXPECT_THAT(other.screen, HasSubstr("give the reason"));
  EXPECT_THAT(other.screen, HasSubstr("--override-reason"));
  EXPECT_THAT(other.screen, HasSubstr("If it is not done today:"));
  EXPECT_THAT(other.screen, HasSubstr("  - your My Number Card"));
}

TEST_F(Clerk, WhoGivesNoBetterAnswerGetsTheRefusal) {
  counter_.answers_to_open = {{{"pointer", "/office"}, {"expected", "one of main"}}};
  AtTerminal clerk(command());
  ASSERT_TRUE(clerk.shows("Office (its id in the policy): "));
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), refused);
  EXPECT_THAT(clerk.screen, HasSubstr("[invalid_params]"));
}

TEST_F(Clerk, IsAskedWhatOnlyTheyKnow) {
  counter_.required = {};
  counter_.server.answer("readers.list", {{"readers",
                                           {{{"name", "A"}, {"state", "present"}},
                                            {{"name", "B"}, {"state", "empty"}},
                                            {{"name", "C"}, {"state", "present"}}}}});
  AtTerminal clerk(counter_.arguments({"renew"}));
  ASSERT_TRUE(clerk.shows("2: C"));
  ASSERT_TRUE(clerk.shows("Number: "));
  clerk.type("3\r");
  ASSERT_TRUE(clerk.shows("Number: "));
  clerk.type("2\r");
  ASSERT_TRUE(clerk.shows("Office"));
  clerk.type("main\r");
  ASSERT_TRUE(clerk.shows("date of birth"));
  clerk.type("1980-07-07\r");
  EXPECT_TRUE(clerk.shows("Case c-1: completed"));
  EXPECT_EQ(clerk.wait(), done);
  const auto opened = counter_.server.calls("cases.open").at(0);
  EXPECT_EQ(opened.at("reader"), "C");
  EXPECT_EQ(opened.at("facts"),
            (json::object{{"office", "main"}, {"holder", {{"birth_date", "1980-07-07"}}}}));
}

}  // namespace
}  // namespace madoguchi::cli
