#include "mynumber/admin.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include "support/certificates.hpp"
#include "support/model_card.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using base::Code;
using testing::ModelCard;
using testing::ScriptedCard;

constexpr const char* select_jpki = "00A4 040C 0A D392F000260100000001";
constexpr const char* select_resident_register = "00A4 040C 0A D3921000310001010401";
constexpr const char* select_common = "00A4 040C 0A D3921000310001010100";

const std::string challenge = "000102030405060708090a0b0c0d0e0f";
// printf of the challenge | openssl dgst -sha256 -mac HMAC -macopt hexkey:1111...11 (32 bytes)
const std::string cryptogram = "4c9d4f9309af0483ba172004971c4674a2ef170b57faa89591e85ae17cd97e94";

template <class T>
base::Fault fault_of(const base::Result<T>& result) {
  EXPECT_FALSE(result);
  return result ? base::Fault{} : result.error();
}

void expect_authentication(ScriptedCard& card) {
  card.expect("00840000 10", challenge + "9000").expect("00820001 20" + cryptogram, "9000");
}

class Admin : public ::testing::Test {
 protected:
  // Authenticated in JPKI, as after authenticate().
  CardState authenticated() const {
    CardState state;
    state.current = Application::jpki;
    state.terminal_authenticated = true;
    state.terminal_key = key.get();
    return state;
  }

  const std::unique_ptr<TerminalKey> key = make_terminal_key(base::Bytes(32, 0x11));
  const std::unique_ptr<AdminCommandSet> admin = make_admin_commands(simulated_spare());
  ScriptedCard card;
};

// Answer of GENERATE ASYMMETRIC KEY PAIR with the test key.
std::string key_answer() {
  return "7F4982010981820100" + base::to_hex(testing::modulus_of(testing::test_public_key())) + "8203010001";
}

TEST_F(Admin, GenuineCardHasNone) {
  EXPECT_EQ(make_admin_commands(genuine()), nullptr);
  EXPECT_NE(make_admin_commands(simulated_single()), nullptr);
}

TEST_F(Admin, AuthenticatesByChallenge) {
  CardState state;
  card.expect(select_jpki, "9000");
  expect_authentication(card);
  ASSERT_TRUE(admin->authenticate(card, state, *key));
  EXPECT_TRUE(state.terminal_authenticated);
  ASSERT_TRUE(admin->authenticate(card, state, *key));
  EXPECT_EQ(card.sent(), 3);
}

TEST_F(Admin, AuthenticationKeepsVerifiedPins) {
  CardState state;
  state.current = Application::jpki;
  state.verified.set(static_cast<std::size_t>(PinName::signature));
  expect_authentication(card);
  ASSERT_TRUE(admin->authenticate(card, state, *key));
  EXPECT_TRUE(state.is_verified(PinName::signature));
}

TEST_F(Admin, WrongTerminalKeyIsRefused) {
  CardState state;
  card.expect(select_jpki, "9000")
      .expect("00840000 10", challenge + "9000")
      .expect("00820001 20" + cryptogram, "6300");
  const base::Fault fault = fault_of(admin->authenticate(card, state, *key));
  EXPECT_EQ(fault.code, Code::card_refused);
  EXPECT_EQ(boost::json::serialize(fault.details), R"({"command":"external_authenticate","status":"6300"})");
  EXPECT_FALSE(state.terminal_authenticated);
}

TEST_F(Admin, ShortChallengeIsNotAnswered) {
  CardState state;
  card.expect(select_jpki, "9000").expect("00840000 10", "0001 9000");
  EXPECT_EQ(fault_of(admin->authenticate(card, state, *key)).code, Code::card_refused);
}

TEST_F(Admin, StepsBeforeAuthenticateAreRefusedHere) {
  CardState state;
  state.current = Application::jpki;
  EXPECT_EQ(fault_of(admin->generate_key(card, state, CertificateName::signature, Slot::spare)).code,
            Code::internal);
}

