#include <gtest/gtest.h>

#include "cmp/failure.hpp"
#include "cmp/message.hpp"
#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

TEST(Refusal, IsFinalAndSaysWhy) {
  Responder responder;
  responder.reject = OSSL_CMP_PKIFAILUREINFO_badCertTemplate;
  Journey journey;
  journey.exchange(responder);
  const auto step = journey.next();
  ASSERT_TRUE(is<Rejected>(step));
  const auto& rejected = std::get<Rejected>(*step);
  EXPECT_EQ(rejected.fault.code, base::Code::authority_rejected);
  EXPECT_EQ(detail(rejected.fault, "status"), "rejection");
  EXPECT_EQ(detail(rejected.fault, "failure"), "badCertTemplate");
  EXPECT_NE(rejected.fault.inner.find("told to refuse"), std::string::npos);
  EXPECT_FALSE(rejected.reconcile);
}

TEST(Refusal, WhatTheAuthorityMayHaveDoneBeforeIsForAPersonToLookAt) {
  for (const int failure :
       {OSSL_CMP_PKIFAILUREINFO_duplicateCertReq, OSSL_CMP_PKIFAILUREINFO_transactionIdInUse,
        OSSL_CMP_PKIFAILUREINFO_certConfirmed}) {
    Responder responder;
    responder.reject = failure;
    Journey journey;
    journey.exchange(responder);
    const auto step = journey.next();
    ASSERT_TRUE(is<Rejected>(step)) << failure;
    EXPECT_TRUE(std::get<Rejected>(*step).reconcile) << failure;
  }
}

TEST(Refusal, AnOldCertificateThatIsRevokedIsSaidToBeSo) {
  Responder responder;
  responder.reject = OSSL_CMP_PKIFAILUREINFO_certRevoked;
  Journey journey;
  journey.exchange(responder);
  const auto step = journey.next();
  ASSERT_TRUE(is<Rejected>(step));
  EXPECT_TRUE(std::get<Rejected>(*step).revoked);
  EXPECT_FALSE(std::get<Rejected>(*step).reconcile);
}

TEST(Refusal, AnAuthorityThatCannotWorkNowIsTriedAgainWithTheSameRequest) {
  for (const int failure : {OSSL_CMP_PKIFAILUREINFO_systemUnavail, OSSL_CMP_PKIFAILUREINFO_systemFailure}) {
    Responder responder;
    responder.reject = failure;
    Journey journey;
    journey.exchange(responder);
    const auto step = journey.next();
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().code, base::Code::authority_unreachable);
    EXPECT_EQ(detail(step.error(), "failure"), failure_names(1 << failure));
    ASSERT_TRUE(to_be_set_aside(step.error()));

    const base::Bytes sent = journey.conversation.exchanges.back().request;
    journey.store({});
    ASSERT_EQ(std::get<Send>(journey.next().value()).message, sent);
    responder.reject.reset();
    responder.forget();
    journey.store(responder.handle(sent));
    EXPECT_TRUE(is<Issued>(journey.next()));
  }
}

TEST(Refusal, AConfirmationRefusedAfterItsAnswerWasLostIsUnknownAndNotFailed) {
  Responder responder;
  Journey journey;
  journey.exchange(responder);
  const base::Bytes sent = journey.record(journey.next(Verdict::accepted).value());
  static_cast<void>(responder.handle(sent));
  ASSERT_EQ(responder.confirmed, 1);
  responder.forget();
  journey.store(responder.handle(sent));
  const auto step = journey.next(Verdict::accepted);
  ASSERT_TRUE(is<Rejected>(step));
  EXPECT_TRUE(std::get<Rejected>(*step).reconcile);
}

TEST(UnsignedError, IsAHintToTryAgainAndNeverADecision) {
  Responder responder;
  responder.break_down = true;
  responder.sign_errors = false;
  Journey journey;
  journey.exchange(responder);
  const auto step = journey.next();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_unreachable);
  EXPECT_TRUE(to_be_set_aside(step.error()));
  EXPECT_NE(step.error().inner.find("unsigned error"), std::string::npos);
}

TEST(UnsignedError, OfAConfirmationChangesNothing) {
  Responder responder;
  responder.sign_errors = false;
  Journey journey;
  journey.exchange(responder);
  const base::Bytes sent = journey.record(journey.next(Verdict::accepted).value());
  Responder amnesiac;
  amnesiac.sign_errors = false;
  journey.store(amnesiac.handle(sent));
  const auto step = journey.next(Verdict::accepted);
  ASSERT_FALSE(step);
  EXPECT_TRUE(to_be_set_aside(step.error()));
  journey.store(responder.handle(sent));
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
}

TEST(SpoiltAnswer, OfAnUntrustedSignerIsSetAside) {
  const Identity stranger = new_identity("cmp-server", nullptr, Use::ca);
  Responder impostor(stranger);
  Journey journey;
  journey.exchange(impostor);
  const auto step = journey.next();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_mismatch);
  EXPECT_TRUE(to_be_set_aside(step.error()));
}

