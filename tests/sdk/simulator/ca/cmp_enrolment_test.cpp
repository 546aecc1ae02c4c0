// Enrolment as it should go, and who is refused.
#include <gmock/gmock.h>

#include "ca_fixture.hpp"
#include "cmp_client.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

using simulated_issuer::end_of_day_in_japan;

class CmpEnrolment : public CaTest {
 protected:
  Order order(const Entry& old, EVP_PKEY* key, int body = OSSL_CMP_CR) {
    return {.body = body,
            .key = key,
            .subject = old.subject_der,
            .old = old,
            .not_after = end_of_day_in_japan(in_months(60))};
  }
};

class EveryBody : public CmpEnrolment, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Bodies, EveryBody, testing::Values(OSSL_CMP_CR, OSSL_CMP_P10CR, OSSL_CMP_KUR));

TEST_P(EveryBody, RenewsTheSignatureCertificate) {
  CmpClient client(folder_, *server_);
  const auto renewed = client.enrol(order(signature_, key_number(2), GetParam()));
  ASSERT_TRUE(renewed) << client.error() << client.status_text();
  EXPECT_EQ(spki_of(renewed.get()), spki_of(key_number(2)));
  EXPECT_EQ(subject_of(renewed.get()), signature_.subject_der);
  EXPECT_EQ(X509_verify(renewed.get(), folder_.issuing(Kind::signature).key.get()), 1);
  const auto old = from_der<CertificateHandle>(signature_.certificate, d2i_X509);
  EXPECT_FALSE(alternative_names_of(old.get()).empty());
  EXPECT_EQ(alternative_names_of(renewed.get()), alternative_names_of(old.get()));
  const auto entry = entry_of(renewed.get());
  EXPECT_TRUE(entry.registration.confirmed);
  EXPECT_EQ(entry.registration.predecessor, signature_.serial);
  EXPECT_EQ(entry.not_after, end_of_day_in_japan(in_months(60)));
  EXPECT_FALSE(this->entry(signature_.serial).revocation) << "an enrolment revokes nothing by itself";
}

TEST_P(EveryBody, RenewsTheAuthenticationCertificate) {
  CmpClient client(folder_, *server_);
  const auto renewed = client.enrol(order(authentication_, key_number(2), GetParam()));
  ASSERT_TRUE(renewed) << client.error() << client.status_text();
  EXPECT_EQ(spki_of(renewed.get()), spki_of(key_number(2)));
  EXPECT_EQ(X509_verify(renewed.get(), folder_.issuing(Kind::authentication).key.get()), 1);
  EXPECT_TRUE(alternative_names_of(renewed.get()).empty());
}

TEST_F(CmpEnrolment, IsNotConfirmedBeforeTheClientSaysSo) {
  CmpClient client(folder_, *server_);
  client.send = [](std::size_t message) { return message == 0; };
  client.enrol(order(authentication_, key_number(2)));
  ASSERT_EQ(client.requests.size(), 2u) << "the request and the confirmation that was not sent";
  const auto issued = issued_->find_key(spki_of(key_number(2))).value();
  ASSERT_TRUE(issued);
  EXPECT_FALSE(issued->registration.confirmed);
}

TEST_F(CmpEnrolment, AskedForTooLongItIsCutAndSaysSo) {
  CmpClient client(folder_, *server_);
  auto long_order = order(authentication_, key_number(2));
  long_order.not_after = end_of_day_in_japan(in_months(100));
  const auto renewed = client.enrol(long_order);
  ASSERT_TRUE(renewed) << client.error();
  EXPECT_EQ(client.status(), OSSL_CMP_PKISTATUS_grantedWithMods);
  EXPECT_EQ(entry_of(renewed.get()).not_after, end_of_day_in_japan(in_months(72)));
}

TEST_F(CmpEnrolment, AnExactWishIsSimplyAccepted) {
  CmpClient client(folder_, *server_);
  ASSERT_TRUE(client.enrol(order(authentication_, key_number(2))));
  EXPECT_EQ(client.status(), OSSL_CMP_PKISTATUS_accepted);
}

TEST_F(CmpEnrolment, ACertificateThatTheClientRefusesIsRevoked) {
  CmpClient client(folder_, *server_);
  client.refuse_certificate();
  client.enrol(order(authentication_, key_number(2)));
  const auto issued = issued_->find_key(spki_of(key_number(2))).value();
  ASSERT_TRUE(issued);
  EXPECT_FALSE(issued->registration.confirmed);
  EXPECT_TRUE(issued->revocation);
  CmpClient again(folder_, *server_);
  EXPECT_FALSE(again.enrol(order(authentication_, key_number(2))));
  EXPECT_EQ(again.failure(), OSSL_CMP_PKIFAILUREINFO_certRevoked);
}

