#include "pins.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include "support/model_card.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using base::Code;
using base::Secret;
using testing::ModelCard;
using testing::ScriptedCard;

constexpr const char* select_jpki = "00A4 040C 0A D392F000260100000001";
constexpr const char* select_resident_register = "00A4 040C 0A D3921000310001010401";
constexpr const char* select_common = "00A4 040C 0A D3921000310001010100";

CardState in_jpki(std::initializer_list<PinName> verified = {}) {
  CardState state;
  state.current = Application::jpki;
  for (const PinName pin : verified) state.verified.set(static_cast<std::size_t>(pin));
  return state;
}

// What the step must have failed with.
template <class T>
base::Fault fault_of(const base::Result<T>& result) {
  EXPECT_FALSE(result);
  return result ? base::Fault{} : result.error();
}

bool is_well_formed(PinName pin, std::string_view value) {
  return well_formed(genuine(), pin, Secret(value)).has_value();
}

// C3
TEST(WellFormed, FourDigits) {
  for (const PinName pin : {PinName::authentication, PinName::resident_register}) {
    EXPECT_TRUE(is_well_formed(pin, "0000"));
    for (const char* const value : {"", "123", "12345", "12a4", "１２３４", "12 4", "-123"}) {
      EXPECT_FALSE(is_well_formed(pin, value)) << value;
    }
  }
}

TEST(WellFormed, SignaturePassword) {
  for (const char* const value : {"ABC123", "abc123", "A12345", "1ABCDEFGHIJKLMNO"}) {
    EXPECT_TRUE(is_well_formed(PinName::signature, value)) << value;
  }
  for (const char* const value :
       {"", "AB123", "ABCDEFGHIJKLMNO12", "ABCDEF", "123456", "ABC-123", "ABC 123", "ＡＢ１２", "ABCé12"}) {
    EXPECT_FALSE(is_well_formed(PinName::signature, value)) << value;
  }
  EXPECT_FALSE(is_well_formed(PinName::signature, std::string(Secret::capacity + 1, 'A')));
}

TEST(WellFormed, FoldsTheSignaturePassword) {
  const auto folded = well_formed(genuine(), PinName::signature, Secret("passWord1234"));
  ASSERT_TRUE(folded);
  const auto bytes = folded->reveal();
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "PASSWORD1234");
}

TEST(TriesLeft, AsksWithoutData) {
  ScriptedCard card;
  CardState state;
  card.expect(select_jpki, "9000").expect("00A4 020C 02 001B", "9000").expect("00200080", "63C5");
  EXPECT_EQ(tries_left(card, state, genuine(), PinName::signature).value(), 5);
}

TEST(TriesLeft, ResidentRegistersPinIsInItsOwnApplication) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::authentication});
  card.expect(select_resident_register, "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("00200080", "63C2");
  EXPECT_EQ(tries_left(card, state, genuine(), PinName::resident_register).value(), 2);
  EXPECT_FALSE(state.is_verified(PinName::authentication));
}

TEST(TriesLeft, LockedHasThreeForms) {
  for (const char* const answer : {"63C0", "6983", "6984"}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 0018", "9000").expect("00200080", answer);
    EXPECT_EQ(tries_left(card, state, genuine(), PinName::authentication).value(), 0) << answer;
  }
}

TEST(TriesLeft, NoSuchPin) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 0018", "6A82").expect("00A4 020C 02 0018", "9000").expect("00200080", "6A88");
  EXPECT_EQ(fault_of(tries_left(card, state, genuine(), PinName::authentication)).code, Code::not_found);
  EXPECT_EQ(fault_of(tries_left(card, state, genuine(), PinName::authentication)).code, Code::not_found);
}

TEST(TriesLeft, AnAnswerWithoutACountIsNone) {
  for (const char* const answer : {"9000", "6300", "6D00"}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 0018", "9000").expect("00200080", answer);
    const base::Fault fault = fault_of(tries_left(card, state, genuine(), PinName::authentication));
    EXPECT_EQ(fault.code, Code::card_refused) << answer;
    EXPECT_EQ(fault.details.at("status"), answer);
  }
}

TEST(VerifyPin, ReadsTheTriesThenSendsOnce) {
  ScriptedCard card;
  CardState state;
  card.expect(select_jpki, "9000")
      .expect("00A4 020C 02 001B", "9000")
      .expect("00200080", "63C4")
      .expect("00200080 0C 50415353574F524431323334", "9000");
  const auto tries = verify_pin(card, state, genuine(), PinName::signature, Secret("password1234"),
                                {.expected_tries_left = 4, .accept_last_try = false});
  EXPECT_EQ(tries.value(), 5);
  EXPECT_TRUE(state.is_verified(PinName::signature));
  EXPECT_FALSE(state.is_verified(PinName::authentication));
}

