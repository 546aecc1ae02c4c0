#include <gtest/gtest.h>

#include "mynumber/card.hpp"
#include "support/certificates.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using base::Code;
using testing::ScriptedCard;

const base::Sha256 digest = base::sha256(base::Bytes{'a', 'b', 'c'});
const std::string digest_info =
    "3031300D060960864801650304020105000420"
    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

CardState verified(PinName pin) {
  CardState state;
  state.current = Application::jpki;
  state.verified.set(static_cast<std::size_t>(pin));
  return state;
}

base::Fault fault_of(const base::Result<base::Bytes>& result) {
  EXPECT_FALSE(result);
  return result ? base::Fault{} : result.error();
}

TEST(Sign, DigestInfoByThePrivateKeysFile) {
  const base::Bytes signature = testing::test_signature(digest);
  ScriptedCard card;
  card.expect("00A4 020C 02 0017", "9000")
      .expect("802A0080 33" + digest_info + "00", base::to_hex(signature) + "9000");
  CardState state = verified(PinName::authentication);
  const auto made = sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest);
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_TRUE(verifies(testing::test_public_key(), digest, *made));
}

TEST(Sign, SignatureKeyAndSpareSlot) {
  const std::string answer = base::to_hex(base::Bytes(256, 0x77)) + "9000";
  ScriptedCard card;
  card.expect("00A4 020C 02 001A", "9000").expect("802A0080 33" + digest_info + "00", answer);
  card.expect("00A4 020C 02 0015", "9000").expect("802A0080 33" + digest_info + "00", answer);
  CardState state = verified(PinName::signature);
  EXPECT_TRUE(sign(card, state, simulated_spare(), CertificateName::signature, Slot::active, digest));
  EXPECT_TRUE(sign(card, state, simulated_spare(), CertificateName::signature, Slot::spare, digest));
}

TEST(Sign, NothingIsSentWithoutThePin) {
  ScriptedCard card;
  CardState state = verified(PinName::authentication);
  const base::Fault fault =
      fault_of(sign(card, state, genuine(), CertificateName::signature, Slot::active, digest));
  EXPECT_EQ(fault.code, Code::pin_required);
  EXPECT_EQ(fault.details.at("pin"), "signature");
  EXPECT_EQ(card.sent(), 0);
}

// A face-authentication card has no PIN to verify; whether the terminal's rights will do is the card's to
// say.
TEST(Sign, TerminalsRightsInsteadOfThePin) {
  CardState state;
  state.current = Application::jpki;
  state.terminal_authenticated = true;
  ScriptedCard card;
  card.expect("00A4 020C 02 0017", "9000")
      .expect("802A0080 33" + digest_info + "00", base::to_hex(base::Bytes(256, 0x77)) + "9000")
      .expect("00A4 020C 02 0017", "9000")
      .expect("802A0080 33" + digest_info + "00", "6982");
  EXPECT_TRUE(sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest));
  EXPECT_EQ(
      fault_of(sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest)).code,
      Code::pin_required);
}

TEST(Sign, NoSpareSlot) {
  ScriptedCard card;
  CardState state = verified(PinName::signature);
  EXPECT_EQ(
      fault_of(sign(card, state, simulated_single(), CertificateName::signature, Slot::spare, digest)).code,
      Code::not_found);
}

TEST(Sign, CardForgotThePin) {
  ScriptedCard card;
  card.expect("00A4 020C 02 0017", "9000").expect("802A0080 33" + digest_info + "00", "6982");
  CardState state = verified(PinName::authentication);
  const base::Fault fault =
      fault_of(sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest));
  EXPECT_EQ(fault.code, Code::pin_required);
  EXPECT_EQ(fault.details.at("pin"), "authentication");
  EXPECT_FALSE(state.is_verified(PinName::authentication));
}

TEST(Sign, AnswersOfOtherLengthsAreRefused) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{255}, std::size_t{257}}) {
    ScriptedCard card;
    card.expect("00A4 020C 02 0017", "9000")
        .expect("802A0080 33" + digest_info + "00", base::to_hex(base::Bytes(size, 0x11)) + "9000");
    CardState state = verified(PinName::authentication);
    EXPECT_EQ(
        fault_of(sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest)).code,
        Code::card_refused);
  }
}

TEST(Sign, NoKey) {
  ScriptedCard card;
  card.expect("00A4 020C 02 0017", "9000").expect("802A0080 33" + digest_info + "00", "6A88");
  CardState state = verified(PinName::authentication);
  EXPECT_EQ(
      fault_of(sign(card, state, genuine(), CertificateName::authentication, Slot::active, digest)).code,
      Code::not_found);
}

}  // namespace
}  // namespace madoguchi::mynumber
