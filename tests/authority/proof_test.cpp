#include "cmp/proof.hpp"

#include <gtest/gtest.h>

#include "cmp/message.hpp"
#include "journey.hpp"
#include "smartcard/tlv.hpp"

namespace madoguchi::authority::test {
namespace {

using base::Code;

template <class T>
void expect_mismatch(const base::Result<T>& result) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::authority_mismatch) << base::describe(result.error());
}

const std::vector<BodyType> every_body{BodyType::cr, BodyType::p10cr, BodyType::kur};

TEST(Proof, TheSameEnrolmentGivesTheSameBytesToSign) {
  for (const auto body : every_body) {
    EXPECT_EQ(proof_input(body, enrolment_for(card_key(0))).value(),
              proof_input(body, enrolment_for(card_key(0))).value());
  }
}

// About half of all signatures end in zero bits, which must not be lost in the BIT STRING.
TEST(Proof, SignaturesThatEndInZeroBitsStayWhole) {
  int ending_in_zero = 0;
  auto enrolment = enrolment_for(card_key(0));
  for (int day = 1; day <= 40; ++day) {
    enrolment.last_day = base::add_days(enrolment.last_day, 1);
    const auto input = proof_input(BodyType::cr, enrolment).value();
    const auto signature = card_signs(card_key(0), input);
    if ((signature.back() & 1) == 0) ++ending_in_zero;
    EXPECT_TRUE(assemble_request(BodyType::cr, enrolment, input, signature)) << day;
  }
  EXPECT_GT(ending_in_zero, 5);
}

TEST(Proof, AnEllipticCurveCardWorksToo) {
  const auto key = new_ec_key();
  const auto enrolment = enrolment_for(*key);
  for (const auto body : every_body) {
    const auto input = proof_input(body, enrolment).value();
    EXPECT_TRUE(assemble_request(body, enrolment, input, card_signs(*key, input)));
  }
}

TEST(Proof, ASignatureOfAnotherKeyOrOverOtherBytesIsRefused) {
  const auto enrolment = enrolment_for(card_key(0));
  for (const auto body : every_body) {
    const auto input = proof_input(body, enrolment).value();
    expect_mismatch(assemble_request(body, enrolment, input, card_signs(card_key(1), input)));
    expect_mismatch(assemble_request(body, enrolment, input, card_signs(card_key(0), base::Bytes{1, 2, 3})));
    auto spoilt = card_signs(card_key(0), input);
    spoilt[100] ^= 1;
    expect_mismatch(assemble_request(body, enrolment, input, spoilt));
    expect_mismatch(assemble_request(body, enrolment, input, {}));
    expect_mismatch(
        assemble_request(body, enrolment, base::Bytes{0x30, 0x00}, card_signs(card_key(0), input)));
  }
}

// The proof is good, but for another card or person: as after a mix-up in the journal.
TEST(Guard, ARequestForAnotherKeyOrSubjectIsRefused) {
  const auto enrolment = enrolment_for(card_key(0));
  for (const auto body : every_body) {
    const auto other_key = enrolment_for(card_key(1));
    auto input = proof_input(body, other_key).value();
    const auto request = assemble_request(body, other_key, input, card_signs(card_key(1), input)).value();
    expect_mismatch(check_request(body, enrolment, request));

    auto other_subject = enrolment;
    other_subject.subject_der = to_der(name_of("somebody else").get(), i2d_X509_NAME);
    input = proof_input(body, other_subject).value();
    const auto renamed = assemble_request(body, other_subject, input, card_signs(card_key(0), input)).value();
    expect_mismatch(check_request(body, enrolment, renamed));
    EXPECT_TRUE(check_request(body, other_subject, renamed));
  }
}

TEST(Guard, StopsEnrolBeforeAnythingIsBuilt) {
  Journey journey;
  journey.enrolment.spki = spki_of(card_key(1));
  expect_mismatch(journey.next());
  Journey renamed;
  renamed.enrolment.subject_der = to_der(name_of("somebody else").get(), i2d_X509_NAME);
  expect_mismatch(renamed.next());
}

TEST(Guard, TheCountersWordInPlaceOfTheCardsProofIsRefused) {
  const auto enrolment = enrolment_for(card_key(0));
  const auto input = proof_input(BodyType::cr, enrolment).value();
  base::Bytes content = input;
  content.insert(content.end(), {0x80, 0x00});  // raVerified [0] NULL
  expect_mismatch(check_request(BodyType::cr, enrolment, smartcard::make_tlv(0x30, content)));
  expect_mismatch(check_request(BodyType::cr, enrolment, smartcard::make_tlv(0x30, input)));  // none at all
}

TEST(Guard, AStoredMessageThatCarriesAnotherRequestIsNotRepeated) {
  Journey journey;
  Journey other(BodyType::cr, 1);
  journey.record(other.next().value());
  expect_mismatch(journey.next());
}

TEST(Guard, WhatLeavesCarriesTheCardsOwnProof) {
  for (const auto body : every_body) {
    Journey journey(body);
    const auto sent = std::get<Send>(journey.next().value()).message;
    const auto view = read_message(sent);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->is_protected);
    EXPECT_TRUE(same_bytes(view->transaction_id, journey.conversation.transaction_id));
    EXPECT_EQ(enclosed_request(*view), journey.conversation.body);
  }
}

// OpenSSL copies the old certificate's subjectAltName into key updates unless told not to.
TEST(Guard, NamesOfTheOldCertificateDoNotSlipIn) {
  auto enrolment = enrolment_for(card_key(0));
  enrolment.old_certificate =
      der_of(*certify("citizen", card_key(1), &pki().issuing, Use::end_entity, "old.example"));
  for (const auto body : every_body) {
    const auto input = proof_input(body, enrolment).value();
    const std::string text(input.begin(), input.end());
    EXPECT_EQ(text.find("old.example"), std::string::npos);
  }
}

TEST(Proof, AnEnrolmentWithoutKeySubjectOrOldCertificateIsRefused) {
  auto no_key = enrolment_for(card_key(0));
  no_key.spki.clear();
  auto no_subject = enrolment_for(card_key(0));
  no_subject.subject_der = {0x30, 0x00};
  for (const auto body : every_body) {
    expect_mismatch(proof_input(body, no_key));
    expect_mismatch(proof_input(body, no_subject));
  }
  auto no_old = enrolment_for(card_key(0));
  no_old.old_certificate.clear();
  expect_mismatch(proof_input(BodyType::kur, no_old));
  EXPECT_TRUE(proof_input(BodyType::cr, no_old));
  EXPECT_TRUE(proof_input(BodyType::p10cr, no_old));
}

}  // namespace
}  // namespace madoguchi::authority::test