TEST(VerifyPin, SecondPinKeepsTheFirst) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::signature});
  card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C3").expect("00200080 04 31323334", "9000");
  EXPECT_EQ(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"), {}).value(), 3);
  EXPECT_TRUE(state.is_verified(PinName::signature));
  EXPECT_TRUE(state.is_verified(PinName::authentication));
}

// C3
TEST(VerifyPin, MalformedSendsNothing) {
  ScriptedCard card;
  CardState state = in_jpki();
  for (const char* const value : {"", "123", "12345", "abcd"}) {
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret(value), {}));
    EXPECT_EQ(fault.code, Code::pin_malformed);
    EXPECT_EQ(fault.details.at("pin"), "authentication");
  }
  EXPECT_EQ(card.sent(), 0);
}

// C1
TEST(VerifyPin, AnotherCountThanExpectedSendsNoPin) {
  for (const int expected : {0, 1, 3, 5}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C2");
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"),
                            {.expected_tries_left = expected, .accept_last_try = true}));
    EXPECT_EQ(fault.code, Code::pin_tries_changed);
    EXPECT_EQ(fault.details.at("tries_left"), 2);
    EXPECT_EQ(fault.details.at("pin"), "authentication");
  }
}

// C1
TEST(VerifyPin, LastTryNeedsConsent) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C1");
  const base::Fault fault =
      fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"),
                          {.expected_tries_left = 1, .accept_last_try = false}));
  EXPECT_EQ(fault.code, Code::pin_last_try);

  card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C1").expect("00200080 04 31323334", "9000");
  EXPECT_TRUE(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"),
                         {.expected_tries_left = 1, .accept_last_try = true}));
}

// C2
TEST(VerifyPin, LockedSendsNoPinWhateverWasExpected) {
  for (const char* const answer : {"63C0", "6983", "6984"}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 0018", "9000").expect("00200080", answer);
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"),
                            {.expected_tries_left = 3, .accept_last_try = true}));
    EXPECT_EQ(fault.code, Code::pin_locked) << answer;
    EXPECT_EQ(fault.details.at("tries_left"), 0);
  }
}

TEST(VerifyPin, WrongIsToldAndDropsTheRight) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::signature, PinName::authentication});
  card.expect("00A4 020C 02 0018", "9000").expect("00200080", "63C3").expect("00200080 04 31323334", "63C2");
  const base::Fault fault =
      fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"), {}));
  EXPECT_EQ(fault.code, Code::pin_wrong);
  EXPECT_EQ(fault.details.at("tries_left"), 2);
  EXPECT_FALSE(state.is_verified(PinName::authentication));
  EXPECT_TRUE(state.is_verified(PinName::signature));
}

TEST(VerifyPin, TheTryThatLocks) {
  for (const char* const answer : {"63C0", "6983", "6984"}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 0018", "9000")
        .expect("00200080", "63C1")
        .expect("00200080 04 31323334", answer);
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"),
                            {.expected_tries_left = {}, .accept_last_try = true}));
    EXPECT_EQ(fault.code, Code::pin_locked) << answer;
  }
}

// C1: neither after a corrected length, nor an offer of more bytes, nor a lost reply is it sent again.
TEST(VerifyPin, IsNeverRepeated) {
  for (const char* const answer : {"6C04", "6102", "6700", "6F00", "6300"}) {
    ScriptedCard card;
    CardState state = in_jpki({PinName::authentication});
    card.expect("00A4 020C 02 0018", "9000")
        .expect("00200080", "63C3")
        .expect("00200080 04 31323334", answer);
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"), {}));
    EXPECT_EQ(fault.code, Code::card_refused) << answer;
    EXPECT_EQ(fault.details.at("command"), "verify");
    EXPECT_FALSE(state.is_verified(PinName::authentication));
  }
}

TEST(VerifyPin, LostReplyIsPassedOnAsUnknown) {
  for (const char* const reason : {"reader.gone", "card.removed", "card.mute"}) {
    ScriptedCard card;
    CardState state = in_jpki({PinName::authentication});
    card.expect("00A4 020C 02 0018", "9000")
        .expect("00200080", "63C3")
        .expect("00200080 04 31323334", std::string("!") + reason);
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"), {}));
    EXPECT_TRUE(base::describe(fault).starts_with(reason));
    EXPECT_FALSE(state.is_verified(PinName::authentication));
  }
}

// C6
TEST(VerifyPin, NoFaultHoldsThePin) {
  for (const char* const answer : {"63C2", "63C0", "6F00", "!card.removed"}) {
    ScriptedCard card;
    CardState state = in_jpki();
    card.expect("00A4 020C 02 001B", "9000")
        .expect("00200080", "63C5")
        .expect("00200080 08 53455A414D453939", answer);
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::signature, Secret("sezame99"), {}));
    const std::string all = fault.inner + boost::json::serialize(fault.details);
    for (const char* const trace : {"SEZAME", "sezame", "53455A", "53455a"}) {
      EXPECT_EQ(all.find(trace), std::string::npos);
    }
  }
}

