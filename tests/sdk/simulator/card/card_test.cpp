#include "simulated_card/card.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "simulated_card/keys.hpp"
#include "simulated_issuer/handle.hpp"
#include "smartcard/apdu.hpp"
#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

class CardFiles : public TestCard {};
class CardKeys : public TestCard {};

TEST_F(CardFiles, SelectsByWholeNameAndPrefix) {
  EXPECT_EQ(select_jpki(), "9000");
  EXPECT_EQ(send("00A4040C 08 D392F00026010000"), "9000");
  EXPECT_EQ(send("00A4040C 0A D3921000310001010402"), "9000");
  EXPECT_EQ(send("00A4040C 0A D3921000310001010408"), "9000");
  EXPECT_EQ(select_register(), "9000");
  EXPECT_EQ(select_common(), "9000");
  EXPECT_EQ(send("00A4040C 07 A0000001510000"), "9000");
}

TEST_F(CardFiles, RefusesForeignNamesAndKeepsTheCurrentApplication) {
  select_jpki();
  EXPECT_EQ(send("00A4040C 07 A0000000041010"), "6a82");
  EXPECT_EQ(send("00A4040C 0B D392F00026010000000100"), "6a82");
  EXPECT_EQ(send("00A4040C 02 D392"), "6a82");
  EXPECT_EQ(send("00A4020C 02 000A"), "9000");
}

TEST_F(CardFiles, TellsItsNameWhenAsked) {
  EXPECT_EQ(send("00A40400 0A D392F000260100000001 00"), "6f0c840ad392f0002601000000019000");
  EXPECT_EQ(send("00A40400 0A D392F000260100000001"), "9000");
  EXPECT_EQ(send("00A40408 0A D392F000260100000001"), "6a86");
}

TEST_F(CardFiles, MasterFileIsNoWayOut) {
  EXPECT_EQ(send("00A40000"), "6a86");
  select_jpki();
  EXPECT_EQ(send("00A40000"), "9000");
  EXPECT_EQ(send("00A40000 02 3F00"), "6a82");
  EXPECT_EQ(send("00A4020C 02 000A"), "9000");
}

TEST_F(CardFiles, ServesOneChannelAndNoSecureMessaging) {
  EXPECT_EQ(send("01A4040C 0A D392F000260100000001"), "6881");
  EXPECT_EQ(send("42A4040C 0A D392F000260100000001"), "6881");
  EXPECT_EQ(send("0CA4040C 0A D392F000260100000001"), "6882");
  select_jpki();
  EXPECT_EQ(send("0CB00000 04"), "69fc");
  EXPECT_EQ(send("00EE0000"), "6d00");
  EXPECT_EQ(send("00CB3FFF 04 5C020000 00"), "6d00");
  EXPECT_EQ(send("80B00000 04"), "6e00");
  EXPECT_EQ(send("00B000"), "6700");
}

TEST_F(CardFiles, ReadsInPiecesUpToTheEnd) {
  select_jpki();
  EXPECT_EQ(send("00B00000 04"), "6986");
  EXPECT_EQ(send("00A4020C 02 000A"), "9000");
  EXPECT_EQ(send("00B00000 04"), "308203e89000");
  const auto whole = card.transmit(hex("00B00000 00"));
  EXPECT_EQ(whole.size(), 256U + 2);
  // 1,004 bytes of certificate, then filler up to the file's 2,048.
  EXPECT_EQ(send("00B003EB 02"), "aaff9000");
  EXPECT_EQ(send("00B007FE 00"), "ffff9000");
  EXPECT_EQ(send("00B007FE 04"), "ffff6282");
  EXPECT_EQ(send("00B00800 01"), "6b00");
  EXPECT_EQ(card.transmit(hex("00B00000 000800")).size(), 2048U + 2);
}

TEST_F(CardFiles, ReadsByShortIdWhichBecomesCurrent) {
  select_jpki();
  EXPECT_EQ(send("00B08A00 04"), "308203e89000");
  EXPECT_EQ(send("00B00000 01"), "309000");
  EXPECT_EQ(send("00B08800 00"), "8f8f009000");
  EXPECT_EQ(send("00B09D00 00"), "6a82");
  EXPECT_EQ(send("00B09800 00"), "6981");
  EXPECT_EQ(send("00B08900 00"), "6982");
}

