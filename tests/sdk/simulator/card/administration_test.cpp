#include <gtest/gtest.h>

#include "crypto.hpp"
#include "smartcard/apdu.hpp"
#include "test_card.hpp"

namespace madoguchi::simulated_card {

std::string TestCard::authenticate_terminal() {
  const auto challenge = smartcard::parse_response(card.transmit(hex("00840000 10"))).value().data;
  return send(command("00820001", hmac_sha256(terminal_key(), challenge)));
}

namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

class CardAdministration : public TestCard {
 protected:
  void SetUp() override {
    ASSERT_EQ(select_jpki(), "9000");
    ASSERT_EQ(authenticate_terminal(), "9000");
  }
  const Application& jpki() const { return *card.image().find(layout::jpki); }
};

TEST_F(CardAdministration, ChallengeIsUsedUpByEitherAnswer) {
  const base::Bytes wrong(32, 0);
  EXPECT_EQ(send(command("00820001", wrong)), "6985");
  send("00840000 10");
  EXPECT_EQ(send(command("00820001", wrong)), "6300");
  EXPECT_EQ(send(command("00820001", wrong)), "6985");
  // A wrong cryptogram takes the right away.
  EXPECT_EQ(send(command("00468000", hex("A403840117"), "00")), "6982");
}

TEST_F(CardAdministration, RightEndsWithTheApplicationAndReset) {
  select_jpki();
  EXPECT_EQ(send(command("00468100", hex("A403840117"), "00")), "6982");
  authenticate_terminal();
  card.reset();
  select_jpki();
  EXPECT_EQ(send(command("00468100", hex("A403840117"), "00")), "6982");
}

TEST_F(CardAdministration, MakesAKeyInTheNamedSlot) {
  EXPECT_EQ(send(command("00468100", hex("A403840114"), "00")), "6a88");
  EXPECT_EQ(send(command("00468000", hex("A403840114"), "00")), "6100");
  auto first = card.transmit(hex("00C00000 00"));
  ASSERT_EQ(first.size(), 258U);
  EXPECT_THAT(base::to_hex(first), EndsWith("610e"));
  const auto second = send("00C00000 0E");
  EXPECT_THAT(second, EndsWith("82030100019000"));
  EXPECT_THAT(base::to_hex(first), StartsWith("7f4982010981820100"));
  const auto& slot = jpki().keys.at(layout::spare_authentication_key).private_key;
  const auto expected = modulus(slot);
  EXPECT_EQ(base::Bytes(first.begin() + 9, first.begin() + 256),
            base::Bytes(expected.begin(), expected.begin() + 247));
  EXPECT_EQ(memory.last.find(layout::jpki)->keys.at(layout::spare_authentication_key).private_key, slot);
  EXPECT_EQ(jpki().keys.at(layout::authentication_key).private_key, key(1));

  // With room for it, the same public key in one answer.
  const auto whole = card.transmit(hex("00468100 000005 A403840114 0200"));
  EXPECT_EQ(whole.size(), 270U + 2);
}

TEST_F(CardAdministration, SpareKeyKeepsThePinOfItsKind) {
  send(command("00468000", hex("A403840114"), "00"));
  const auto digest = base::sha256(text("x"));
  EXPECT_EQ(send(command("802A0294", digest, "00")), "6982");
  verify_authentication("1234");
  EXPECT_EQ(card.transmit(command("802A0294", digest, "00")).size(), 258U);
}

TEST_F(CardAdministration, RefusesKeysOfTheOtherKind) {
  EXPECT_EQ(send(command("00468000", hex("B603840117"), "00")), "6a88");
  EXPECT_EQ(send(command("00468000", hex("A40384011A"), "00")), "6a88");
  EXPECT_EQ(send(command("00468000", hex("A403840118"), "00")), "6a88");
  EXPECT_EQ(send(command("00468000", hex("A4028401"), "00")), "6700");
  EXPECT_EQ(send(command("00468200", hex("A403840117"), "00")), "6a86");
}

TEST_F(CardAdministration, FailedGenerationKeepsTheFormerKey) {
  const auto answer =
      card.transmit(command("00468000", hex("A403840117"), "00"), {.cut_write = {}, .refuse_key = true});
  EXPECT_EQ(base::to_hex(answer), "6f00");
  EXPECT_EQ(jpki().keys.at(layout::authentication_key).private_key, key(1));
}

TEST_F(CardAdministration, WritesCertificateFilesAndPresence) {
  EXPECT_EQ(send("00A4020C 02 000C"), "9000");
  EXPECT_EQ(send(command("00D60000", hex("3082"))), "9000");
  EXPECT_EQ(send(command("00D607FE", hex("0102"))), "9000");
  EXPECT_EQ(send(command("00D607FF", hex("0102"))), "6b00");
  EXPECT_EQ(send("00B007FD 03"), "ff01029000");
  EXPECT_EQ(send("00A4020C 02 0008"), "9000");
  EXPECT_EQ(send(command("00D60000", hex("8F"))), "9000");
  EXPECT_EQ(send("00A4020C 02 0006"), "9000");
  EXPECT_EQ(send(command("00D60000", hex("00"))), "6982");
  EXPECT_EQ(send("00A4020C 02 0017"), "9000");
  EXPECT_EQ(send(command("00D60000", hex("00"))), "6981");
}

TEST_F(CardAdministration, WritesNothingWithoutTheRight) {
  select_jpki();
  send("00A4020C 02 000A");
  EXPECT_EQ(send(command("00D60000", hex("00"))), "6982");
  EXPECT_EQ(send("00B00000 01"), "309000");
}

TEST_F(CardAdministration, ReadsTheSignatureCertificateWithoutPin) {
  EXPECT_EQ(send("00B08100 04"), "308203e89000");
  EXPECT_EQ(send("00B08300 04"), "ffffffff9000");
}

TEST_F(CardAdministration, TornAndRefusedWritesAreStoredAsTheyHappened) {
  send("00A4020C 02 000A");
  const base::Bytes data(8, 0x77);
  card.transmit(command("00D60000", data), {.cut_write = 3});
  EXPECT_EQ(send("00B00000 05"), "777777e8aa9000");
  EXPECT_EQ(
      base::to_hex(card.transmit(command("00D60000", hex("00")), {.cut_write = {}, .refuse_write = true})),
      "6581");
  EXPECT_EQ(send("00B00000 01"), "779000");
}

TEST_F(CardAdministration, ActivationExchangesBothAtOnce) {
  EXPECT_EQ(send(command("00440000", hex("000C"))), "6985");
  send(command("00468000", hex("A403840114"), "00"));
  const auto fresh = jpki().keys.at(layout::spare_authentication_key).private_key;
  send("00A4020C 02 000C");
  send(command("00D60000", hex("30820002CAFE")));
  const int before = memory.commits;
  EXPECT_EQ(send(command("00440000", hex("000C"))), "9000");
  EXPECT_EQ(memory.commits, before + 1);
  EXPECT_EQ(jpki().keys.at(layout::authentication_key).private_key, fresh);
  EXPECT_EQ(jpki().keys.at(layout::spare_authentication_key).private_key, key(1));
  EXPECT_EQ(send("00B08A00 06"), "30820002cafe9000");
  EXPECT_EQ(send("00B08C00 04"), "308203e89000");
  EXPECT_EQ(send(command("00440000", hex("000A"))), "6a82");
}

TEST_F(CardAdministration, ActivationThatMemoryRefusesChangesNothing) {
  send(command("00468000", hex("A403840114"), "00"));
  memory.full = true;
  EXPECT_EQ(send(command("00440000", hex("000C"))), "6581");
  EXPECT_EQ(jpki().keys.at(layout::authentication_key).private_key, key(1));
}

TEST_F(CardAdministration, SingleLayoutHasNoSpareSlot) {
  card = Card(image(CitizenKind::expiring_soon, Layout::single), memory);
  select_jpki();
  authenticate_terminal();
  EXPECT_EQ(send("00A4020C 02 000C"), "6a82");
  EXPECT_EQ(send("00A4020C 02 0003"), "6a82");
  EXPECT_EQ(send(command("00440000", hex("000C"))), "6a82");
  EXPECT_EQ(send(command("00468000", hex("A403840114"), "00")), "6a88");
  EXPECT_EQ(send(command("00468000", hex("A403840117"), "00")), "6100");
}

TEST_F(CardAdministration, ResetsPinsWhereverItProvedItself) {
  for (int i = 0; i < 3; ++i) verify_authentication("0000");
  EXPECT_EQ(send(command("002C0298", text("2468"))), "9000");
  EXPECT_EQ(verify_authentication("2468"), "9000");
  EXPECT_EQ(send(command("002C0098", text("2468"))), "6a86");

  for (const auto select : {&TestCard::select_register, &TestCard::select_common}) {
    (this->*select)();
    EXPECT_EQ(send(command("002C029C", text("1357"))), "6982");
    EXPECT_EQ(authenticate_terminal(), "9000");
    EXPECT_EQ(send(command("002C029C", text("1357"))), "9000");
    EXPECT_EQ(send(command("0020009C", text("1357"))), "9000");
  }
}

TEST_F(CardAdministration, IsUnknownToTheSurfaceApplications) {
  send("00A4040C 0A D3921000310001010408");
  EXPECT_EQ(authenticate_terminal(), "6985");
  EXPECT_EQ(send(command("002C0291", text("1357"))), "6985");
}

}  // namespace
}  // namespace madoguchi::simulated_card