TEST(SpoiltAnswer, OfATrustedButUnexpectedSignerIsSetAside) {
  Responder colleague(pki().counter);
  Journey journey;
  journey.exchange(colleague);
  const auto step = journey.next();
  ASSERT_FALSE(step);
  EXPECT_TRUE(to_be_set_aside(step.error()));
}

// A flipped bit anywhere must never come through as an issued certificate, and the right answer still works
// after it.
TEST(SpoiltAnswer, WithABitFlippedIsNeverBelieved) {
  Responder responder;
  Journey journey;
  const base::Bytes sent = journey.record(journey.next().value());
  const base::Bytes good = responder.handle(sent);
  for (std::size_t i = 0; i < good.size(); i += 7) {
    auto bad = good;
    bad[i] ^= 0x10;
    if (!journey.port->check_response(sent, bad)) continue;
    journey.store(bad);
    const auto step = journey.next();
    if (is<Issued>(step)) {  // extraCerts are outside the protection; nothing else is
      EXPECT_EQ(std::get<Issued>(*step).certificate, responder.issued.at(0)) << i;
      const auto body = read_message(bad)->body;
      EXPECT_TRUE(same_bytes(body, read_message(good)->body)) << i;
    } else {
      ASSERT_FALSE(step) << i;
      EXPECT_TRUE(to_be_set_aside(step.error())) << i << base::describe(step.error());
    }
  }
  journey.store(good);
  EXPECT_TRUE(is<Issued>(journey.next()));
}

TEST(SpoiltAnswer, OfAConfirmationIsSetAsideAndTheRightOneEndsIt) {
  Responder responder;
  Journey journey;
  journey.exchange(responder);
  const base::Bytes sent = journey.record(journey.next(Verdict::accepted).value());
  const auto good = responder.handle(sent);
  auto bad = good;
  const auto view = read_message(bad);
  const auto inside = static_cast<std::size_t>(view->body.data() - bad.data()) + view->body.size() + 20;
  bad.at(inside) ^= 0x01;  // in the protection
  ASSERT_TRUE(journey.port->check_response(sent, bad));
  journey.store(bad);
  const auto step = journey.next(Verdict::accepted);
  ASSERT_FALSE(step);
  EXPECT_TRUE(to_be_set_aside(step.error()));
  journey.store(good);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
}

TEST(CheckResponse, TakesOnlyAnAnswerToThatVeryMessage) {
  Responder responder;
  Journey journey;
  Journey other;
  const auto sent = std::get<Send>(journey.next().value()).message;
  const auto again = std::get<Send>(journey.next().value()).message;  // same transaction, another nonce
  const auto elsewhere = std::get<Send>(other.next().value()).message;
  EXPECT_TRUE(journey.port->check_response(sent, responder.handle(sent)));
  for (const auto& wrong : {responder.handle(again), responder.handle(elsewhere), sent, base::Bytes{},
                            base::Bytes{'<', 'h', 't', 'm', 'l', '>'}}) {
    const auto checked = journey.port->check_response(sent, wrong);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, base::Code::authority_mismatch);
  }
  auto padded = responder.handle(sent);
  padded.push_back(0);
  EXPECT_FALSE(journey.port->check_response(sent, padded));
}

// The protection of such an answer is good and its transaction the right one; only the nonce tells.
TEST(CheckResponse, IsRepeatedByTheReplay) {
  Responder responder;
  Journey journey;
  const auto another = std::get<Send>(journey.next().value()).message;
  journey.record(journey.next().value());
  journey.store(responder.handle(another));
  const auto step = journey.next();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_mismatch);
  EXPECT_TRUE(to_be_set_aside(step.error()));
}

TEST(Meanings, FollowTheGravestFailure) {
  const auto bit = [](int number) { return 1 << number; };
  EXPECT_EQ(meaning_of(-1), Meaning::refused);
  EXPECT_EQ(meaning_of(0), Meaning::refused);
  EXPECT_EQ(meaning_of(bit(OSSL_CMP_PKIFAILUREINFO_systemUnavail)), Meaning::transient);
  EXPECT_EQ(meaning_of(bit(OSSL_CMP_PKIFAILUREINFO_systemUnavail) | bit(OSSL_CMP_PKIFAILUREINFO_badPOP)),
            Meaning::refused);
  EXPECT_EQ(meaning_of(bit(OSSL_CMP_PKIFAILUREINFO_badPOP) | bit(OSSL_CMP_PKIFAILUREINFO_certConfirmed)),
            Meaning::reconcile);
  EXPECT_EQ(
      failure_names(bit(OSSL_CMP_PKIFAILUREINFO_badPOP) | bit(OSSL_CMP_PKIFAILUREINFO_duplicateCertReq)),
      "badPOP,duplicateCertReq");
  EXPECT_EQ(failure_names(-1), "");
  EXPECT_EQ(status_name(2), "rejection");
  EXPECT_EQ(status_name(7), "unknown");
}

}  // namespace
}  // namespace madoguchi::authority::test