TEST_F(CardFiles, SignatureCertificateNeedsItsPin) {
  select_jpki();
  EXPECT_EQ(send("00A4020C 02 0001"), "9000");
  EXPECT_EQ(send("00B00000 04"), "6982");
  EXPECT_EQ(verify_authentication("1234"), "9000");
  EXPECT_EQ(send("00B00000 04"), "6982");
  EXPECT_EQ(verify_signature("ABC123"), "9000");
  EXPECT_EQ(send("00B00000 04"), "308203e89000");
  select_jpki();
  EXPECT_EQ(send("00B08100 04"), "6982");
}

TEST_F(CardFiles, TokenInformationIsPaddedWithSpaces) {
  select_jpki();
  send("00A4020C 02 0006");
  const auto info = card.transmit(hex("00B00000 00"));
  ASSERT_EQ(info.size(), 160U + 2);
  EXPECT_EQ(std::string(info.begin(), info.begin() + 32), "JPKIAPICCTOKEN2                 ");
  const auto other = personalise({.citizen = make_citizen({.today = std::chrono::year(2026) / 4 / 1,
                                                           .seed = 8,
                                                           .birth = {},
                                                           .issued_on = {},
                                                           .expires_on = {},
                                                           .card_expires_on = {},
                                                           .tries = {},
                                                           .pins = {}})
                                                 .value(),
                                  .signature = {},
                                  .authentication = {},
                                  .signature_issuer = {},
                                  .authentication_issuer = {},
                                  .terminal_key = {},
                                  .internal_key = {}});
  EXPECT_NE(other.find(layout::jpki)->files.at(layout::token_information).content,
            base::Bytes(info.begin(), info.end() - 2));
}

TEST_F(CardFiles, CommonRecordNamesTheCard) {
  EXPECT_EQ(send("00B20104 00"), "6986");
  select_common();
  EXPECT_EQ(send("00A4020C 02 0001"), "9000");
  const auto record = card.transmit(hex("00B20104 00"));
  ASSERT_EQ(record.size(), 30U + 2);
  EXPECT_EQ(record[0], 0x01);
  EXPECT_EQ(record[1], 0x1C);
  EXPECT_EQ(std::string(record.begin() + 17, record.begin() + 22), "99201");
  EXPECT_EQ(send("00B2010C 00"), base::to_hex(record));
  EXPECT_EQ(send("00B20204 00"), "6a83");
  EXPECT_EQ(send("00B20105 00"), "6a81");
  EXPECT_EQ(send("00B00000 00"), "6981");
}

TEST_F(CardFiles, DataObjectsAreThoseOfTheIssuerDomain) {
  const auto expiry = card.transmit(hex("00CA00F2 00"));
  EXPECT_EQ(base::to_hex(expiry).substr(0, 4), "f208");
  EXPECT_EQ(send("00CA00F2 04"), "6700");
  EXPECT_EQ(send("00CADF30 00"), "6a88");
  select_jpki();
  EXPECT_EQ(send("00CA00F2 00"), "6a88");
}

TEST_F(CardFiles, PersonalNumberNeedsOneOfItsPins) {
  send("00A4040C 0A D3921000310001010408");
  EXPECT_EQ(send("00B08100 00"), "6982");
  EXPECT_EQ(send(command("00200091", text("9012"))), "9000");
  const auto number = send("00B08100 00");
  EXPECT_THAT(number, StartsWith("ff100c"));
  EXPECT_THAT(number, EndsWith("ffff9000"));
  EXPECT_THAT(send("00B08200 00"), StartsWith("ff20"));
  EXPECT_EQ(send("00200092"), "63c0");
}

// DigestInfo of a SHA-256 value.
base::Bytes digest_info(const base::Sha256& digest) {
  auto info = hex("3031300D060960864801650304020105000420");
  info.insert(info.end(), digest.begin(), digest.end());
  return info;
}

bool verifies(base::ByteView private_key, const base::Sha256& digest, base::ByteView signature, int padding) {
  using simulated_issuer::Handle;
  const auto spki = public_key_info(private_key);
  const unsigned char* at = spki.data();
  const Handle<EVP_PKEY, EVP_PKEY_free> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new(key.get(), nullptr));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()) ==
             1;
}

