// What a client that lost an answer, or a CA that was restarted, may rely on.
#include <gmock/gmock.h>

#include "ca_fixture.hpp"
#include "cmp_client.hpp"
#include "cmp_messages.hpp"
#include "simulated_issuer/issue.hpp"

namespace madoguchi::simulated_ca {
namespace {

class CmpRepetition : public CaTest {
 protected:
  Order order(int body = OSSL_CMP_CR) {
    return {.body = body,
            .key = key_number(2),
            .subject = authentication_.subject_der,
            .old = authentication_,
            .not_after = simulated_issuer::end_of_day_in_japan(in_months(60))};
  }
  std::size_t issued_since_start() { return issued_->all().value().size() - 2; }
};

TEST_F(CmpRepetition, TheSameRequestGivesTheSameBytes) {
  CmpClient client(folder_, *server_);
  ASSERT_TRUE(client.enrol(order()));
  ASSERT_EQ(client.requests.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(server_->handle(client.requests[i]).body, client.answers[i].body);
  restart();
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(server_->handle(client.requests[i]).body, client.answers[i].body);
  EXPECT_EQ(issued_since_start(), 1u);
}

TEST_F(CmpRepetition, TheSameKeyGivesTheSameCertificateInAnyTransaction) {
  CmpClient first(folder_, *server_);
  const auto one = first.enrol(order());
  CmpClient second(folder_, *server_);
  const auto two = second.enrol(order(OSSL_CMP_P10CR));
  ASSERT_TRUE(one && two) << second.error();
  EXPECT_EQ(X509_cmp(one.get(), two.get()), 0);
  EXPECT_EQ(issued_since_start(), 1u);
}

TEST_F(CmpRepetition, AKeyHasOneName) {
  CmpClient first(folder_, *server_);
  ASSERT_TRUE(first.enrol(order()));
  auto other = order();
  other.subject = signature_.subject_der;
  other.old = signature_;
  CmpClient second(folder_, *server_);
  EXPECT_FALSE(second.enrol(other));
  EXPECT_EQ(second.failure(), OSSL_CMP_PKIFAILUREINFO_duplicateCertReq);
}

TEST_F(CmpRepetition, ATransactionHasOneRequest) {
  CmpClient first(folder_, *server_);
  first.send = [](std::size_t message) { return message == 0; };
  first.enrol(order());
  const auto message = from_der<MessageHandle>(first.requests.at(0), d2i_OSSL_CMP_MSG);
  CmpClient second(folder_, *server_);
  auto other = order();
  other.key = key_number(3);
  OSSL_CMP_CTX_set1_transactionID(second.context(),
                                  OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(message.get())));
  EXPECT_FALSE(second.enrol(other));
  EXPECT_EQ(second.failure(), OSSL_CMP_PKIFAILUREINFO_transactionIdInUse);
  EXPECT_EQ(issued_since_start(), 1u);
}

class RestartBefore : public CmpRepetition, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Bodies, RestartBefore, testing::Values(OSSL_CMP_CR, OSSL_CMP_P10CR, OSSL_CMP_KUR));

TEST_P(RestartBefore, TheConfirmation) {
  CmpClient client(folder_, *server_);
  client.send = [&](std::size_t message) {
    if (message == 1) {
      restart();
      client.set_server(*server_);
    }
    return true;
  };
  const auto certificate = client.enrol(order(GetParam()));
  ASSERT_TRUE(certificate) << client.error() << client.status_text();
  ASSERT_EQ(client.requests.size(), 2u);
  EXPECT_TRUE(entry_of(certificate.get()).registration.confirmed);
  EXPECT_EQ(issued_since_start(), 1u);
}

TEST_F(CmpRepetition, ARestartBeforeTheRepeatedConfirmationMakesNoDifference) {
  CmpClient client(folder_, *server_);
  client.receive = [](std::size_t message) { return message == 0; };
  client.enrol(order());
  ASSERT_EQ(client.requests.size(), 2u);
  restart();
  EXPECT_EQ(server_->handle(client.requests[1]).body, client.answers[1].body);
}

TEST_F(CmpRepetition, AConfirmationWithoutItsTransactionIsRefused) {
  CmpClient client(folder_, *server_);
  ASSERT_TRUE(client.enrol(order()));
  const auto confirmation = client.requests.at(1);
  std::filesystem::remove(folder_.database());  // as if the CA had forgotten
  std::filesystem::remove(folder_.database().string() + "-wal");
  std::filesystem::remove(folder_.database().string() + "-shm");
  restart();
  const auto answer = server_->handle(confirmation);
  const auto message = from_der<MessageHandle>(answer.body, d2i_OSSL_CMP_MSG);
  ASSERT_TRUE(message);
  EXPECT_EQ(OSSL_CMP_MSG_get_bodytype(message.get()), body::error);
}

TEST_F(CmpRepetition, AConfirmationOfAnotherNonceIsRefused) {
  CmpClient client(folder_, *server_);
  client.send = [](std::size_t message) { return message == 0; };
  client.enrol(order());
  // The CA's answer to the same request by somebody else: same certificate, another nonce, so another
  // confirmation.
  CmpClient other(folder_, *server_);
  ASSERT_TRUE(other.enrol(order()));
  const auto message = from_der<MessageHandle>(client.requests.at(0), d2i_OSSL_CMP_MSG);
  auto spliced = other.requests.at(1);
  const auto id = transaction_of(message.get());
  const auto own = *base::from_hex(transaction_of(from_der<MessageHandle>(spliced, d2i_OSSL_CMP_MSG).get()));
  const auto at = std::search(spliced.begin(), spliced.end(), own.begin(), own.end());
  const auto bytes = *base::from_hex(id);
  std::copy(bytes.begin(), bytes.end(), at);
  const auto answer = from_der<MessageHandle>(server_->handle(spliced).body, d2i_OSSL_CMP_MSG);
  ASSERT_TRUE(answer);
  EXPECT_EQ(OSSL_CMP_MSG_get_bodytype(answer.get()), body::error);
}

class Polling : public CmpRepetition, public testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(Restarts, Polling, testing::Bool());

TEST_P(Polling, EndsWithTheCertificate) {
  plan(R"({"fault": "waiting", "body": "cr", "polls": 2, "check_after": 7})");
  CmpClient client(folder_, *server_);
  client.send = [&](std::size_t) {
    if (GetParam()) {
      restart();
      client.set_server(*server_);
    }
    return true;
  };
  EXPECT_FALSE(client.try_enrol(order()));
  EXPECT_EQ(client.check_after(), 7) << client.error();
  EXPECT_EQ(issued_since_start(), 0u);
  EXPECT_FALSE(client.try_enrol(order()));
  EXPECT_EQ(client.check_after(), 7);
  const auto certificate = client.try_enrol(order());
  ASSERT_TRUE(certificate) << client.error() << client.status_text();
  EXPECT_TRUE(entry_of(certificate.get()).registration.confirmed);
  EXPECT_EQ(issued_since_start(), 1u);
  for (std::size_t i = 0; i < client.requests.size(); ++i) {
    EXPECT_EQ(server_->handle(client.requests[i]).body, client.answers[i].body);
  }
}

TEST_F(CmpRepetition, NobodyElsesRequestSlipsIntoATransactionThatWaits) {
  plan(R"({"fault": "waiting", "body": "cr", "polls": 5})");
  CmpClient first(folder_, *server_);
  first.try_enrol(order());
  const auto message = from_der<MessageHandle>(first.requests.at(0), d2i_OSSL_CMP_MSG);
  CmpClient second(folder_, *server_);
  auto other = order();
  other.key = key_number(3);
  OSSL_CMP_CTX_set1_transactionID(second.context(),
                                  OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(message.get())));
  EXPECT_FALSE(second.enrol(other));
  EXPECT_EQ(second.failure(), OSSL_CMP_PKIFAILUREINFO_transactionIdInUse);
}

}  // namespace
}  // namespace madoguchi::simulated_ca
