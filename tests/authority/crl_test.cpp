// What is believed of a list of revoked certificates, and what is not.
#include "authority/crl.hpp"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "status/about.hpp"
#include "status_ca.hpp"

namespace madoguchi::authority::test {
namespace {

using simulated_issuer::Kind;
using namespace std::chrono_literals;

base::Result<RevocationList> read(const base::Bytes& der, base::Instant at = now()) {
  return RevocationList::read(der, ca().issuers, at);
}

Statement said(const base::Bytes& list, const base::Bytes& certificate, base::Instant at = now()) {
  return read(list, at).value().says_of({certificate, ca().issuers}, at).value();
}

void expect_doubt(const base::Result<Statement>& said, Doubt doubt) {
  SCOPED_TRACE(said ? std::string(name(said->doubt)) : std::string());
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, base::Code::authority_mismatch);
  EXPECT_EQ(doubt_of(said.error()), doubt) << said.error().inner;
}

TEST(Crl, good_and_revoked_as_of_its_update) {
  const auto certificate = ca().issue(true);
  const auto at = std::chrono::floor<std::chrono::seconds>(now());
  const auto before = said(ca().list(Kind::authentication, at), certificate);
  EXPECT_EQ(before.standing, Standing::good);
  EXPECT_EQ(before.doubt, Doubt::none);
  EXPECT_EQ(before.as_of, at);
  ca().revoke(certificate, CRL_REASON_SUPERSEDED);
  EXPECT_EQ(said(ca().list(), certificate).standing, Standing::revoked);
}

TEST(Crl, a_hold_is_neither) {
  const auto certificate = ca().issue(true);
  ca().revoke(certificate, CRL_REASON_CERTIFICATE_HOLD);
  const auto found = said(ca().list(), certificate);
  EXPECT_EQ(found.standing, Standing::unknown);
  EXPECT_EQ(found.doubt, Doubt::on_hold);
}

TEST(Crl, the_silence_of_a_list_from_before_says_nothing) {
  const auto list = ca().list(Kind::authentication, now() - 1h);
  const auto found = said(list, ca().issue(true));
  EXPECT_EQ(found.standing, Standing::unknown);
  EXPECT_EQ(found.doubt, Doubt::before_it);
}

TEST(Crl, nor_does_one_from_after_the_certificates_end) {
  const auto certificate = ca().issue(true);
  const auto later = now() + 40 * 24h;
  const auto found = said(ca().list(Kind::authentication, later), certificate, later + 1min);
  EXPECT_EQ(found.standing, Standing::unknown);
  EXPECT_EQ(found.doubt, Doubt::after_it);
}

TEST(Crl, counts_to_its_next_update_and_no_longer) {
  const auto certificate = ca().issue(true);
  const auto list = read(ca().list()).value();
  const StatusOf about{certificate, ca().issuers};
  EXPECT_TRUE(list.says_of(about, list.next_update() - 1s));
  expect_doubt(list.says_of(about, list.next_update()), Doubt::out_of_date);
}

TEST(Crl, of_another_issuer_says_nothing) {
  const auto certificate = ca().issue(true);
  const auto list = read(ca().list(Kind::signature)).value();
  expect_doubt(list.says_of({certificate, ca().issuers}, now()), Doubt::other_issuer);
  const std::vector<base::Bytes> none;
  expect_doubt(read(ca().list()).value().says_of({certificate, none}, now()), Doubt::other_issuer);
}

TEST(Crl, is_taken_only_from_an_issuer_that_is_known_and_from_no_later_day) {
  EXPECT_FALSE(RevocationList::read(ca().list(), {ca().issuers.at(0)}, now()) &&
               RevocationList::read(ca().list(), {ca().issuers.at(1)}, now()));
  EXPECT_FALSE(read(ca().list(Kind::authentication, now() + 1h)));
  EXPECT_TRUE(read(ca().list(Kind::authentication, now() + 2min))) << "clocks differ";
}

TEST(Crl, what_is_no_list) {
  const auto list = ca().list();
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read({1, 2, 3}));
  for (std::size_t size = 0; size < list.size(); size += 5) {
    EXPECT_FALSE(read({list.begin(), list.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  }
  for (std::size_t at = 0; at < list.size(); at += 3) {
    auto spoilt = list;
    spoilt[at] ^= 0x20;
    EXPECT_FALSE(read(spoilt)) << at;
  }
}

// Re-signed by the issuer itself after a change.
base::Bytes changed(const std::function<void(X509_CRL&)>& change) {
  const auto der = ca().list();
  const auto list = from_der<Owned<X509_CRL, X509_CRL_free>>(der, d2i_X509_CRL);
  change(*list);
  EXPECT_GT(X509_CRL_sign(list.get(), ca().folder->issuing(Kind::authentication).key.get(), EVP_sha256()), 0);
  return to_der(list.get(), i2d_X509_CRL);
}

void extend(X509_CRL& list, const char* extension, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, &list, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> made(
      X509V3_EXT_nconf(nullptr, &context, extension, value));
  ASSERT_TRUE(made) << take_errors().text;
  ASSERT_EQ(X509_CRL_add_ext(&list, made.get(), -1), 1);
}

TEST(Crl, that_may_not_cover_the_certificate_is_not_believed) {
  const auto certificate = ca().issue(true);
  const StatusOf about{certificate, ca().issuers};
  const auto same = read(changed([](X509_CRL&) {})).value();
  EXPECT_EQ(same.says_of(about, now()).value().standing, Standing::good);
  EXPECT_FALSE(read(changed([](X509_CRL& list) { extend(list, "2.5.29.27", "critical,DER:020101"); })))
      << "a delta is silent about what was revoked before";
  const auto partial = read(changed([](X509_CRL& list) {
                         extend(list, "issuingDistributionPoint", "critical,fullname:URI:http://x/other");
                       })).value();
  SCOPED_TRACE("partial");
  expect_doubt(partial.says_of(about, now()), Doubt::unbelieved);
  const auto strange =
      read(changed([](X509_CRL& list) { extend(list, "1.2.392.1", "critical,DER:0500"); })).value();
  SCOPED_TRACE("strange");
  expect_doubt(strange.says_of(about, now()), Doubt::unbelieved);
}

}  // namespace
}  // namespace madoguchi::authority::test