TEST_F(CardKeys, SignsWithThePinOfTheKey) {
  const auto message = text("a message");
  const auto digest = base::sha256(message);
  const auto info = digest_info(digest);
  select_jpki();
  EXPECT_EQ(send("00A4020C 02 0017"), "9000");
  EXPECT_EQ(send(command("802A0080", info, "00")), "6982");
  EXPECT_EQ(verify_authentication("1234"), "9000");
  for (const auto* header : {"802A0080", "802A0097"}) {
    auto answer = card.transmit(command(header, info, "00"));
    ASSERT_EQ(answer.size(), 258U);
    answer.resize(256);
    EXPECT_TRUE(verifies(key(1), digest, answer, RSA_PKCS1_PADDING));
  }
  EXPECT_EQ(send(command("802A009A", info, "00")), "6982");
}

TEST_F(CardKeys, SignsInSixForms) {
  const auto message = text("a message");
  const auto digest = base::sha256(message);
  select_jpki();
  verify_signature("ABC123");
  const auto signed_as = [&](std::string_view header, base::ByteView data) {
    return smartcard::parse_response(card.transmit(command(header, data, "00"))).value().data;
  };
  EXPECT_TRUE(verifies(key(0), digest, signed_as("802A029A", digest), RSA_PKCS1_PADDING));
  EXPECT_TRUE(verifies(key(0), digest, signed_as("802A039A", message), RSA_PKCS1_PADDING));
  EXPECT_TRUE(verifies(key(0), digest, signed_as("802A049A", digest), RSA_PKCS1_PSS_PADDING));
  EXPECT_TRUE(verifies(key(0), digest, signed_as("802A059A", message), RSA_PKCS1_PSS_PADDING));
  // The bare hash, padded as it is, is what a verbatim signature over the hash is.
  EXPECT_EQ(signed_as("802A019A", message), signed_as("802A009A", digest));
  EXPECT_EQ(send(command("802A069A", digest, "00")), "6a86");
  EXPECT_EQ(send(command("802A029A", text("short"), "00")), "6700");
  EXPECT_EQ(send(command("802A009A", base::Bytes(246, 1), "00")), "6700");
  EXPECT_EQ(card.transmit(command("802A009A", base::Bytes(245, 1), "00")).size(), 258U);
}

TEST_F(CardKeys, TakesExtendedLengths) {
  select_jpki();
  verify_authentication("1234");
  const base::Bytes message(1000, 'm');
  auto bytes = hex("802A0397 0003E8");
  bytes.insert(bytes.end(), message.begin(), message.end());
  bytes.insert(bytes.end(), {0, 0});
  auto answer = card.transmit(bytes);
  ASSERT_EQ(answer.size(), 258U);
  answer.resize(256);
  EXPECT_TRUE(verifies(key(1), base::sha256(message), answer, RSA_PKCS1_PADDING));
}

TEST_F(CardKeys, AnswersInPartsWithoutExpectedLength) {
  select_jpki();
  verify_authentication("1234");
  EXPECT_EQ(send(command("802A0297", base::sha256(text("x")))), "6100");
  EXPECT_EQ(card.transmit(hex("00C00000 00")).size(), 258U);
  EXPECT_EQ(send("00C00000 00"), "6985");
  EXPECT_EQ(send(command("802A0297", base::sha256(text("x")), "80")), "6c00");
}

TEST_F(CardKeys, CommonApplicationProvesTheCard) {
  select_common();
  const auto challenge = base::Bytes(16, 0x42);
  auto answer = card.transmit(command("00880099", challenge, "00"));
  ASSERT_EQ(answer.size(), 258U);
  answer.resize(256);
  EXPECT_TRUE(verifies(key(2), base::sha256(challenge), answer, RSA_PKCS1_PADDING));
}

TEST_F(CardKeys, FaceAuthenticationHasNoPinAndAsksTheTerminal) {
  Card faceless(image(CitizenKind::face_authentication), memory);
  const auto exchange = [&](base::ByteView bytes) { return base::to_hex(faceless.transmit(bytes)); };
  exchange(hex("00A4040C 0A D392F000260100000001"));
  EXPECT_EQ(exchange(hex("00A4020C 02 0018")), "6a82");
  EXPECT_EQ(exchange(hex("00200098")), "6a82");
  EXPECT_EQ(exchange(command("802A0297", base::sha256(text("x")), "00")), "6982");
  EXPECT_EQ(exchange(hex("00B08800 00")), "008f009000");
}

}  // namespace
}  // namespace madoguchi::simulated_card
