#include <gtest/gtest.h>

#include <algorithm>

#include "journey.hpp"

namespace madoguchi::authority::test {
namespace {

struct Revocation {
  Revocation() { conversation.transaction_id = base::random_bytes(16); }

  base::Result<Next> next() const { return authority_for(BodyType::cr)->revoke(old, conversation); }
  base::Result<Next> ask(Responder& responder) {
    const auto sent = std::get<Send>(next().value()).message;
    conversation.exchanges.push_back({sent, {}});
    EXPECT_EQ(std::get<Send>(next().value()).message, sent);
    conversation.exchanges.back().response = responder.handle(sent);
    return next();
  }

  base::Bytes old = enrolment_for(card_key(0)).old_certificate;
  Conversation conversation;
};

TEST(Revocation, TellsThatTheOldCertificateIsSuperseded) {
  Responder responder;
  Revocation revocation;
  const auto step = revocation.ask(responder);
  ASSERT_TRUE(is<Finished>(step));
  EXPECT_EQ(responder.revoked.size(), 1U);
  // CRLReason superseded (4) as the value of id-ce-cRLReasons (RFC 5280 5.3.1).
  const base::Bytes reason{0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01, 0x04};
  const auto& sent = revocation.conversation.exchanges.at(0).request;
  EXPECT_NE(std::search(sent.begin(), sent.end(), reason.begin(), reason.end()), sent.end());
}

TEST(Revocation, TwiceIsFinishedToo) {
  Responder responder;
  Revocation first;
  ASSERT_TRUE(is<Finished>(first.ask(responder)));
  Revocation second;
  const auto step = second.ask(responder);
  ASSERT_TRUE(is<Finished>(step));
}

TEST(Revocation, RefusedIsRejected) {
  Responder responder;
  responder.reject_revocation = OSSL_CMP_PKIFAILUREINFO_notAuthorized;
  Revocation revocation;
  const auto step = revocation.ask(responder);
  ASSERT_TRUE(is<Rejected>(step));
  EXPECT_EQ(detail(std::get<Rejected>(*step).fault, "failure"), "notAuthorized");
  EXPECT_FALSE(std::get<Rejected>(*step).reconcile);
}

TEST(Revocation, OfAnAuthorityInTroubleIsTriedAgain) {
  Responder responder;
  responder.reject_revocation = OSSL_CMP_PKIFAILUREINFO_systemFailure;
  Revocation revocation;
  const auto step = revocation.ask(responder);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_unreachable);
  EXPECT_TRUE(to_be_set_aside(step.error()));
}

TEST(Revocation, OfSomethingElseThanACertificateIsAMismatch) {
  Revocation revocation;
  revocation.old.pop_back();
  const auto step = revocation.next();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_mismatch);
}

base::Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

struct Preflight {
  explicit Preflight(Responder& responder) {
    Conversation conversation{.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
    const auto port = authority_for(BodyType::cr);
    const auto sent = std::get<Send>(port->preflight(conversation, now()).value()).message;
    conversation.exchanges.push_back({sent, responder.handle(sent)});
    step = port->preflight(conversation, now());
  }
  base::Result<Next> step = Next(Finished{});
};

TEST(Preflight, AsksAndIsAnswered) {
  Responder responder;
  EXPECT_TRUE(is<Finished>(Preflight(responder).step));
  EXPECT_EQ(responder.general_messages, 1);
}

// An authority whose CA signs its messages shows that CA beside each.
TEST(Preflight, TheCaThatSignsTheMessagesIsShownAndNoOtherSigner) {
  const auto issuing = new_identity("cmp-server", &pki().root, Use::ca);
  for (const auto* signer : {&issuing, &pki().server}) {
    Responder responder(*signer);
    Conversation conversation{.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
    const auto port = authority_for(BodyType::cr);
    const auto sent = std::get<Send>(port->ask_issuers(conversation, now()).value()).message;
    conversation.exchanges.push_back({sent, responder.handle(sent)});
    const auto step = port->ask_issuers(conversation, now());
    ASSERT_TRUE(is<Finished>(step));
    const auto& shown = std::get<Finished>(*step).shown;
    EXPECT_TRUE(shown.named.empty()) << "it only repeats the question";
    std::vector<base::Bytes> own;
    if (signer == &issuing) own.push_back(der_of(*issuing.certificate));
    EXPECT_EQ(shown.enclosed, own);
  }
}

// A counter with another time than the authority's would give every new certificate back.
TEST(Preflight, TheAnswerTellsTheAuthoritysTime) {
  for (const bool breaks_down : {false, true}) {
    Responder responder;
    responder.break_down = breaks_down;
    const auto step = Preflight(responder).step;
    ASSERT_TRUE(is<Finished>(step));
    const auto told = std::get<Finished>(*step).told_at;
    ASSERT_TRUE(told);
    EXPECT_LE(std::chrono::abs(now() - *told), std::chrono::minutes(1));
  }
}

TEST(Preflight, ASignedErrorIsAnAnswerAndAnUnsignedOneIsNot) {
  Responder responder;
  responder.break_down = true;
  EXPECT_TRUE(is<Finished>(Preflight(responder).step));
  Responder careless;
  careless.break_down = true;
  careless.sign_errors = false;
  const auto step = Preflight(careless).step;
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, base::Code::authority_unreachable);
}

TEST(Preflight, ACounterWhoseCertificateEndsSoonDoesNotBegin) {
  const auto port = authority_for(BodyType::cr);
  const Conversation conversation{.transaction_id = base::random_bytes(16), .body = {}, .exchanges = {}};
  // The test's certificates are valid for ten days from an hour before this program made them.
  for (const auto from_now : {std::chrono::minutes(-180), std::chrono::minutes(10 * 24 * 60 - 59)}) {
    const auto refused = port->preflight(conversation, now() + from_now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::authority_rejected);
    EXPECT_EQ(detail(refused.error(), "failure"), "counter_certificate");
    EXPECT_FALSE(to_be_set_aside(refused.error()));
  }
  EXPECT_TRUE(is<Send>(port->preflight(conversation, now() + std::chrono::hours(24 * 9))));
}

TEST(Preflight, AStrangerDoesNotCount) {
  const Identity stranger = new_identity("cmp-server", nullptr, Use::ca);
  Responder impostor(stranger);
  EXPECT_FALSE(Preflight(impostor).step);
}

}  // namespace
}  // namespace madoguchi::authority::test
