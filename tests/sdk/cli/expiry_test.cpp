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
  EXPECT_THAT(look_up({}, "authentication=1234\n").out,
              AllOf(HasSubstr("authentication certificate: can be renewed now."),
                    Not(HasSubstr("signature certificate: can be renewed"))));
}

TEST_F(Expiry, OneThatHasEndedIsIssuedAnewAndItsServicesSaidToBeOff) {
  decides(
      R"({"outcome":"complete_today"})",
      R"({"outcome":"complete_today","certificates":{"authentication":{"action":"issue_new"},"signature":{"action":"renew"}},
              "findings":[{"code":"certificate.expired","message":{"ja":"期限切れ","en":"Its services do not work."}}]})");
  EXPECT_THAT(look_up().out, AllOf(HasSubstr("authentication certificate: it can no longer be renewed"),
                                   HasSubstr("signature certificate: can be renewed now."),
                                   HasSubstr("Its services do not work.")));
}

TEST_F(Expiry, NothingIsDueWhereTheCardIsRenewedFirst) {
  decides(R"({"outcome":"complete_today"})",
          R"({"outcome":"other_procedure","certificates":{"authentication":{"action":"renew"}},
              "findings":[{"code":"card.renewal_required","message":{"ja":"カード","en":"The card first."}}]})");
  EXPECT_THAT(look_up().out, AllOf(Not(HasSubstr("now.")), HasSubstr("The card first.")));
}

// A child's card: the holder shows that they are with the only PIN that a certificate of theirs has.
TEST_F(Expiry, ACardWithoutASignatureCertificateIsOpenedWithTheOtherPin) {
  counter_.signature_present = false;
  decides(R"({"outcome":"complete_today"})");
  const auto ran = look_up({}, "authentication=1234\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("PIN for the authentication certificate: 3 tries left"),
                             HasSubstr("authentication certificate: until 2026-07-07"),
                             HasSubstr("signature certificate: none")));
  const auto call = counter_.server.calls("card.check_expiry").at(0);
  EXPECT_EQ(call.at("pins"), json::parse(R"({"authentication":"1234"})"));
  EXPECT_EQ(call.at("expected_tries_left"), json::parse(R"({"authentication":3})"));
}

TEST_F(Expiry, NothingIsToldBeforeThePinWasRight) {
  counter_.signature_present = false;
  decides(R"({"outcome":"complete_today"})");
  auto ran = look_up({}, "authentication=0000\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, AllOf(Not(HasSubstr("2026-07-07")), HasSubstr("JPKI client software")));
  ran = look_up({}, "signature=ABC123\n");
  EXPECT_EQ(ran.status, bad_usage) << "the other PIN was not given";
}

// Holders who sign nothing online often know the four digits only.
TEST_F(Expiry, TheAuthenticationPinAloneTellsItsDayAndHowTheOtherIsFound) {
  decides(R"({"outcome":"complete_today"})");
  const auto ran = look_up({}, "authentication=1234\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, AllOf(HasSubstr("authentication certificate: until 2026-07-07"),
                             HasSubstr("The signature certificate's last day is told with its own PIN only."),
                             HasSubstr("JPKI client software"), HasSubstr("--pins-only --forgotten")));
  EXPECT_EQ(counter_.server.calls("card.check_expiry").at(0).at("pins"),
            json::parse(R"({"authentication":"1234"})"));
  const auto facts = counter_.server.calls("policy.evaluate").back().at("facts").as_object();
  EXPECT_EQ(facts.at("certificates").at("signature").at("state"), "unknown");
  // One that is locked is no reason to withhold the other's day; neither PIN is a mistake of the script's.
  EXPECT_THAT(look_up().out, Not(HasSubstr("JPKI client software")));
  EXPECT_EQ(look_up({}, "resident_register=9876\n").status, bad_usage);
  counter_.pins["signature"].tries = 0;
  EXPECT_EQ(look_up({}, "authentication=1234\nsignature=ABC123\n").status, done);
}

