#include <gtest/gtest.h>

#include <openssl/bn.h>

#include <array>
#include <atomic>
#include <thread>

#include "cmp/message.hpp"
#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

class Enrolments : public testing::TestWithParam<BodyType> {};
std::string body_name(const testing::TestParamInfo<BodyType>& body) {
  constexpr std::array<const char*, 3> names{"cr", "p10cr", "kur"};
  return names.at(static_cast<std::size_t>(body.param));
}
INSTANTIATE_TEST_SUITE_P(EveryBody, Enrolments, testing::Values(BodyType::cr, BodyType::p10cr, BodyType::kur),
                         body_name);

TEST_P(Enrolments, ACertificateIsIssuedThenConfirmedOnceTheCardHoldsIt) {
  Responder responder;
  Journey journey(GetParam());
  journey.exchange(responder);
  const auto issued = journey.next();
  ASSERT_TRUE(is<Issued>(issued));
  EXPECT_EQ(std::get<Issued>(*issued).certificate, responder.issued.at(0));
  EXPECT_EQ(responder.confirmed + responder.refused, 0);

  journey.exchange(responder, Verdict::accepted);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
  EXPECT_EQ(responder.confirmed, 1);
  EXPECT_EQ(responder.refused, 0);
  EXPECT_EQ(responder.issued.size(), 1U);
}

TEST_P(Enrolments, ACertificateThatMustNotBeUsedIsRefused) {
  Responder responder;
  Journey journey(GetParam());
  journey.exchange(responder);
  journey.exchange(responder, Verdict::refused);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::refused)));
  EXPECT_EQ(responder.confirmed, 0);
  EXPECT_EQ(responder.refused, 1);
}

TEST_P(Enrolments, AWaitingAuthorityIsPolled) {
  Responder responder;
  responder.waits = 3;
  responder.check_after = std::chrono::seconds(42);
  Journey journey(GetParam());
  journey.exchange(responder);
  for (int poll = 0; poll < 2; ++poll) {
    journey.exchange(responder, Verdict::undecided, poll > 0);
    const auto wait = journey.next();
    ASSERT_TRUE(is<Wait>(wait)) << poll;
    EXPECT_EQ(std::get<Wait>(*wait).delay, std::chrono::seconds(42));
    journey.restart();
    EXPECT_TRUE(is<Wait>(journey.next()));
  }
  journey.exchange(responder, Verdict::undecided, true);
  ASSERT_TRUE(is<Issued>(journey.next()));
  journey.exchange(responder, Verdict::accepted);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
  EXPECT_EQ(responder.confirmed, 1);
  EXPECT_EQ(responder.issued.size(), 1U);
}

TEST_P(Enrolments, AnAuthorityThatTakesItsTimeDoesNotMakeTheConversationGrow) {
  constexpr int polls = 50;
  Responder responder;
  responder.waits = polls;  // the first is the answer to the request itself
  Journey journey(GetParam());
  journey.exchange(responder);
  for (int poll = 1; poll < polls; ++poll) {
    journey.restart();
    journey.exchange(responder, Verdict::undecided, poll > 1);
    ASSERT_EQ(journey.conversation.exchanges.size(), 2U) << poll;
    ASSERT_TRUE(is<Wait>(journey.next())) << poll;
  }
  journey.exchange(responder, Verdict::undecided, true);
  ASSERT_TRUE(is<Issued>(journey.next()));
  journey.restart();
  journey.exchange(responder, Verdict::accepted);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
  EXPECT_EQ(journey.conversation.exchanges.size(), 3U);
  EXPECT_EQ(responder.issued.size(), 1U);
  EXPECT_EQ(responder.confirmed, 1);
}

// The power fails between any two records of the journal, and every message or answer is lost once.
TEST_P(Enrolments, EveryStepCanBeRepeatedAfterACrash) {
  Responder responder;
  responder.waits = 2;
  Journey journey(GetParam());
  bool waited = false;
  Verdict verdict = Verdict::undecided;
  for (int step = 0; step < 40; ++step) {
    journey.restart();
    const auto next = journey.next(verdict, waited);
    waited = false;
    ASSERT_TRUE(next) << base::describe(next.error());
    if (is<Finished>(next)) break;
    if (is<Wait>(next)) waited = true;
    if (is<Issued>(next)) verdict = Verdict::accepted;
    if (!is<Send>(next)) continue;
    const base::Bytes sent = journey.record(*next);
    static_cast<void>(responder.handle(sent));  // its answer is lost
    journey.restart();
    const auto again = journey.next(verdict, false);
    ASSERT_TRUE(is<Send>(again));
    ASSERT_EQ(std::get<Send>(*again).message, sent);
    journey.store(responder.handle(sent));
  }
  EXPECT_TRUE(is<Finished>(journey.next(verdict)));
  EXPECT_EQ(responder.issued.size(), 1U);
  EXPECT_EQ(responder.confirmed, 1);
  EXPECT_EQ(journey.conversation.exchanges.size(), 3U);  // request, last poll, confirmation
}

