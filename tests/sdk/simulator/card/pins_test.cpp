#include <gtest/gtest.h>

#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

class CardPins : public TestCard {
 protected:
  int tries(std::uint16_t pin) const { return card.image().find(layout::jpki)->pins.at(pin).tries; }
};

TEST_F(CardPins, AskingCostsNothingAndNeverSaysVerified) {
  select_jpki();
  EXPECT_EQ(send("00A4020C 02 0018"), "9000");
  EXPECT_EQ(send("00200080"), "63c3");
  EXPECT_EQ(send("0020009B"), "63c5");
  EXPECT_EQ(verify_authentication("1234"), "9000");
  EXPECT_EQ(send("00200080"), "63c3");
  EXPECT_EQ(memory.commits, 0);
}

TEST_F(CardPins, WrongValuesCountDownAndBlock) {
  select_jpki();
  EXPECT_EQ(verify_authentication("0000"), "63c2");
  EXPECT_EQ(verify_authentication("0000"), "63c1");
  EXPECT_EQ(verify_authentication("0000"), "63c0");
  EXPECT_EQ(verify_authentication("0000"), "6984");
  EXPECT_EQ(verify_authentication("1234"), "6984");
  EXPECT_EQ(send("00200098"), "63c0");
  EXPECT_EQ(send("0020009B"), "63c5");
}

TEST_F(CardPins, SuccessRestoresTheCounter) {
  select_jpki();
  EXPECT_EQ(verify_signature("WRONG1"), "63c4");
  EXPECT_EQ(verify_signature("abc123"), "63c3");
  EXPECT_EQ(verify_signature("ABC123"), "9000");
  EXPECT_EQ(tries(layout::signature_pin), 5);
  EXPECT_EQ(memory.last.find(layout::jpki)->pins.at(layout::signature_pin).tries, 5);
}

TEST_F(CardPins, TriesSurviveResetAndRightsDoNot) {
  select_jpki();
  verify_signature("ABC123");
  verify_authentication("0000");
  card.reset();
  EXPECT_EQ(send("00B08100 04"), "6a82");
  select_jpki();
  EXPECT_EQ(send("00B08100 04"), "6982");
  EXPECT_EQ(send("00200098"), "63c2");
}

TEST_F(CardPins, WrongValueDropsARightThatWasThere) {
  select_jpki();
  verify_signature("ABC123");
  EXPECT_EQ(send("00B08100 01"), "309000");
  EXPECT_EQ(verify_signature("WRONG1"), "63c4");
  EXPECT_EQ(send("00B08100 01"), "6982");
}

TEST_F(CardPins, RefusesWhatIsNoPinOrNoValue) {
  select_jpki();
  EXPECT_EQ(send("00200080"), "6986");
  EXPECT_EQ(send("00200097"), "6981");
  EXPECT_EQ(send("00200094 04 31323334"), "6981");
  EXPECT_EQ(send("00200083"), "6981");
  EXPECT_EQ(send("0020009D"), "6a82");
  EXPECT_EQ(send("00200118"), "6a86");
  EXPECT_EQ(send(command("00200098", base::Bytes(17, '1'))), "6700");
  EXPECT_EQ(send("00200098"), "63c3");
}

TEST_F(CardPins, HolderChangesJpkiPinsAfterVerification) {
  select_jpki();
  EXPECT_EQ(send(command("00240198", text("4321"))), "6982");
  verify_authentication("1234");
  EXPECT_EQ(send(command("80320098", text("4321"))), "6985");
  EXPECT_EQ(send(command("00240098", text("4321"))), "6a86");
  EXPECT_EQ(send(command("00240198", text("4321"))), "9000");
  card.reset();
  select_jpki();
  EXPECT_EQ(verify_authentication("1234"), "63c2");
  EXPECT_EQ(verify_authentication("4321"), "9000");
}

TEST_F(CardPins, HolderChangesRegisterPinsByJicsap) {
  for (const auto select : {&TestCard::select_register, &TestCard::select_common}) {
    (this->*select)();
    EXPECT_EQ(send("00A4020C 02 001C"), "9000");
    EXPECT_EQ(send(command("80320080", text("8765"))), "6982");
    EXPECT_EQ(send(command("00200080", text("5678"))), "9000");
    EXPECT_EQ(send(command("00240180", text("8765"))), "6985");
    EXPECT_EQ(send(command("80320080", text("8765"))), "9000");
    EXPECT_EQ(send(command("00200080", text("8765"))), "9000");
  }
}

TEST_F(CardPins, MemoryThatRefusesCostsNoTry) {
  memory.full = true;
  select_jpki();
  EXPECT_EQ(verify_authentication("0000"), "6581");
  EXPECT_EQ(send("00200098"), "63c3");
}

TEST_F(CardPins, UnsetPasswordBehavesAsLocked) {
  Card child(image(CitizenKind::no_signature), memory);
  const auto exchange = [&](base::ByteView bytes) { return base::to_hex(child.transmit(bytes)); };
  exchange(hex("00A4040C 0A D392F000260100000001"));
  EXPECT_EQ(exchange(hex("0020009B")), "63c0");
  EXPECT_EQ(exchange(command("0020009B", text("ABC123"))), "6984");
}

}  // namespace
}  // namespace madoguchi::simulated_card