TEST_F(Expiry, AtATerminalTheOtherPinIsAskedForWhereTheFirstIsNotKnown) {
  decides(R"({"outcome":"complete_today"})");
  AtTerminal clerk(counter_.arguments({"expiry", "--birth-date", "1980-07-07", "--office", "main"}));
  ASSERT_TRUE(clerk.shows("Enter the PIN for the signature certificate"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("\n");
  ASSERT_TRUE(clerk.shows("can be told with its own PIN (4 digits)"));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("1234\n");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_THAT(clerk.screen, AllOf(HasSubstr("authentication certificate: until 2026-07-07"),
                                  HasSubstr("JPKI client software")));
}

TEST_F(Expiry, AtAKeypadThatOtherPinIsEnteredThere) {
  counter_.signature_present = false;
  counter_.at_keys = {{"1234"}};
  decides(R"({"outcome":"complete_today"})");
  const auto ran = look_up({"--pin-pad"}, "");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(counter_.server.calls("card.check_expiry").at(0).at("pins"),
            json::parse(R"({"authentication":{"entry":"pinpad"}})"));
}

TEST_F(Expiry, TheAuthoritysWordOnEachCertificateIsTold) {
  counter_.standing = {{"status", "revoked"},
                       {"source", "ocsp"},
                       {"as_of", "2026-04-20T10:00:00+09:00"},
                       {"ja", "失効しています。"},
                       {"en", "It has been revoked."}};
  decides(R"({"outcome":"complete_today"})");
  auto ran = look_up();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("  It has been revoked. (asked of the authority, as of 2026-04-20 10:00:00)\n"));
  EXPECT_THAT(look_up({"--lang", "ja"}).out,
              HasSubstr("  失効しています。(認証局への照会、2026-04-20 10:00:00時点)\n"));
  const auto facts = counter_.server.calls("policy.evaluate").back().at("facts").as_object();
  EXPECT_EQ(facts.at("certificates").at("authentication").at("state"), "revoked");
  counter_.standing = {{"status", "unknown"}, {"source", "none"}, {"ja", "不明"}, {"en", "Nobody to ask."}};
  EXPECT_THAT(look_up().out, HasSubstr("  Nobody to ask.\n"));
}

TEST_F(Expiry, TheCitysOwnWordsOnTheOtherWaysAreRead) {
  decides(R"({"outcome":"complete_today"})");
  counter_.server.on(
      "card.check_expiry", [](const FakeServer::Session& session, const json::object& request) {
        session.error(request, -32006, "pin.locked",
                      {{"other_ways", {{"ja", "写しをご覧ください。"}, {"en", "Look at the copy."}}}});
      });
  const auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Look at the copy."), Not(HasSubstr("JPKI client software"))));
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

// The card is put back, and the day told after all: no other PIN helps, and nothing is forgotten.
TEST_F(Expiry, ACardThatWasTakenAwayIsPutBackAndTheCommandBegunAgain) {
  decides(R"({"outcome":"complete_today"})");
  counter_.server.refuse("card.check_expiry", -32005, "card.removed");
  const auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("english:card.removed"), HasSubstr("begin again: madoguchi expiry")));
  EXPECT_THAT(ran.out, AllOf(Not(HasSubstr("JPKI client software")), Not(HasSubstr("--forgotten"))));

  AtTerminal clerk(counter_.arguments({"expiry", "--birth-date", "1980-07-07", "--office", "main"}));
  ASSERT_TRUE(clerk.shows("stops): "));
  clerk.type("ABC123\n");
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, AllOf(HasSubstr("begin again: madoguchi expiry"), Not(HasSubstr("(4 digits)"))));
}

TEST_F(Expiry, TheOtherWaysAreSaidOnceWhereTheRulesHaveSaidThem) {
  decides(R"({"outcome":"not_today","findings":[{"code":"expiry_check.holder_only","severity":"block",
              "message":{"ja":"本人のみ","en":"Only the holder."}},{"code":"expiry_check.other_ways",
              "severity":"advise","message":{"ja":"写し","en":"It is on the copy."}}]})");
  EXPECT_THAT(look_up({"--proxy"}).out,
              AllOf(HasSubstr("It is on the copy."), Not(HasSubstr("JPKI client software"))));
}

