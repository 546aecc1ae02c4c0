#include "mynumber/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

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

TEST(Certificate, KeysOtherThanRsaAreReadToo) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-384"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 7);
  X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
  ASSERT_EQ(X509_set_pubkey(x509.get(), key.get()), 1);
  ASSERT_GT(X509_sign(x509.get(), key.get(), EVP_sha384()), 0);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(x509.get(), &bytes);
  const base::Bytes der(bytes, bytes + size);
  OPENSSL_free(bytes);
  const auto certificate = parse_certificate(der);
  ASSERT_TRUE(certificate) << describe(certificate.error());
  EXPECT_EQ(certificate->key_bits, 384);
}

// It is read without OpenSSL's X509, which is slow; what that refuses must be refused all the same.
TEST(Certificate, NoOtherByteMakesItReadableWhereOpenSslRefuses) {
  const base::Bytes der = make_certificate();
  int read = 0;
  for (std::size_t i = 0; i < 2 * der.size(); ++i) {
    base::Bytes changed = der;
    changed[i / 2] = static_cast<std::uint8_t>(changed[i / 2] ^ (i % 2 == 0 ? 0x01U : 0x80U));
    const auto ours = parse_certificate(changed);
    if (!ours) continue;
    ++read;
    const unsigned char* at = changed.data();
    const std::unique_ptr<X509, decltype(&X509_free)> theirs(
        d2i_X509(nullptr, &at, static_cast<long>(changed.size())), X509_free);
    ASSERT_NE(theirs, nullptr) << i;
    const EVP_PKEY* key = X509_get0_pubkey(theirs.get());
    ASSERT_NE(key, nullptr) << i;
    EXPECT_EQ(ours->key_bits, EVP_PKEY_get_bits(key)) << i;
    unsigned char* spki = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(theirs.get()), &spki);
    ASSERT_GT(size, 0);
    EXPECT_EQ(ours->spki, base::Bytes(spki, spki + size)) << i;
    OPENSSL_free(spki);
  }
  ERR_clear_error();
  EXPECT_GT(read, 100) << "otherwise this test shows little";
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