TEST_P(Enrolments, ACertificateForAnotherKeyIsAMismatchAndCanBeRefused) {
  Responder responder;
  responder.confuse_keys = true;
  Journey journey(GetParam());
  journey.exchange(responder);
  for (const auto verdict : {Verdict::undecided, Verdict::accepted}) {
    const auto step = journey.next(verdict);
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().code, base::Code::authority_mismatch);
    EXPECT_FALSE(to_be_set_aside(step.error()));
    EXPECT_EQ(detail(step.error(), "differs"), "key");
  }
  journey.exchange(responder, Verdict::refused);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::refused)));
  EXPECT_EQ(responder.refused, 1);
  EXPECT_EQ(responder.confirmed, 0);
}

TEST(Enrolment, NamesTheOldCertificateAndTheLastDay) {
  Responder responder;
  Journey journey(BodyType::cr);
  journey.exchange(responder);
  const auto old = certificate_from_der(journey.enrolment.old_certificate);
  const Owned<BIGNUM, BN_free> serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(old.get()), nullptr));
  const Owned<char, [](char* text) { OPENSSL_free(text); }> text(BN_bn2hex(serial.get()));
  EXPECT_EQ(responder.requests.at(0).old_serial, text.get());
  EXPECT_EQ(responder.requests.at(0).not_after, "2031-05-05 14:59:59Z");  // 23:59:59 in Japan
}

TEST(Enrolment, AnUndecidedCertificateIsNotConfirmedHoweverOftenItIsAskedFor) {
  Responder responder;
  Journey journey;
  journey.exchange(responder);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(is<Issued>(journey.next()));
  EXPECT_TRUE(is<Issued>(journey.next(Verdict::undecided, true)));
  EXPECT_EQ(journey.conversation.exchanges.size(), 1U);
}

TEST(Enrolment, AVerdictThatChangesAfterItWasSentIsAConflict) {
  Responder responder;
  Journey journey;
  journey.exchange(responder);
  journey.exchange(responder, Verdict::accepted);
  const auto step = journey.next(Verdict::refused);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::conflict);
}

TEST(Enrolment, OneAuthorityServesSeveralThreads) {
  const auto shared = authority_for(BodyType::cr);
  static_cast<void>(card_key(0));  // made before, not by all of them at once
  std::atomic<int> finished = 0;
  const auto renew = [&] {
    Responder responder;
    Journey journey;
    Verdict verdict = Verdict::undecided;
    for (int step = 0; step < 8; ++step) {
      const auto next = shared->enrol(journey.enrolment, journey.conversation, verdict, false);
      if (is<Finished>(next)) finished++;
      if (!next || is<Finished>(next)) return;
      if (is<Issued>(next)) verdict = Verdict::accepted;
      if (is<Send>(next)) journey.store(responder.handle(journey.record(*next)));
    }
  };
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) threads.emplace_back(renew);
  }
  EXPECT_EQ(finished, 4);
}

TEST(Enrolment, AnImplicitConfirmationIsNotAskedFor) {
  Responder responder;
  responder.grant_implicit = true;
  Journey journey;
  journey.exchange(responder);
  ASSERT_TRUE(is<Issued>(journey.next()));
  journey.exchange(responder, Verdict::accepted);
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
  EXPECT_EQ(responder.confirmed, 1);
}

TEST(Enrolment, AConversationWithAGapIsAConflict) {
  Responder responder;
  Journey journey;
  journey.exchange(responder);
  journey.exchange(responder, Verdict::accepted);
  journey.conversation.exchanges[0].response.clear();
  const auto step = journey.next(Verdict::accepted);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::conflict);
}

