// At a counter whose certificates the official terminal issues: PINs alone are set anew there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PinsAtOfficialTerminal : public ::testing::Test {
 protected:
  PinsAtOfficialTerminal() {
    counter_.channel = "terminal";
    counter_.required = {};
    counter_.resets = {"authentication"};
    counter_.facts = {{"purpose", "pin_reset"}};
    counter_.outcomes = {{"authentication", "forgotten"}};
  }

  FakeCounter counter_;

  std::vector<std::string> renewing(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"renew", "--birth-date", "1980-07-07", "--office", "main", "--pins-only",
                               "--forgotten", "authentication"});
    return counter_.arguments(std::move(more));
  }
  std::vector<std::string> going_on(std::vector<std::string> more) {
    more.insert(more.begin(), {"cases", "resume", "c-1"});
    return counter_.arguments(std::move(more));
  }
};

TEST_F(PinsAtOfficialTerminal, AreGuidedThroughForAScriptWhichIsToldHowToGoOn) {
  const auto ran = run(renewing({"--pin-stdin"}), "new.authentication=4321\n");
  EXPECT_EQ(ran.status, unfinished) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("1. Have the official terminal read the card."),
                             HasSubstr("2. Initialise the PIN for the authentication certificate"),
                             HasSubstr("3. Make sure on the official terminal's screen")));
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --set-anew authentication"));
  EXPECT_THAT(counter_.server.calls("cases.reset_pin"), IsEmpty());
  EXPECT_EQ(run(renewing(), "").status, unfinished) << "nobody is there to be asked either";
  EXPECT_EQ(json::parse(run(renewing({"--pin-stdin", "--json"}), "").out).at("id"), "c-1");
}

TEST_F(PinsAtOfficialTerminal, AreSaidToBeSetAnewOnceTheyAre) {
  const auto ran = run(going_on({"--set-anew", "authentication", "--pin-stdin"}), "");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("authentication certificate: recorded as set anew"),
                             HasSubstr("The PINs are set anew."), Not(HasSubstr("1. Have"))));
  const auto recorded = counter_.server.calls("cases.record_pin").at(0);
  EXPECT_EQ(recorded.at("outcome"), "reset");
  EXPECT_FALSE(recorded.contains("value"));
}

TEST_F(PinsAtOfficialTerminal, AreAskedForOfTheClerkBehindTheSteps) {
  AtTerminal clerk(renewing({"--lang", "ja"}));
  ASSERT_TRUE(clerk.shows("1. カードを統合端末で読み取らせてください")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("2. 統合端末で利用者証明用電子証明書の暗証番号を初期化し")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("利用者証明用電子証明書の暗証番号の結果")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("番号: "));
  clerk.type("5\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(counter_.server.calls("cases.record_pin").size(), 1U);
}

TEST_F(PinsAtOfficialTerminal, AProxysAreSetByTheStaff) {
  counter_.facts["visitor"] = json::object{{"role", "proxy"}};
  EXPECT_THAT(run(renewing({"--pin-stdin"}), "").out, HasSubstr("that the holder wrote on the reply form"));
}

TEST_F(PinsAtOfficialTerminal, WhereThereIsNoneNothingIsRecorded) {
  counter_.channel.clear();
  // Gone on with, it would be set on the card here, and the case completed.
  const auto ran =
      run(going_on({"--set-anew", "authentication", "--pin-stdin"}), "new.authentication=4321\n");
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("english:conflict [conflict]"));
  EXPECT_EQ(counter_.server.calls("cases.record_pin").size(), 1U);
  EXPECT_THAT(counter_.server.calls("cases.reset_pin"), IsEmpty());
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
}

}  // namespace
}  // namespace madoguchi::cli