TEST(ChangePin, JpkisFormAfterVerify) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::authentication, PinName::signature});
  card.expect("00A4 020C 02 0018", "9000")
      .expect("00240180 04 35363738", "9000")
      .expect("00A4 020C 02 001B", "9000")
      .expect("00240180 06 414243313233", "9000");
  EXPECT_TRUE(change_pin(card, state, genuine(), PinName::authentication, Secret("5678")));
  EXPECT_TRUE(change_pin(card, state, genuine(), PinName::signature, Secret("abc123")));
}

TEST(ChangePin, NothingIsSentForAPinThatIsNotVerifiedOrMalformed) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::authentication});
  EXPECT_EQ(fault_of(change_pin(card, state, genuine(), PinName::signature, Secret("ABC123"))).code,
            Code::pin_required);
  EXPECT_EQ(fault_of(change_pin(card, state, genuine(), PinName::authentication, Secret("56789"))).code,
            Code::pin_malformed);
  EXPECT_EQ(card.sent(), 0);
}

TEST(ChangePin, RefusalIsTold) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::authentication});
  card.expect("00A4 020C 02 0018", "9000").expect("00240180 04 35363738", "6581");
  const base::Fault fault =
      fault_of(change_pin(card, state, genuine(), PinName::authentication, Secret("5678")));
  EXPECT_EQ(fault.code, Code::card_refused);
  EXPECT_EQ(boost::json::serialize(fault.details), R"({"command":"change_pin","status":"6581"})");
}

CardState in_resident_register() {
  CardState state;
  state.current = Application::resident_register;
  state.verified.set(static_cast<std::size_t>(PinName::resident_register));
  return state;
}

TEST(ChangePin, ResidentRegisterChangesBothPlaces) {
  ScriptedCard card;
  CardState state = in_resident_register();
  card.expect(select_common, "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("00200080", "63C3")
      .expect("00200080 04 31323334", "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("80320080 04 35363738", "9000")
      .expect(select_resident_register, "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("00200080", "63C3")
      .expect("00200080 04 31323334", "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("80320080 04 35363738", "9000");
  EXPECT_TRUE(change_pin(card, state, genuine(), PinName::resident_register, Secret("5678"), Secret("1234")));
}

TEST(ChangePin, ResidentRegisterNeedsTheValueInForce) {
  ScriptedCard card;
  CardState state = in_resident_register();
  EXPECT_EQ(fault_of(change_pin(card, state, genuine(), PinName::resident_register, Secret("5678"))).code,
            Code::pin_required);
  EXPECT_EQ(card.sent(), 0);
}

TEST(ChangePin, ResidentRegisterChangesNothingWhenTheTwinRefuses) {
  ScriptedCard card;
  CardState state = in_resident_register();
  card.expect(select_common, "9000").expect("00A4 020C 02 001C", "9000").expect("00200080", "63C1");
  const base::Fault fault = fault_of(
      change_pin(card, state, genuine(), PinName::resident_register, Secret("5678"), Secret("1234")));
  EXPECT_EQ(fault.code, Code::pin_last_try);
  EXPECT_EQ(fault.details.at("application"), "common");
}

TEST(ChangePin, ResidentRegisterOfACardWithoutTheTwin) {
  ScriptedCard card;
  CardState state = in_resident_register();
  card.expect(select_common, "6A82")
      .expect(select_resident_register, "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("00200080", "63C3")
      .expect("00200080 04 31323334", "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("80320080 04 35363738", "9000");
  EXPECT_TRUE(change_pin(card, state, genuine(), PinName::resident_register, Secret("5678"), Secret("1234")));
}

// A whole life of one PIN on a card that counts.
TEST(VerifyPin, CountsDownToLocked) {
  ModelCard card;
  CardState state;
  for (const int left : {2, 1}) {
    const base::Fault fault =
        fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("9999"), {}));
    EXPECT_EQ(fault.code, Code::pin_wrong);
    EXPECT_EQ(fault.details.at("tries_left"), left);
  }
  EXPECT_EQ(fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("9999"), {})).code,
            Code::pin_last_try);
  EXPECT_EQ(card.verifies_with_data, 2);
  EXPECT_EQ(fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("9999"),
                                {.expected_tries_left = 1, .accept_last_try = true}))
                .code,
            Code::pin_locked);
  EXPECT_EQ(fault_of(verify_pin(card, state, genuine(), PinName::authentication, Secret("1234"), {})).code,
            Code::pin_locked);
  EXPECT_EQ(card.verifies_with_data, 3);
}

}  // namespace
}  // namespace madoguchi::mynumber
