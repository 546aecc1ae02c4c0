#include "ca_fixture.hpp"
#include "cmp_client.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

constexpr int superseded = 4;

using CmpRevocation = CaTest;

TEST_F(CmpRevocation, RevokesWithItsReason) {
  CmpClient client(folder_, *server_);
  ASSERT_TRUE(client.revoke(authentication_, superseded)) << client.error();
  const auto revocation = entry(authentication_.serial).revocation;
  ASSERT_TRUE(revocation);
  EXPECT_EQ(revocation->reason, superseded);
  EXPECT_FALSE(entry(signature_.serial).revocation);
}

TEST_F(CmpRevocation, WithoutAReasonItIsUnspecified) {
  CmpClient client(folder_, *server_);
  ASSERT_TRUE(client.revoke(authentication_, -1)) << client.error();
  EXPECT_EQ(entry(authentication_.serial).revocation.value().reason, 0);
}

TEST_F(CmpRevocation, TheSecondSaysThatItIsRevoked) {
  CmpClient first(folder_, *server_);
  ASSERT_TRUE(first.revoke(authentication_, superseded));
  CmpClient second(folder_, *server_);
  EXPECT_FALSE(second.revoke(authentication_, 1));
  EXPECT_EQ(second.failure(), OSSL_CMP_PKIFAILUREINFO_certRevoked);
  EXPECT_EQ(entry(authentication_.serial).revocation.value().reason, superseded);
}

TEST_F(CmpRevocation, ARepeatedRequestIsAnsweredAsTheFirstTime) {
  CmpClient client(folder_, *server_);
  client.receive = [](std::size_t) { return false; };
  EXPECT_FALSE(client.revoke(authentication_, superseded));
  restart();
  EXPECT_EQ(server_->handle(client.requests.at(0)).body, client.answers.at(0).body);
}

TEST_F(CmpRevocation, AnUnknownCertificateIsRefused) {
  auto unknown = authentication_;
  unknown.certificate =
      simulated_issuer::issue(
          folder_, Kind::authentication,
          {spki_of(key_number(3)), authentication_.subject_der, {}, clock_.now(), in_months(1)})
          .value();
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.revoke(unknown, superseded));
  EXPECT_EQ(client.failure(), OSSL_CMP_PKIFAILUREINFO_badCertId);
}

}  // namespace
}  // namespace madoguchi::simulated_ca
