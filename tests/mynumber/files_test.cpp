#include "files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/certificates.hpp"
#include "support/model_card.hpp"
#include "support/scripted_card.hpp"

namespace madoguchi::mynumber {
namespace {

using testing::ModelCard;
using testing::ScriptedCard;

constexpr const char* select_jpki = "00A4 040C 0A D392F000260100000001";

CardState in_jpki(std::initializer_list<PinName> verified = {}) {
  CardState state;
  state.current = Application::jpki;
  for (const PinName pin : verified) state.verified.set(static_cast<std::size_t>(pin));
  return state;
}

base::Code fault_of(const base::Result<Certificate>& result) {
  EXPECT_FALSE(result);
  return result ? base::Code::internal : result.error().code;
}

std::string hex_range(const base::Bytes& bytes, std::size_t offset, std::size_t count) {
  return base::to_hex(base::ByteView(bytes).subspan(offset, count));
}

TEST(SelectApplication, ByFullNameAndOnlyWhenItIsNotCurrent) {
  CardState state;
  ScriptedCard card;
  card.expect(select_jpki, "9000");
  ASSERT_TRUE(select_application(card, state, Application::jpki));
  ASSERT_TRUE(select_application(card, state, Application::jpki));
  EXPECT_EQ(card.sent(), 1);
}

TEST(SelectApplication, LeavingDropsAllRights) {
  CardState state = in_jpki({PinName::signature, PinName::authentication});
  state.terminal_authenticated = true;
  ScriptedCard card;
  card.expect("00A4 040C 0A D3921000310001010401", "9000")
      .expect("00A4 040C 0A D3921000310001010100", "6A82");
  ASSERT_TRUE(select_application(card, state, Application::resident_register));
  EXPECT_TRUE(state.verified.none());
  EXPECT_FALSE(state.terminal_authenticated);
  const auto missing = select_application(card, state, Application::common);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::Code::not_found);
  // What a refused SELECT leaves current is up to the card: the next step selects again.
  EXPECT_EQ(state.current, Application::none);
}

TEST(SelectApplication, NoReplyDropsAllRights) {
  CardState state = in_jpki({PinName::signature});
  ScriptedCard card;
  card.expect("00A4 040C 0A D3921000310001010401", "!card.removed");
  const auto lost = select_application(card, state, Application::resident_register);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, base::Code::card_removed);
  EXPECT_TRUE(state.verified.none());
  EXPECT_EQ(state.current, Application::none);
}

TEST(SelectFile, UnexpectedStatusIsTold) {
  ScriptedCard card;
  for (const auto& [status, code] :
       {std::pair{"6A86", base::Code::card_refused}, std::pair{"6F00", base::Code::card_mute}}) {
    card.expect("00A4 020C 02 000A", status);
    const auto refusal = select_file(card, 0x000A);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, code);
    EXPECT_EQ(refusal.error().details.at("command"), "select_file");
    EXPECT_EQ(refusal.error().details.at("status"), status);
  }
}

// card.md 10: a 300-byte object, 308201 28.
TEST(ReadDerFile, LearnsTheLengthFromTheFirstChunk) {
  base::Bytes object(300, 0xAB);
  object[0] = 0x30;
  object[1] = 0x82;
  object[2] = 0x01;
  object[3] = 0x28;
  ScriptedCard card;
  card.expect("00A4 020C 02 000A", "9000")
      .expect("00B0 0000 00", hex_range(object, 0, 256) + "9000")
      .expect("00B0 0100 2C", hex_range(object, 256, 44) + "9000");
  const auto der = read_der_file(card, 0x000A, std::nullopt);
  ASSERT_TRUE(der);
  EXPECT_EQ(*der, object);
}

TEST(ReadDerFile, CollectsAndCorrects) {
  ScriptedCard card;
  card.expect("00A4 020C 02 000A", "9000")
      .expect("00B0 0000 00", "6C04")
      .expect("00B0 0000 04", "6102")
      .expect("00C0 0000 02", "3000 6282");
  const auto der = read_der_file(card, 0x000A, std::nullopt);
  ASSERT_TRUE(der);
  EXPECT_EQ(base::to_hex(*der), "3000");
}

TEST(ReadDerFile, NotFoundWhereThereIsNoObject) {
  const char* const empties[] = {
      "9000",                    // a file of no bytes
      "6B00",                    // the same, said otherwise
      "FFFFFFFF 9000",           // filler
      "00000000 9000",           // erased to zero
      "30 9000",                 // cut within the header
      "308206 9000",             // cut within the length
      "30820300 0102 9000",      // cut within the value
      "3080 0000 9000",          // indefinite length
      "3084 7FFFFFFF 00 9000",   // a length beyond any file
      "3084 FFFFFFFF 00 9000",   // the same, beyond 31 bits
      "3089 FFFFFFFFFFFF 9000",  // a length of nine bytes
  };
  for (const char* const answer : empties) {
    ScriptedCard card;
    card.expect("00A4 020C 02 000A", "9000").expect("00B0 0000 00", answer);
    const auto der = read_der_file(card, 0x000A, std::nullopt);
    ASSERT_FALSE(der) << answer;
    EXPECT_EQ(der.error().code, base::Code::not_found) << answer;
  }
}

// Offsets beyond 7FFF would be read as a short file id, so as another file.
TEST(ReadDerFile, LengthsBeyondTheOffsetsAreNotReadOn) {
  for (const char* const header : {"30827FFC", "3083008000", "3083010000"}) {
    base::Bytes head = base::from_hex(header).value();
    head.resize(256, 0x00);
    ScriptedCard card;
    card.expect("00A4 020C 02 000A", "9000").expect("00B0 0000 00", hex_range(head, 0, 256) + "9000");
    const auto der = read_der_file(card, 0x000A, std::nullopt);
    ASSERT_FALSE(der) << header;
    EXPECT_EQ(der.error().code, base::Code::not_found) << header;
  }
}

