// Each misbehaviour does what it says, to so many messages, and leaves no trace where it says so.
#include "ca_fixture.hpp"
#include "cmp_client.hpp"
#include "cmp_messages.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

class CmpFault : public CaTest {
 protected:
  Order order() {
    return {.body = OSSL_CMP_CR,
            .key = key_number(2),
            .subject = authentication_.subject_der,
            .old = authentication_,
            .not_after = simulated_issuer::end_of_day_in_japan(in_months(60))};
  }
  std::optional<Entry> new_entry() { return issued_->find_key(spki_of(key_number(2))).value(); }
  // The same bytes once more are answered properly.
  void expect_recovery(const CmpClient& client) {
    const auto answer = server_->handle(client.requests.at(0));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.delivery, Delivery::answer);
    const auto message = from_der<MessageHandle>(answer.body, d2i_OSSL_CMP_MSG);
    ASSERT_TRUE(message);
    EXPECT_EQ(OSSL_CMP_MSG_get_bodytype(message.get()), 3) << "cp";
    EXPECT_TRUE(new_entry());
    EXPECT_EQ(issued_->all().value().size(), 3u);
  }
};

TEST_F(CmpFault, LosesTheReplyToWhatItDid) {
  plan(R"({"fault": "lose_reply", "body": "cr"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_EQ(client.answers.at(0).delivery, Delivery::close);
  EXPECT_TRUE(new_entry());
  expect_recovery(client);
}

TEST_F(CmpFault, HangsWithoutDoingAnything) {
  plan(R"({"fault": "hang", "body": "cr"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_EQ(client.answers.at(0).delivery, Delivery::hang);
  EXPECT_FALSE(new_entry());
  expect_recovery(client);
}

TEST_F(CmpFault, FailsAsAnHttpServer) {
  plan(R"({"fault": "http_500", "body": "cr"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_EQ(client.answers.at(0).status, 500);
  EXPECT_FALSE(new_entry());
  expect_recovery(client);
}

TEST_F(CmpFault, Delays) {
  plan(R"({"fault": "delay", "body": "certConf", "ms": 1234})");
  CmpClient client(folder_, *server_);
  EXPECT_TRUE(client.enrol(order()));
  EXPECT_EQ(client.answers.at(0).delay.count(), 0);
  EXPECT_EQ(client.answers.at(1).delay.count(), 1234);
}

TEST_F(CmpFault, Rejects) {
  plan(R"({"fault": "reject", "body": "cr", "failure": "systemUnavail", "text": "back at nine"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_EQ(client.status(), OSSL_CMP_PKISTATUS_rejection);
  EXPECT_EQ(client.failure(), OSSL_CMP_PKIFAILUREINFO_systemUnavail);
  EXPECT_NE(client.status_text().find("back at nine"), std::string::npos) << client.status_text();
  EXPECT_FALSE(new_entry());
  expect_recovery(client);
}

TEST_F(CmpFault, RejectsRevocationsAndConfirmations) {
  plan(R"([{"fault": "reject", "body": "rr", "failure": 23}, {"fault": "reject", "body": "certConf"}])");
  CmpClient revocation(folder_, *server_);
  EXPECT_FALSE(revocation.revoke(authentication_, 4));
  EXPECT_EQ(revocation.failure(), OSSL_CMP_PKIFAILUREINFO_notAuthorized);
  EXPECT_FALSE(entry(authentication_.serial).revocation);
  CmpClient enrolment(folder_, *server_);
  EXPECT_FALSE(enrolment.enrol(order()));
  ASSERT_TRUE(new_entry());
  EXPECT_FALSE(new_entry()->registration.confirmed);
  server_->handle(enrolment.requests.at(1));
  EXPECT_TRUE(new_entry()->registration.confirmed);
}

TEST_F(CmpFault, SendsAnErrorThatNobodySigned) {
  plan(R"({"fault": "unsigned_error", "body": "cr"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_NE(client.error().find("protection"), std::string::npos) << client.error();
  const auto message = from_der<MessageHandle>(client.answers.at(0).body, d2i_OSSL_CMP_MSG);
  ASSERT_TRUE(message);
  EXPECT_EQ(OSSL_CMP_MSG_get_bodytype(message.get()), body::error);
  EXPECT_FALSE(new_entry());
  expect_recovery(client);
}

TEST_F(CmpFault, SendsGarbage) {
  for (const std::string mode : {"random", "truncated"}) {
    plan(R"({"fault": "garbage", "body": "cr", "mode": ")" + mode + "\"}");
    CmpClient client(folder_, *server_);
    EXPECT_FALSE(client.enrol(order()));
    EXPECT_FALSE(from_der<MessageHandle>(client.answers.at(0).body, d2i_OSSL_CMP_MSG)) << mode;
    simulated_issuer::openssl_errors();
    expect_recovery(client);
  }
}

TEST_F(CmpFault, AnswersAnotherRequestWithAValidSignature) {
  plan(R"({"fault": "garbage", "body": "cr", "mode": "nonce"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_NE(client.error().find("nonce"), std::string::npos) << client.error();
  // The signature alone is in order.
  const auto message = from_der<MessageHandle>(client.answers.at(0).body, d2i_OSSL_CMP_MSG);
  ASSERT_TRUE(message);
  CmpClient reader(folder_, *server_);
  EXPECT_EQ(OSSL_CMP_validate_msg(reader.context(), message.get()), 1) << simulated_issuer::openssl_errors();
  expect_recovery(client);
}

TEST_F(CmpFault, BreaksTheSignature) {
  plan(R"({"fault": "garbage", "body": "cr", "mode": "protection"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  const auto message = from_der<MessageHandle>(client.answers.at(0).body, d2i_OSSL_CMP_MSG);
  ASSERT_TRUE(message);
  CmpClient reader(folder_, *server_);
  EXPECT_EQ(OSSL_CMP_validate_msg(reader.context(), message.get()), 0);
  simulated_issuer::openssl_errors();
  expect_recovery(client);
}

TEST_F(CmpFault, CertifiesAnotherKey) {
  plan(R"({"fault": "wrong_key", "body": "cr"})");
  CmpClient client(folder_, *server_);
  EXPECT_FALSE(client.enrol(order()));
  EXPECT_FALSE(new_entry());
  const auto entries = issued_->all().value();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_TRUE(entries.back().revocation) << "OpenSSL's client noticed and refused it";
  CmpClient again(folder_, *server_);
  EXPECT_TRUE(again.enrol(order())) << again.error();
}

TEST_F(CmpFault, CertifiesOtherDates) {
  plan(R"({"fault": "wrong_dates", "body": "cr", "days": 3})");
  CmpClient client(folder_, *server_);
  EXPECT_TRUE(client.enrol(order()));
  EXPECT_EQ(client.status(), OSSL_CMP_PKISTATUS_accepted) << "it does not say so";
  EXPECT_EQ(new_entry()->not_after, simulated_issuer::end_of_day_in_japan(base::add_days(in_months(60), 3)));
}

TEST_F(CmpFault, CountsMessagesOfItsBodyOnly) {
  plan(R"({"fault": "http_500", "body": "certConf", "count": 2})");
  CmpClient client(folder_, *server_);
  client.enrol(order());
  ASSERT_EQ(client.answers.size(), 2u);
  EXPECT_EQ(client.answers[0].status, 200);
  EXPECT_EQ(client.answers[1].status, 500);
  EXPECT_EQ(server_->handle(client.requests[1]).status, 500);
  EXPECT_EQ(server_->handle(client.requests[1]).status, 200);
  EXPECT_TRUE(new_entry()->registration.confirmed);
  EXPECT_EQ(server_->received().at("cr"), 1u);
  EXPECT_EQ(server_->received().at("certConf"), 3u);
}

}  // namespace
}  // namespace madoguchi::simulated_ca
