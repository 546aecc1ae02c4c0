// card --with-pin: the signature certificate, which only its PIN opens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* known =
    "signature certificate: until 2026-07-06 (issued 2021-07-09, serial 33CC, 2048 bits)";

class CardWithPin : public ::testing::Test {
 protected:
  FakeCounter counter_;
  std::vector<std::string> command(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"card", "--staff", "sato"});
    return counter_.arguments(more);
  }
  std::size_t checks() { return counter_.server.calls("card.check_expiry").size(); }
};

TEST_F(CardWithPin, ShowsBothCertificates) {
  const auto ran = run(command({"--pin-stdin"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("authentication certificate: until 2026-07-07"));
  EXPECT_THAT(ran.out, HasSubstr("PIN for the signature certificate: 5 tries left"));
  EXPECT_THAT(ran.out, HasSubstr(known));
  EXPECT_EQ(counter_.server.calls("card.check_expiry").at(0),
            json::parse(R"({"reader":"Reader A","expected_tries_left":{"signature":5},"staff":"sato",)"
                        R"("entered_by":"holder",)"
                        R"("pins":{"signature":"ABC123"}})")
                .as_object());
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("ABC123")));
}

TEST_F(CardWithPin, WhoTypedThePinIsTold) {
  EXPECT_EQ(run(command({"--pin-stdin", "--entered-by", "staff"}), "signature=ABC123\n").status, done);
  EXPECT_EQ(counter_.server.calls("card.check_expiry").at(0).at("entered_by"), "staff");
  EXPECT_EQ(run(command({"--pin-stdin", "--entered-by", "somebody"}), "signature=ABC123\n").status,
            bad_usage);
}

TEST_F(CardWithPin, AsJsonIsOneDocumentWithBoth) {
  const auto ran = run(command({"--pin-stdin", "--json"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, done);
  const auto card = json::parse(ran.out);
  EXPECT_EQ(card.at("identity"), "555566667777888");
  EXPECT_EQ(card.at("certificates").at("authentication").at("serial"), "11AA");
  EXPECT_EQ(card.at("certificates").at("signature"),
            json::parse(R"({"present":true,"readable":true,"serial":"33CC","issued_on":"2021-07-09",)"
                        R"("expires_on":"2026-07-06","key_bits":2048})"));
}

TEST_F(CardWithPin, WithoutTheOptionsNoPinIsSent) {
  run(command());
  EXPECT_EQ(checks(), 0U);
}

TEST_F(CardWithPin, AScriptsWrongPinIsSentOnce) {
  const auto ran = run(command({"--pin-stdin", "--json"}), "signature=WRONG1\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_EQ(json::parse(ran.out).at("error").at("reason"), "pin.wrong");
  EXPECT_EQ(checks(), 1U);
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("WRONG1")));
}

TEST_F(CardWithPin, WhoeverStopsAfterAWrongPinIsToldHowManyTriesAreLeft) {
  const auto ran = run(command({"--pin-stdin"}), "signature=WRONG1\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("4 tries left"));
}

TEST_F(CardWithPin, NothingIsSentWithoutAPinOrConsentOrOnALockedOne) {
  EXPECT_EQ(run(command({"--pin-stdin"}), "authentication=1234\n").status, bad_usage);
  EXPECT_EQ(run(command({"--with-pin"})).status, bad_usage) << "there is no terminal";
  counter_.pins["signature"].tries = 1;
  auto ran = run(command({"--pin-stdin"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("--accept-last-try"));
  counter_.pins["signature"].tries = 0;
  ran = run(command({"--pin-stdin", "--accept-last-try"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("locked"));
  EXPECT_EQ(checks(), 0U);
  counter_.pins["signature"].tries = 1;
  EXPECT_EQ(run(command({"--pin-stdin", "--accept-last-try"}), "signature=ABC123\n").status, done);
  EXPECT_EQ(counter_.server.calls("card.check_expiry").at(0).at("accept_last_try"), true);
}

TEST_F(CardWithPin, ACardWithoutThatCertificateIsAskedForNothing) {
  counter_.signature_present = false;
  const auto ran = run(command({"--with-pin"}));
  EXPECT_EQ(ran.status, done);
  EXPECT_THAT(ran.out, HasSubstr("signature certificate: none"));
  EXPECT_THAT(ran.out, HasSubstr("PIN for the signature certificate: none, since the card has no such"));
  EXPECT_EQ(checks(), 0U);
}

TEST_F(CardWithPin, OneThatCannotBeReadIsSaidSo) {
  counter_.signature_readable = false;
  const auto ran = run(command({"--pin-stdin"}), "signature=ABC123\n");
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("cannot be read"));
}

TEST_F(CardWithPin, AtTheTerminalAWrongOneIsAskedForAgain) {
  AtTerminal terminal(command({"--with-pin"}));
  ASSERT_TRUE(terminal.shows("Enter the PIN for the signature certificate")) << terminal.screen;
  EXPECT_FALSE(terminal.echoes());
  terminal.type("WRONG1\n");
  ASSERT_TRUE(terminal.shows("4 tries left")) << terminal.screen;
  ASSERT_TRUE(terminal.shows("Enter the PIN")) << terminal.screen;
  terminal.type("ABC123\n");
  EXPECT_EQ(terminal.wait(), done);
  EXPECT_THAT(terminal.screen, HasSubstr(known));
  EXPECT_THAT(terminal.screen, Not(HasSubstr("ABC123")));
}

TEST_F(CardWithPin, AtTheTerminalEnterAloneStopsAndTheRestHasBeenShown) {
  AtTerminal terminal(command({"--with-pin", "--lang", "ja"}));
  ASSERT_TRUE(terminal.shows("署名用電子証明書の暗証番号を入力してください")) << terminal.screen;
  terminal.type("\n");
  EXPECT_EQ(terminal.wait(), person_needed);
  EXPECT_THAT(terminal.screen, HasSubstr("利用者証明用電子証明書: 有効期限 2026-07-07"));
  EXPECT_EQ(checks(), 0U);
}

}  // namespace
}  // namespace madoguchi::cli
