// The look-up of the last days at the counter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using client::FakeServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Expiry : public ::testing::Test {
 protected:
  FakeCounter counter_;

  void decides(const char* about_the_check, const char* about_a_renewal = "{}") {
    counter_.server.on("policy.evaluate",
                       [=](const FakeServer::Session& session, const json::object& request) {
                         const bool check = request.at("params").at("facts").as_object().contains("purpose");
                         session.result(request, json::parse(check ? about_the_check : about_a_renewal));
                       });
  }
  Ran look_up(std::vector<std::string> more = {}, const char* pins = "signature=ABC123\n") {
    more.insert(more.begin(), {"expiry", "--birth-date", "1980-07-07", "--office", "main", "--pin-stdin"});
    return run(counter_.arguments(std::move(more)), pins);
  }
};

TEST_F(Expiry, TheHolderLearnsTheDaysAndFromWhenTheyAreRenewed) {
  decides(R"({"outcome":"complete_today"})", R"({"outcome":"not_today","opens_on":"2026-04-08","findings":[
      {"code":"notice.expected","message":{"ja":"通知","en":"The notice is posted in April."}}]})");
  const auto ran = look_up();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("authentication certificate: until 2026-07-07"),
                             HasSubstr("Renewal is received from 2026-04-08 on."),
                             HasSubstr("The notice is posted in April.")));
  const auto renewal = counter_.server.calls("policy.evaluate").back().at("facts").as_object();
  EXPECT_EQ(renewal.at("certificates").at("authentication"),
            json::parse(R"({"state":"valid","expires_on":"2026-07-07"})"));
  EXPECT_EQ(renewal.at("certificates").at("signature").at("state"), "valid");
}

TEST_F(Expiry, ACertificateThatTheCardLacksIsNotSaidToBeDue) {
  counter_.signature_present = false;
  decides(R"({"outcome":"complete_today"})",
          R"({"certificates":{"authentication":{"action":"renew"},"signature":{"action":"issue_new"}}})");
  EXPECT_THAT(look_up().out, AllOf(HasSubstr("authentication certificate: can be renewed now."),
                                   Not(HasSubstr("signature certificate: can be renewed"))));
}

TEST_F(Expiry, AProxyIsToldHowElseItIsFoundAndThatTheHolderHasToCome) {
  decides(R"({"outcome":"not_today","findings":[{"code":"expiry_check.holder_only","severity":"block",
              "message":{"ja":"本人のみ","en":"Only the holder."}}]})");
  const auto ran = look_up({"--proxy"});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Only the holder."), HasSubstr("on the front of the card"),
                             HasSubstr("copy of the certificates"), HasSubstr("JPKI client software"),
                             HasSubstr("your My Number Card"), Not(HasSubstr("reply form"))));
  EXPECT_THAT(ran.out, Not(HasSubstr("until 2026-07-07"))) << "nothing of what the card says is told";
  EXPECT_THAT(counter_.server.calls("card.check_expiry"), IsEmpty());
}

TEST_F(Expiry, WithoutThePinTheOtherWaysAreNamedAndHowItIsSetAnew) {
  decides(R"({"outcome":"complete_today"})");
  counter_.pins["signature"].tries = 0;
  const auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("JPKI client software"), HasSubstr("--pins-only --forgotten")));
}

}  // namespace
}  // namespace madoguchi::cli