TEST_F(CmpEnrolment, RefusalsHaveTheirReasons) {
  const auto failure = [this](const Order& refused) {
    CmpClient client(folder_, *server_);
    EXPECT_FALSE(client.enrol(refused));
    EXPECT_EQ(client.status(), OSSL_CMP_PKISTATUS_rejection) << client.error();
    return client.failure();
  };
  auto other_subject = order(authentication_, key_number(2));
  other_subject.subject = simulated_issuer::make_subject(Kind::authentication, {}, "somebody else");
  EXPECT_EQ(failure(other_subject), OSSL_CMP_PKIFAILUREINFO_badCertTemplate);

  auto unknown = order(authentication_, key_number(2));
  unknown.old->certificate =
      simulated_issuer::issue(folder_, Kind::authentication,
                              {spki_of(key_number(3)), unknown.subject, {}, clock_.now(), in_months(1)})
          .value();
  EXPECT_EQ(failure(unknown), OSSL_CMP_PKIFAILUREINFO_badCertId);

  auto nobody = order(signature_, key_number(2));
  nobody.old.reset();
  nobody.subject = simulated_issuer::make_subject(Kind::signature, {"Tokyo-to", "Mitaka-shi"}, "nobody");
  EXPECT_EQ(failure(nobody), OSSL_CMP_PKIFAILUREINFO_badCertTemplate);

  EXPECT_EQ(failure(order(authentication_, folder_.ra().key.get())), OSSL_CMP_PKIFAILUREINFO_badCertTemplate);

  auto no_proof = order(authentication_, key_number(2));
  no_proof.popo = OSSL_CRMF_POPO_RAVERIFIED;
  EXPECT_EQ(failure(no_proof), OSSL_CMP_PKIFAILUREINFO_badPOP);

  auto past = order(authentication_, key_number(2));
  past.not_after = clock_.now() - std::chrono::hours(48);
  EXPECT_EQ(failure(past), OSSL_CMP_PKIFAILUREINFO_badCertTemplate);

  ASSERT_TRUE(issued_->revoke(authentication_.serial, {clock_.now(), 4}));
  EXPECT_EQ(failure(order(authentication_, key_number(2))), OSSL_CMP_PKIFAILUREINFO_certRevoked);
  EXPECT_EQ(failure(order(authentication_, key_number(2), OSSL_CMP_KUR)),
            OSSL_CMP_PKIFAILUREINFO_certRevoked);
  EXPECT_EQ(issued_->all().value().size(), 2u) << "nothing was issued to any of them";
}

TEST_F(CmpEnrolment, OnlyTheRaMayAsk) {
  CmpClient client(folder_, *server_);
  OSSL_CMP_CTX_set1_cert(client.context(), folder_.cmp().certificate.get());
  OSSL_CMP_CTX_set1_pkey(client.context(), folder_.cmp().key.get());
  EXPECT_FALSE(client.enrol(order(authentication_, key_number(2))));
  EXPECT_FALSE(issued_->find_key(spki_of(key_number(2))).value());

  CmpClient pretender(folder_, *server_);
  OSSL_CMP_CTX_set1_cert(pretender.context(), folder_.ra().certificate.get());
  const auto self_made =
      from_der<CertificateHandle>(to_der(folder_.ra().certificate.get(), i2d_X509), d2i_X509);
  X509_set_pubkey(self_made.get(), key_number(3));
  X509_sign(self_made.get(), key_number(3), EVP_sha256());
  OSSL_CMP_CTX_set1_cert(pretender.context(), self_made.get());
  OSSL_CMP_CTX_set1_pkey(pretender.context(), key_number(3));
  EXPECT_FALSE(pretender.enrol(order(authentication_, key_number(2))));
  EXPECT_EQ(pretender.failure(), OSSL_CMP_PKIFAILUREINFO_signerNotTrusted);
  EXPECT_FALSE(pretender.ask()) << "it would take that for being known";
  EXPECT_EQ(pretender.failure(), OSSL_CMP_PKIFAILUREINFO_signerNotTrusted) << pretender.error();
  EXPECT_FALSE(issued_->find_key(spki_of(key_number(2))).value());

  CmpClient unprotected(folder_, *server_);
  OSSL_CMP_CTX_set_option(unprotected.context(), OSSL_CMP_OPT_UNPROTECTED_SEND, 1);
  EXPECT_FALSE(unprotected.enrol(order(authentication_, key_number(2))));
  EXPECT_FALSE(issued_->find_key(spki_of(key_number(2))).value());
  EXPECT_EQ(unprotected.requests.size(), 1u);
}

TEST_F(CmpEnrolment, AnswersAreSignedByTheCmpServer) {
  CmpClient client(folder_, *server_);
  OSSL_CMP_CTX_set1_expected_sender(client.context(), X509_get_subject_name(folder_.ra().certificate.get()));
  EXPECT_FALSE(client.enrol(order(authentication_, key_number(2))));
}

TEST_F(CmpEnrolment, AGeneralMessageIsAnswered) {
  CmpClient client(folder_, *server_);
  EXPECT_TRUE(client.ask()) << client.error();
}

TEST_F(CmpEnrolment, WhatIsNoMessageIsABadRequest) {
  EXPECT_EQ(server_->handle({}).status, 400);
  EXPECT_EQ(server_->handle(base::Bytes{0x30, 0x03, 0x02, 0x01, 0x02}).status, 400);
  EXPECT_TRUE(server_->received().empty());
}

}  // namespace
}  // namespace madoguchi::simulated_ca
