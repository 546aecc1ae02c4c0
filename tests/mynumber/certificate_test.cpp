#include "mynumber/certificate.hpp"

#include <gtest/gtest.h>

#include "support/certificates.hpp"

namespace madoguchi::mynumber {
namespace {

using testing::make_certificate;

base::Code code_of(const base::Result<Certificate>& result) {
  EXPECT_FALSE(result);
  return result ? base::Code::internal : result.error().code;
}

TEST(Certificate, TellsItsFacts) {
  const base::Bytes der = make_certificate({.locality = "東京都", .serial = "00a1b2"});
  const auto certificate = parse_certificate(der);
  ASSERT_TRUE(certificate) << describe(certificate.error());
  EXPECT_EQ(certificate->der, der);
  EXPECT_EQ(certificate->serial, "a1b2");
  EXPECT_EQ(certificate->subject, "CN=997794E9AGCIEG13221003A,L=東京都,C=JP");
  EXPECT_EQ(certificate->issuer, "O=JPKI-TEST,C=JP");
  EXPECT_EQ(certificate->spki, testing::test_public_key());
  EXPECT_EQ(certificate->key_bits, 2048);
  EXPECT_EQ(certificate->subject_der.front(), 0x30);
  EXPECT_NE(certificate->subject_der, certificate->issuer_der);
}

TEST(Certificate, DatesAreJapans) {
  const auto certificate = parse_certificate(make_certificate()).value();
  EXPECT_EQ(base::format_date(certificate.issued_on), "2025-10-27");
  EXPECT_EQ(base::format_date(certificate.last_day), "2030-02-17");
  EXPECT_EQ(base::format_time(certificate.not_after), "2030-02-17T23:59:59+09:00");
}

TEST(Certificate, LastDayAfter2050) {
  const auto certificate = parse_certificate(make_certificate({.not_after = "20560229145959Z"})).value();
  EXPECT_EQ(base::format_date(certificate.last_day), "2056-02-29");
}

TEST(Certificate, BytesBehindAreAnError) {
  base::Bytes der = make_certificate();
  der.push_back(0xFF);
  EXPECT_EQ(code_of(parse_certificate(der)), base::Code::card_unknown);
}

TEST(Certificate, EveryTruncationIsRefused) {
  const base::Bytes der = make_certificate();
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_EQ(code_of(parse_certificate(base::ByteView(der).first(size))), base::Code::card_unknown) << size;
  }
}

TEST(Certificate, FillerIsRefused) {
  EXPECT_EQ(code_of(parse_certificate(base::Bytes(2048, 0xFF))), base::Code::card_unknown);
  EXPECT_EQ(code_of(parse_certificate(base::Bytes{0x30, 0x00})), base::Code::card_unknown);
}

TEST(Verifies, OnlyTheKeysOwnSignature) {
  const base::Sha256 digest = base::sha256(base::Bytes{1, 2, 3});
  const base::Bytes spki = testing::test_public_key();
  base::Bytes signature = testing::test_signature(digest);
  EXPECT_TRUE(verifies(spki, digest, signature));
  EXPECT_FALSE(verifies(spki, base::sha256(base::Bytes{1, 2}), signature));
  signature.back() ^= 1U;
  EXPECT_FALSE(verifies(spki, digest, signature));
  EXPECT_FALSE(verifies(spki, digest, {}));
  EXPECT_FALSE(verifies({}, digest, signature));
  EXPECT_FALSE(verifies(base::Bytes(300, 0x30), digest, signature));
}

}  // namespace
}  // namespace madoguchi::mynumber