// The authority's signer, whose certificate has ended a minute ago.
Identity ended_signer() {
  Identity signer = new_identity("cmp-server", &pki().root, Use::end_entity);
  X509_gmtime_adj(X509_getm_notAfter(signer.certificate.get()), -60);
  X509_sign(signer.certificate.get(), pki().root.key.get(), EVP_sha256());
  return signer;
}

TEST(EndedSigner, IsNotBelievedAnyMoreButWasWhileItHadNotEnded) {
  const Identity signer = ended_signer();
  Responder responder(signer);
  Journey journey;
  journey.exchange(responder);
  const auto fresh = journey.next();
  ASSERT_FALSE(fresh);
  EXPECT_EQ(fresh.error().code, base::Code::authority_mismatch);
  EXPECT_TRUE(to_be_set_aside(fresh.error()));
  // A case that was interrupted while its signer had not ended, and is gone on with later.
  journey.conversation.believed = true;
  EXPECT_TRUE(is<Issued>(journey.next()));
  EXPECT_TRUE(is<Send>(journey.next(Verdict::refused)));
  ASSERT_TRUE(is<Send>(journey.next(Verdict::accepted)));
  journey.exchange(responder, Verdict::accepted);
  journey.conversation.believed = false;
  const auto confirmed = journey.next(Verdict::accepted);
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().code, base::Code::authority_mismatch);
  EXPECT_TRUE(to_be_set_aside(confirmed.error()));
  journey.conversation.believed = true;
  EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
}

// Asked to wait, the case slept for longer than the signer's certificate lasted.
TEST(EndedSigner, DoesNotEndTheWaitingForItsAnswer) {
  const Identity signer = ended_signer();
  Responder responder(signer);
  responder.waits = 1;
  Journey journey;
  journey.exchange(responder);
  EXPECT_FALSE(journey.next());
  journey.conversation.believed = true;
  EXPECT_TRUE(is<Send>(journey.next())) << "the poll";
}

TEST(EndedSigner, LeavesItsSuccessorToFinishTheTransaction) {
  const Identity signer = ended_signer();
  Responder before(signer);
  Journey journey;
  journey.exchange(before);
  journey.conversation.believed = true;
  const auto& request = journey.record(journey.next(Verdict::accepted).value());
  Responder after;
  after.handle(journey.conversation.exchanges.front().request);
  auto answer = after.handle(request);
  ASSERT_TRUE(journey.port->check_response(request, answer));
  journey.store(std::move(answer));
  journey.conversation.believed = false;
  const auto end = journey.next(Verdict::accepted);
  // Another certificate's hash: it refuses, and that is read as its answer and not as a spoilt one.
  ASSERT_TRUE(end) << base::describe(end.error());
  EXPECT_TRUE(is<Rejected>(end));
}

// An administrator changes `body` while a case is under way.
TEST(Body, OfAConversationStaysWhatItWasWhateverTheSettingBecomes) {
  for (const auto before : {BodyType::cr, BodyType::p10cr, BodyType::kur}) {
    for (const auto after : {BodyType::cr, BodyType::p10cr, BodyType::kur}) {
      SCOPED_TRACE(testing::Message() << static_cast<int>(before) << " to " << static_cast<int>(after));
      for (const bool sent : {false, true}) {
        Responder responder;
        Journey journey(before);
        if (sent) journey.record(journey.next().value());
        journey.body = after;
        journey.restart();
        if (sent) {
          const auto again = journey.next();
          ASSERT_TRUE(is<Send>(again)) << base::describe(again.error());
          journey.store(responder.handle(std::get<Send>(*again).message));
        } else {
          journey.exchange(responder);
        }
        const auto issued = journey.next();
        ASSERT_TRUE(is<Issued>(issued));
        journey.exchange(responder, Verdict::accepted);
        EXPECT_TRUE(is<Finished>(journey.next(Verdict::accepted)));
      }
    }
  }
}

TEST(Body, OfANewIssuanceIsNoUpdateWhateverTheSettingSays) {
  Enrolment enrolment = Journey().enrolment;
  enrolment.old_certificate.clear();
  const auto update = authority_for(BodyType::kur)->to_be_signed(enrolment);
  ASSERT_TRUE(update) << base::describe(update.error());
  EXPECT_EQ(*update, authority_for(BodyType::cr)->to_be_signed(enrolment).value());
}

}  // namespace
}  // namespace madoguchi::authority::test