TEST_F(Expiry, OfACardThatDoesNotTellItsOwnLastDayItIsAskedFor) {
  decides(R"({"outcome":"complete_today"})");
  counter_.server.answer("card.inspect", json::parse(R"({"reader":"Reader A","kind":"my_number_card",
      "identity":"555566667777888","certificates":{"authentication":{"present":true,"expires_on":"2026-07-07"},
      "signature":{"present":false}},"tries_left":{"authentication":3}})")
                                             .as_object());
  const auto ran = look_up({}, "authentication=1234\n");
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("does not tell its last day"), HasSubstr("--card-expires")));
  EXPECT_EQ(look_up({"--card-expires", "2031-07-07"}, "authentication=1234\n").status, done);
  const auto facts = counter_.server.calls("policy.evaluate").back().at("facts").as_object();
  EXPECT_EQ(facts.at("card"), json::parse(R"({"expires_on":"2031-07-07"})"));
}

TEST_F(Expiry, WhoeverHasNotBroughtTheCardHearsTheOtherWays) {
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"empty"}]})"));
  const auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("copy of the certificates"), HasSubstr("JPKI client software")));
}

TEST_F(Expiry, ANeighboursCardKeepsTheOtherWaysFromNobody) {
  const auto other_ways = AllOf(HasSubstr("copy of the certificates"), HasSubstr("JPKI client software"));
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"empty"},
      {"name":"Reader B","state":"busy"}]})"));
  auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, other_ways);
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"empty"},
      {"name":"Reader B","state":"present"}]})"));
  counter_.server.refuse("card.inspect", -32005, "card.absent");
  ran = look_up({"--reader", "Reader A"});
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, other_ways);
  for (const auto& call : counter_.server.calls("card.inspect")) EXPECT_EQ(call.at("reader"), "Reader A");
}

TEST_F(Expiry, ACardThatDoesNotAnswerIsPlacedAgainBeforeAnyOtherWay) {
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"mute"}]})"));
  EXPECT_THAT(look_up().out, Not(HasSubstr("JPKI client software")));
  counter_.server.refuse("card.inspect", -32005, "card.mute");
  EXPECT_THAT(look_up({"--reader", "Reader A"}).out, Not(HasSubstr("JPKI client software")));
}

TEST_F(Expiry, AServiceThatIsLostIsNoReasonToLookElsewhere) {
  decides(R"({"outcome":"complete_today"})");
  counter_.server.on("card.check_expiry",
                     [](const FakeServer::Session& session, const json::object&) { session.close(); });
  const auto ran = look_up();
  EXPECT_EQ(ran.status, lost);
  EXPECT_THAT(ran.err, HasSubstr("begin again: madoguchi expiry"));
  EXPECT_THAT(ran.out, Not(HasSubstr("JPKI client software")));
}

TEST_F(Expiry, ACertificateThatCannotBeReadIsLookedUpElsewhere) {
  decides(R"({"outcome":"complete_today"})");
  counter_.signature_readable = false;
  const auto ran = look_up();
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("cannot be read"));
  EXPECT_THAT(ran.out, HasSubstr("JPKI client software"));
}

TEST_F(Expiry, ACardWithoutCertificatesHasNoLastDay) {
  counter_.server.answer("card.inspect", json::parse(R"({"reader":"Reader A","kind":"my_number_card",
      "identity":"555566667777888","card_expires_on":"2031-07-07","certificates":{"authentication":{"present":false},
      "signature":{"present":false}},"tries_left":{"authentication":3}})")
                                             .as_object());
  decides(R"({"outcome":"complete_today"})");
  const auto ran = look_up();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("holds no certificate, so there is no last day"),
                             HasSubstr("have it issued at the official terminal")));
  EXPECT_THAT(counter_.server.calls("card.check_expiry"), IsEmpty());
}

TEST_F(Expiry, WithoutThePinTheOtherWaysAreNamedAndHowItIsSetAnew) {
  decides(R"({"outcome":"complete_today"})");
  counter_.pins["signature"].tries = 0;
  const auto ran = look_up();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("JPKI client software"), HasSubstr("--pins-only --forgotten signature\n")));
}

}  // namespace
}  // namespace madoguchi::cli