TEST(ReadDerFile, ShortLaterChunkIsATruncatedFile) {
  base::Bytes head(256, 0x00);
  head[0] = 0x30;
  head[1] = 0x82;
  head[2] = 0x05;
  for (const char* const answer : {"0102 6282", "6B00"}) {
    ScriptedCard card;
    card.expect("00A4 020C 02 000A", "9000")
        .expect("00B0 0000 00", hex_range(head, 0, 256) + "9000")
        .expect("00B0 0100 00", answer);
    const auto der = read_der_file(card, 0x000A, std::nullopt);
    ASSERT_FALSE(der);
    EXPECT_EQ(der.error().code, base::Code::not_found);
  }
}

TEST(ReadDerFile, DropsBytesNobodyAskedFor) {
  ScriptedCard card;
  card.expect("00A4 020C 02 000A", "9000")
      .expect("00B0 0000 00", "3002 0500" + std::string(600, 'F') + "9000");
  const auto der = read_der_file(card, 0x000A, std::nullopt);
  ASSERT_TRUE(der);
  EXPECT_EQ(base::to_hex(*der), "30020500");
}

TEST(ReadCertificate, CutAtItsLengthAndInFewCommands) {
  for (const std::size_t padding : {std::size_t{0}, std::size_t{1}, std::size_t{130}, std::size_t{700}}) {
    const base::Bytes der = testing::make_certificate({.padding = padding});
    ModelCard card;
    card.applications[Application::jpki].files[0x000A] = testing::in_file(der);
    CardState state;
    const auto certificate = read_certificate(card, state, genuine(), CertificateName::authentication);
    ASSERT_TRUE(certificate) << describe(certificate.error());
    EXPECT_EQ(certificate->der, der);
    EXPECT_EQ(card.sent, 2 + static_cast<int>((der.size() + 255) / 256));
  }
}

TEST(ReadCertificate, FileAsLongAsTheCertificate) {
  const base::Bytes der = testing::make_certificate();
  ModelCard card;
  card.applications[Application::jpki].files[0x000A] = der;
  CardState state;
  EXPECT_EQ(read_certificate(card, state, genuine(), CertificateName::authentication).value().der, der);
}

// C8
TEST(ReadCertificate, SignatureCertificateIsNotAskedForWithoutItsPin) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::authentication});
  const auto refusal = read_certificate(card, state, genuine(), CertificateName::signature);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, base::Code::pin_required);
  EXPECT_EQ(refusal.error().details.at("pin"), "signature");
  EXPECT_EQ(card.sent(), 0);
}

TEST(ReadCertificate, SignatureCertificateWithItsPin) {
  ModelCard card;
  card.signature_readable = true;
  CardState state;
  ASSERT_TRUE(verify_pin(card, state, genuine(), PinName::signature, base::Secret("password1234"), {}));
  const auto certificate = read_certificate(card, state, genuine(), CertificateName::signature);
  ASSERT_TRUE(certificate) << describe(certificate.error());
  EXPECT_EQ(certificate->serial, "51");
}

TEST(ReadCertificate, CardForgotThePin) {
  ScriptedCard card;
  CardState state = in_jpki({PinName::signature, PinName::authentication});
  card.expect("00A4 020C 02 0001", "9000").expect("00B0 0000 00", "6982");
  EXPECT_EQ(fault_of(read_certificate(card, state, genuine(), CertificateName::signature)),
            base::Code::pin_required);
  EXPECT_FALSE(state.is_verified(PinName::signature));
  EXPECT_TRUE(state.is_verified(PinName::authentication));
}

// On phones the authentication certificate needs its PIN too (card.md 2.1).
TEST(ReadCertificate, AuthenticationCertificateOfAPhone) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 000A", "9000").expect("00B0 0000 00", "6982");
  const auto refusal = read_certificate(card, state, genuine(), CertificateName::authentication);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, base::Code::pin_required);
  EXPECT_EQ(refusal.error().details.at("pin"), "authentication");
}

TEST(ReadCertificate, CutShortAndFilledUp) {
  ModelCard card;
  base::Bytes& file = card.applications[Application::jpki].files[0x000A];
  std::fill(file.begin() + 300, file.end(), std::uint8_t{0xFF});
  CardState state;
  EXPECT_EQ(fault_of(read_certificate(card, state, genuine(), CertificateName::authentication)),
            base::Code::not_found);
}

TEST(ReadCertificate, AbsentFile) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 000A", "6A82").expect("00A4 020C 02 000A", "6A82");
  EXPECT_EQ(fault_of(read_certificate(card, state, genuine(), CertificateName::authentication)),
            base::Code::not_found)
      << "seen twice";
}

TEST(ReadCertificate, TwoReadingsThatDifferTellNothing) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 000A", "9000").expect("00B0 0000 00", "9000");
  card.expect("00A4 020C 02 000A", "6A82");
  EXPECT_EQ(fault_of(read_certificate(card, state, genuine(), CertificateName::authentication)),
            base::Code::card_mute);
}

TEST(ReadCertificate, RemovedCard) {
  ScriptedCard card;
  CardState state = in_jpki();
  card.expect("00A4 020C 02 000A", "9000").expect("00B0 0000 00", "!card.removed");
  EXPECT_EQ(fault_of(read_certificate(card, state, genuine(), CertificateName::authentication)),
            base::Code::card_removed);
}

}  // namespace
}  // namespace madoguchi::mynumber