TEST_F(Admin, GeneratesAKey) {
  CardState state = authenticated();
  const std::string answer = key_answer();
  card.expect("00468000 05 B603840115 00", "6100")
      .expect("00C00000 00", answer.substr(0, 512) + "610E")
      .expect("00C00000 0E", answer.substr(512) + "9000");
  const auto spki = admin->generate_key(card, state, CertificateName::signature, Slot::spare);
  ASSERT_TRUE(spki) << describe(spki.error());
  EXPECT_EQ(*spki, testing::test_public_key());
}

TEST_F(Admin, EveryKeyHasItsReference) {
  CardState state = authenticated();
  card.expect("00468000 05 B60384011A 00", key_answer() + "9000")
      .expect("00468000 05 A403840117 00", key_answer() + "9000")
      .expect("00468000 05 A403840114 00", key_answer() + "9000");
  EXPECT_TRUE(admin->generate_key(card, state, CertificateName::signature, Slot::active));
  EXPECT_TRUE(admin->generate_key(card, state, CertificateName::authentication, Slot::active));
  EXPECT_TRUE(admin->generate_key(card, state, CertificateName::authentication, Slot::spare));
}

TEST_F(Admin, ReadsAPublicKeyOrNone) {
  CardState state = authenticated();
  card.expect("00468100 05 A403840117 00", key_answer() + "9000").expect("00468100 05 A403840114 00", "6A88");
  const auto key_there = admin->read_public_key(card, state, CertificateName::authentication, Slot::active);
  ASSERT_TRUE(key_there);
  EXPECT_EQ(*key_there, testing::test_public_key());
  const auto none = admin->read_public_key(card, state, CertificateName::authentication, Slot::spare);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST_F(Admin, AuthenticatesAgainAfterAnotherApplication) {
  CardState state = authenticated();
  card.expect(select_resident_register, "9000")
      .expect("00A4 020C 02 001C", "9000")
      .expect("00200080", "63C3");
  ASSERT_TRUE(tries_left(card, state, simulated_spare(), PinName::resident_register));
  card.expect(select_jpki, "9000");
  expect_authentication(card);
  card.expect("00468100 05 A403840114 00", "6A88");
  EXPECT_TRUE(admin->read_public_key(card, state, CertificateName::authentication, Slot::spare));
}

TEST_F(Admin, LostRightsAreTakenNoteOf) {
  CardState state = authenticated();
  card.expect("00468000 05 B603840115 00", "6982");
  EXPECT_EQ(fault_of(admin->generate_key(card, state, CertificateName::signature, Slot::spare)).code,
            Code::card_refused);
  EXPECT_FALSE(state.terminal_authenticated);
}

TEST_F(Admin, KeysOfOtherFormsAreRefused) {
  const std::string modulus(512, 'F');
  const std::string answers[] = {
      "",
      "7F4982010981820100",
      "7F4900",
      "7F4982010881"
      "81FF" +
          modulus.substr(2) + "8203010001",
      "7F4982010981820100"
      "7F" +
          modulus.substr(2) + "8203010001",
      "7F4982010981820100" + modulus.substr(2) + "FE8203010001",
      "7F4982010781820100" + modulus + "820103",
  };
  for (const std::string& answer : answers) {
    CardState state = authenticated();
    ScriptedCard hostile;
    hostile.expect("00468000 05 B603840115 00", answer + "9000");
    EXPECT_EQ(fault_of(admin->generate_key(hostile, state, CertificateName::signature, Slot::spare)).code,
              Code::card_refused)
        << answer;
  }
}

TEST_F(Admin, LostReplyOfAKeyGenerationIsPassedOn) {
  CardState state = authenticated();
  card.expect("00468000 05 B603840115 00", "!card.removed");
  EXPECT_EQ(fault_of(admin->generate_key(card, state, CertificateName::signature, Slot::spare)).code,
            Code::card_removed);
}

// The commands that write `der` into a selected file of 2048 bytes.
void expect_write(ScriptedCard& card, const base::Bytes& der) {
  const base::Bytes file = testing::in_file(der);
  card.expect("00D60000 04 FFFFFFFF", "9000");
  for (std::size_t offset = 4; offset < file.size(); offset += 255) {
    const std::size_t size = std::min<std::size_t>(255, file.size() - offset);
    const base::Bytes head{0x00, 0xD6, static_cast<std::uint8_t>(offset >> 8),
                           static_cast<std::uint8_t>(offset), static_cast<std::uint8_t>(size)};
    card.expect(base::to_hex(head) + base::to_hex(base::ByteView(file).subspan(offset, size)), "9000");
  }
  card.expect("00D60000 04" + base::to_hex(base::ByteView(der).first(4)), "9000");
}

TEST_F(Admin, WritesTheWholeSpareFileHeadLast) {
  CardState state = authenticated();
  const base::Bytes der = testing::make_certificate();
  card.expect("00A4 020C 02 0003", "9000");
  expect_write(card, der);
  ASSERT_TRUE(admin->write_certificate(card, state, CertificateName::signature, Slot::spare, der));
  EXPECT_EQ(card.sent(), 12);
}

TEST_F(Admin, WritingTheActiveFileMarksItPresentFirst) {
  CardState state = authenticated();
  const base::Bytes der = testing::make_certificate();
  card.expect("00A4 020C 02 0008", "9000")
      .expect("00D60001 01 8F", "9000")
      .expect("00A4 020C 02 000A", "9000");
  expect_write(card, der);
  ASSERT_TRUE(admin->write_certificate(card, state, CertificateName::authentication, Slot::active, der));
}

TEST_F(Admin, WhatDoesNotFitIsNotWritten) {
  CardState state = authenticated();
  base::Bytes behind = testing::make_certificate();
  behind.push_back(0x00);
  for (const base::Bytes& der : {behind, testing::make_certificate({.padding = 1500}), base::Bytes(100, 0xFF),
                                 base::Bytes{}, base::Bytes{0x30, 0x00}}) {
    EXPECT_EQ(
        fault_of(admin->write_certificate(card, state, CertificateName::signature, Slot::spare, der)).code,
        Code::authority_mismatch);
  }
  EXPECT_EQ(card.sent(), 0);
}

TEST_F(Admin, WriteFailureIsTold) {
  CardState state = authenticated();
  card.expect("00A4 020C 02 0003", "9000").expect("00D60000 04 FFFFFFFF", "6581");
  const base::Fault fault = fault_of(admin->write_certificate(card, state, CertificateName::signature,
                                                              Slot::spare, testing::make_certificate()));
  EXPECT_EQ(fault.code, Code::card_refused);
  EXPECT_EQ(boost::json::serialize(fault.details), R"({"command":"update_binary","status":"6581"})");
}

// Whichever byte is the last that the card stored: the file holds the old certificate, the new one, or none.
TEST_F(Admin, TornWritesNeverLookLikeACertificate) {
  const base::Bytes old_der = testing::make_certificate({.serial = "11"});
  const base::Bytes new_der = testing::make_certificate({.serial = "22"});
  ASSERT_EQ(old_der.size(), new_der.size());
  const std::size_t all = 1 + 4 + 2044 + 4;
  int nothing = 0;
  for (std::size_t stored = 0; stored <= all; ++stored) {
    ModelCard torn;
    torn.applications[Application::jpki].files[0x000A] = testing::in_file(old_der);
    torn.write_budget = stored;
    CardState state = authenticated();
    state.current = Application::none;
    const auto written =
        admin->write_certificate(torn, state, CertificateName::authentication, Slot::active, new_der);
    EXPECT_EQ(written.has_value(), stored == all);

    ModelCard again;
    again.applications = torn.applications;
    CardState fresh;
    fresh.terminal_key = key.get();
    const auto back = admin->read_back(again, fresh, CertificateName::authentication, Slot::active);
    ASSERT_TRUE(back) << stored;
    const bool whole = *back && (**back == old_der || **back == new_der);
    EXPECT_TRUE(whole || !*back || !parse_certificate(**back)) << stored;
    if (!*back) ++nothing;
    if (stored == all) {
      EXPECT_EQ(**back, new_der);
    }
  }
  EXPECT_GT(nothing, 2000);
}

TEST_F(Admin, ReadsBackWithoutPin) {
  CardState state = authenticated();
  card.expect("00A4 020C 02 0001", "9000").expect("00B00000 00", "30020500 FFFF 9000");
  const auto there = admin->read_back(card, state, CertificateName::signature, Slot::active);
  ASSERT_TRUE(there);
  EXPECT_EQ(base::to_hex(there->value()), "30020500");
  card.expect("00A4 020C 02 0003", "9000").expect("00B00000 00", "FFFFFFFF 9000");
  const auto none = admin->read_back(card, state, CertificateName::signature, Slot::spare);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  card.expect("00A4 020C 02 0001", "9000").expect("00B00000 00", "6982");
  EXPECT_EQ(fault_of(admin->read_back(card, state, CertificateName::signature, Slot::active)).code,
            Code::card_refused);
  EXPECT_FALSE(state.terminal_authenticated);
}

TEST_F(Admin, ActivatesAfterMarkingPresent) {
  CardState state = authenticated();
  card.expect("00A4 020C 02 0008", "9000")
      .expect("00D60000 01 8F", "9000")
      .expect("00440000 02 0003", "9000")
      .expect("00A4 020C 02 0008", "6A82")
      .expect("00440000 02 000C", "9000");
  EXPECT_TRUE(admin->activate(card, state, CertificateName::signature));
  EXPECT_TRUE(admin->activate(card, state, CertificateName::authentication));
}

TEST_F(Admin, NothingIsExchangedWhenMarkingFails) {
  CardState state = authenticated();
  card.expect("00A4 020C 02 0008", "9000").expect("00D60000 01 8F", "6581");
  EXPECT_EQ(fault_of(admin->activate(card, state, CertificateName::signature)).code, Code::card_refused);
}

TEST_F(Admin, SingleSlotCardHasNoSpare) {
  const auto single = make_admin_commands(simulated_single());
  CardState state = authenticated();
  EXPECT_EQ(fault_of(single->activate(card, state, CertificateName::signature)).code, Code::not_found);
  EXPECT_EQ(fault_of(single->generate_key(card, state, CertificateName::signature, Slot::spare)).code,
            Code::not_found);
  EXPECT_EQ(card.sent(), 0);
}

TEST_F(Admin, ResetsJpkiPins) {
  CardState state = authenticated();
  state.verified.set(static_cast<std::size_t>(PinName::authentication));
  card.expect("002C0298 04 35363738", "9000").expect("002C029B 06 414243313233", "9000");
  EXPECT_TRUE(admin->reset_pin(card, state, PinName::authentication, base::Secret("5678")));
  EXPECT_FALSE(state.is_verified(PinName::authentication));
  EXPECT_TRUE(admin->reset_pin(card, state, PinName::signature, base::Secret("abc123")));
}

TEST_F(Admin, ResetsTheResidentRegistersPinInBothPlaces) {
  CardState state = authenticated();
  card.expect(select_resident_register, "9000");
  expect_authentication(card);
  card.expect("002C029C 04 35363738", "9000").expect(select_common, "9000");
  expect_authentication(card);
  card.expect("002C029C 04 35363738", "9000");
  EXPECT_TRUE(admin->reset_pin(card, state, PinName::resident_register, base::Secret("5678")));
}

TEST_F(Admin, ResetsTheResidentRegistersPinOfACardWithoutTheTwin) {
  CardState state = authenticated();
  card.expect(select_resident_register, "9000");
  expect_authentication(card);
  card.expect("002C029C 04 35363738", "9000").expect(select_common, "6A82");
  EXPECT_TRUE(admin->reset_pin(card, state, PinName::resident_register, base::Secret("5678")));
}

TEST_F(Admin, MalformedNewPinSendsNothing) {
  CardState state = authenticated();
  EXPECT_EQ(fault_of(admin->reset_pin(card, state, PinName::authentication, base::Secret("12"))).code,
            Code::pin_malformed);
  EXPECT_EQ(card.sent(), 0);
}

TEST_F(Admin, NoSuchPinToReset) {
  CardState state = authenticated();
  card.expect("002C0298 04 35363738", "6A88");
  EXPECT_EQ(fault_of(admin->reset_pin(card, state, PinName::authentication, base::Secret("5678"))).code,
            Code::not_found);
}

}  // namespace
}  // namespace madoguchi::mynumber
