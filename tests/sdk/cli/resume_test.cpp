#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using client::FakeServer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Resume : public ::testing::Test {
 protected:
  FakeCounter counter_;
  const std::string pins_ = "authentication=1234\nsignature=ABC123\nresident_register=9876\n";
  Ran resume(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato"});
    return run(counter_.arguments(more), pins_);
  }
};

TEST_F(Resume, AsksWhatIsMissingAndIssues) {
  counter_.required = {"authentication"};
  const auto ran = resume();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_TRUE(counter_.verified_in_order({"authentication"}));
  EXPECT_THAT(ran.out, HasSubstr("Case c-1: open"));
  EXPECT_THAT(ran.out, HasSubstr("2026-07-07 -> 2032-07-07"));
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
}

TEST_F(Resume, GoesStraightOnWhenEveryPinIsKnown) {
  counter_.required = {};
  counter_.state = "issuing";
  EXPECT_EQ(resume().status, done);
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_EQ(counter_.server.calls("cases.issue").size(), 1U);
}

TEST_F(Resume, VerifiesAgainWhatTheCardForgot) {
  counter_.required = {"authentication", "signature"};
  int times = 0;
  counter_.on_issue = [&](const FakeServer::Session& session, const json::object& request) {
    if (++times == 2) return true;
    session.error(request, -32006, "pin.required");
    return false;
  };
  EXPECT_EQ(resume().status, done);
  EXPECT_TRUE(counter_.verified_in_order({"authentication", "signature", "authentication", "signature"}));
}

// The decision is as it was before the issuing began; the daemon decides anew whether the PIN may be set.
TEST_F(Resume, SetsAPinAnewThatWasLockedAfterTheIssuingBegan) {
  counter_.state = "issuing";
  counter_.outcomes = {
      {"authentication", "locked"}, {"resident_register", "matched"}, {"signature", "matched"}};
  counter_.pins["authentication"].tries = 0;
  const auto ran = run(counter_.arguments({"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato"}),
                       pins_ + "new.authentication=4321\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_EQ(
      counter_.server.calls("cases.reset_pin").at(0),
      json::parse(
          R"({"case":"c-1","pin":"authentication","entered_by":"holder","staff":"sato","value":"4321"})")
          .as_object());
  EXPECT_THAT(ran.out, HasSubstr("was locked after the issuing began"));
}

TEST_F(Resume, LetsTheDaemonSeeFirstThatAPinWasLockedElsewhere) {
  counter_.state = "issuing";
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 0;
  const auto ran = run(counter_.arguments({"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato"}),
                       pins_ + "new.authentication=4321\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_TRUE(counter_.verified_in_order({"authentication"}));
  EXPECT_EQ(counter_.server.calls("cases.reset_pin").size(), 1U);
}

TEST_F(Resume, StopsAtALockedPinThatMayNotBeSetAnew) {
  counter_.state = "issuing";
  counter_.outcomes = {{"authentication", "locked"}};
  counter_.required = {"authentication"};
  counter_.pins["authentication"].tries = 0;
  // No new PIN was given.
  const auto without = resume();
  EXPECT_EQ(without.status, person_needed);
  EXPECT_THAT(without.err, HasSubstr("is locked"));
  EXPECT_THAT(counter_.server.calls("cases.reset_pin"), IsEmpty());
  // The daemon refuses.
  counter_.server.refuse("cases.reset_pin", -32004, "conflict");
  const auto ran = run(counter_.arguments({"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato"}),
                       pins_ + "new.authentication=4321\n");
  EXPECT_NE(ran.status, done);
  EXPECT_THAT(ran.err, HasSubstr("[conflict]"));
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
}

// Asking for the PIN that is forgotten would invite the new one, which burns its tries.
TEST_F(Resume, NeverAsksForAForgottenPinOfACaseThatIsHalfDone) {
  counter_.state = "partly_completed";
  counter_.written = {"authentication"};
  counter_.outcomes = {
      {"authentication", "matched"}, {"resident_register", "matched"}, {"signature", "forgotten"}};
  const auto ran = run(counter_.arguments({"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato",
                                           "--forgotten", "signature", "--document", "drivers_licence"}),
                       "new.signature=XYZ789\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_EQ(counter_.server.calls("cases.reset_pin").at(0).at("pin"), "signature");
  EXPECT_THAT(ran.out, Not(HasSubstr("was locked")));
}

TEST_F(Resume, SaysHowFarACaseIsThatStopsHalfway) {
  counter_.state = "partly_completed";
  counter_.written = {"authentication"};
  counter_.needs_person = true;
  counter_.required = {"authentication", "signature"};
  counter_.outcomes = {{"authentication", "matched"}, {"signature", "matched"}};
  counter_.facts = json::parse(R"({"visitor":{"role":"holder"},"certificates":{
      "authentication":{"state":"valid","expires_on":"2026-05-01"},
      "signature":{"state":"valid","expires_on":"2026-07-07"}}})")
                       .as_object();
  counter_.server.refuse("cases.issue", -32008, "card.absent");
  const auto ran = resume();
  EXPECT_EQ(ran.status, person_needed);
  const auto after = ran.out.substr(ran.out.rfind("Attention: does not fit"));
  EXPECT_THAT(after, HasSubstr("Look first: look at the card"));
  EXPECT_THAT(after, HasSubstr("The certificate that is done can be used"));
  EXPECT_THAT(after, HasSubstr("signature certificate (6 to 16"));
  EXPECT_THAT(after, Not(HasSubstr("authentication certificate (4 digits)"))) << "that one is done";
  EXPECT_THAT(after, HasSubstr("The signature certificate ends on 2026-07-07."));
  EXPECT_THAT(after, Not(HasSubstr("convenience stores"))) << "the certificate that they look at is done";
}

TEST_F(Resume, PromisesAProxyNoApplicationForTheRestOfWhatHasBegun) {
  counter_.state = "partly_completed";
  counter_.written = {"authentication"};
  counter_.required = {"signature"};
  counter_.outcomes = {{"signature", "matched"}};
  counter_.facts = json::parse(R"({"visitor":{"role":"proxy"}})").as_object();
  counter_.server.refuse("cases.issue", -32005, "card.removed");
  const auto stopped = resume();
  EXPECT_EQ(stopped.status, person_needed) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("unless the holder comes in person"));
  EXPECT_THAT(stopped.out, Not(HasSubstr("only an application is received")));
  // Before anything has begun one is received.
  counter_.state = "ready";
  counter_.written = {};
  EXPECT_THAT(resume().out, HasSubstr("only an application is received"));
}

TEST_F(Resume, TellsWhatToBringWithoutTheCard) {
  counter_.facts = json::parse(R"({"visitor":{"role":"holder"}})").as_object();
  const auto ran = resume({"--no-card"});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_EQ(counter_.server.calls("cases.update").at(0).at("facts"),
            json::parse(R"({"card":{"presented":false}})"));
  EXPECT_THAT(ran.out, HasSubstr("  - your My Number Card"));
  EXPECT_THAT(ran.out, HasSubstr("If the card is lost"));
  EXPECT_THAT(ran.err, HasSubstr("c-1 is kept"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
}

TEST_F(Resume, TellsWhatToBringWhereNoCardIsFound) {
  counter_.facts = json::parse(R"({"visitor":{"role":"holder"}})").as_object();
  counter_.server.refuse("card.inspect", -32005, "card.absent");
  const auto ran = resume();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.out, HasSubstr("  - your My Number Card"));
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --no-card"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Resume, LooksAtTheCardThatWasNotThereTheLastTime) {
  counter_.facts = json::parse(R"({"visitor":{"role":"holder"},"card":{"presented":false}})").as_object();
  EXPECT_EQ(resume().status, done);
  EXPECT_EQ(counter_.server.calls("cases.update").at(0).at("reader"), "Reader A");
}

// The first visit was without the card, and no day was told then.
class ResumeWithSilentCard : public Resume {
 protected:
  ResumeWithSilentCard() {
    counter_.facts = {{"card", {{"presented", false}}}};
    counter_.server.on("cases.update", [](const FakeServer::Session& session, const json::object& request) {
      const auto& params = request.at("params").as_object();
      const auto* facts = params.if_contains("facts");
      const auto* card = facts != nullptr ? facts->as_object().if_contains("card") : nullptr;
      if (card == nullptr)
        return session.error(
            request, -32602, "invalid_params",
            {{"pointer", "/card/expires_on"}, {"expected", "a date, YYYY-MM-DD (required)"}});
      session.result(request, {{"id", "c-1"}, {"state", "ready"}});
    });
  }
  json::value told() { return counter_.server.calls("cases.update").back().at("facts").at("card"); }
};

TEST_F(ResumeWithSilentCard, IsToldItsLastDayByAnOption) {
  const auto silent = resume();
  EXPECT_EQ(silent.status, refused);
  EXPECT_THAT(silent.err, HasSubstr("The card does not tell its last day."));
  EXPECT_THAT(silent.err, HasSubstr("Missing: --card-expires YYYY-MM-DD"));
  EXPECT_THAT(silent.err, Not(HasSubstr("told wrongly"))) << "nobody has told it";
  EXPECT_EQ(resume({"--card-expires", "2031-07-07"}).status, done);
  EXPECT_EQ(told(), json::parse(R"({"expires_on":"2031-07-07"})"));
}

TEST_F(ResumeWithSilentCard, IsAskedAboutAtTheTerminal) {
  AtTerminal clerk(counter_.arguments({"cases", "resume", "c-1"}));
  ASSERT_TRUE(clerk.shows("Last day of the card, as printed on it")) << clerk.screen;
  clerk.type("2031-07-07\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(told(), json::parse(R"({"expires_on":"2031-07-07"})"));
}

TEST_F(Resume, DoesWithoutCountsWhileTheCaseHoldsTheCard) {
  counter_.server.refuse("card.inspect", -32004, "reader.busy");
  const auto ran = resume();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_FALSE(counter_.server.calls("cases.verify_pin").at(0).contains("expected_tries_left"));
}

// The authority may be asked about a certificate behind the PIN before: for two seconds.
TEST_F(Resume, WaitsWhileOtherWorkOnItsOwnCaseGoesOn) {
  counter_.required = {"authentication"};
  int times = 0;
  counter_.server.on(
      "cases.verify_pin", [&](const FakeServer::Session& session, const json::object& request) {
        if (++times < 3)
          return session.error(request, -32004, "reader.busy", {{"case", "c-1"}, {"retry_after_ms", 1}});
        counter_.outcomes["authentication"] = "matched";
        session.result(request, {{"tries_left", 3},
                                 {"case",
                                  {{"id", "c-1"},
                                   {"state", "ready"},
                                   {"decision", {{"pins_required", {"authentication"}}}},
                                   {"pins", {{"authentication", "matched"}}}}}});
      });
  const auto ran = resume();
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(times, 3);
  EXPECT_EQ(ran.err, "") << "nobody is troubled with it";
}

TEST_F(Resume, DoesNotWaitForAnotherCase) {
  counter_.required = {"authentication"};
  counter_.server.refuse("cases.verify_pin", -32004, "reader.busy", {{"case", "c-2"}, {"retry_after_ms", 1}});
  EXPECT_EQ(resume().status, person_needed);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").size(), 1U);
}

TEST_F(Resume, TheLastTryIsGuardedThenByTheDaemon) {
  counter_.server.refuse("card.inspect", -32004, "reader.busy");
  counter_.pins["authentication"].tries = 1;
  const auto ran = resume();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("[pin.last_try]"));
  EXPECT_EQ(counter_.pins["authentication"].tries, 1);
}

TEST_F(Resume, ChangedTriesSendNothing) {
  counter_.server.on("card.inspect", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request, {{"tries_left", {{"resident_register", 2}}}});
  });
  const auto ran = resume();
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("[pin.tries_changed]"));
  EXPECT_EQ(counter_.pins["resident_register"].tries, 3);
}

TEST_F(Resume, AttachesAnotherReader) {
  EXPECT_EQ(resume({"--reader", "Reader B"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.update").at(0),
            (json::object{{"case", "c-1"}, {"reader", "Reader B"}, {"staff", "sato"}}));
}

TEST_F(Resume, PassesOverAnUnfinishedCaseThatIsNamedAndSaysHow) {
  counter_.on_issue = [](const FakeServer::Session& session, const json::object& request) {
    session.error(request, -32004, "conflict", {{"case", "c-9"}, {"unfinished", json::array{"c-9"}}});
    return false;
  };
  const auto stopped = resume();
  EXPECT_EQ(stopped.status, refused);
  EXPECT_THAT(stopped.err, HasSubstr("cases resume c-1 --beside c-9"));
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
  counter_.on_issue = nullptr;
  EXPECT_EQ(resume({"--beside", "c-9"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.update").at(0),
            (json::object{{"case", "c-1"}, {"beside", json::array{"c-9"}}, {"staff", "sato"}}));
}

TEST_F(Resume, GivesAReasonForWhatAnotherDayLeavesToTheClerk) {
  counter_.on_issue = [](const FakeServer::Session& session, const json::object& request) {
    session.error(request, -32011, "policy.blocked", {{"needs", "override_reason"}});
    return false;
  };
  const auto stopped = resume();
  EXPECT_EQ(stopped.status, not_today);
  EXPECT_THAT(stopped.err, HasSubstr("--override-reason"));
  counter_.on_issue = nullptr;
  EXPECT_EQ(resume({"--override-reason", "was in the queue"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.update").at(0),
            (json::object{{"case", "c-1"}, {"staff", "sato"}, {"override_reason", "was in the queue"}}));
}

TEST_F(Resume, TellsWhichDocumentsWereBrought) {
  counter_.server.on("cases.get", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request,
                   {{"id", "c-1"},
                    {"state", "open"},
                    {"facts", {{"documents", json::array{json::object{{"type", "expiry_notice"}}}}}}});
  });
  EXPECT_EQ(resume({"--document", "passport"}).status, done);
  EXPECT_EQ(
      counter_.server.calls("cases.update").at(0),
      json::parse(R"({"case":"c-1","facts":{"documents":[{"type":"expiry_notice"},{"type":"passport"}]},)"
                  R"("staff":"sato"})")
          .as_object());
}

TEST_F(Resume, TellsNothingAgainThatWasBroughtOnAnotherDay) {
  counter_.server.on("cases.get", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request, {{"id", "c-1"},
                             {"state", "open"},
                             {"facts",
                              {{"at", "2026-02-12T10:00:00+09:00"},
                               {"documents", json::array{json::object{{"type", "drivers_licence"}}}}}}});
  });
  EXPECT_EQ(resume({"--document", "passport"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.update").at(0).at("facts").at("documents"),
            json::parse(R"([{"type":"passport"}])"));
}

TEST_F(Resume, StopsBeforeThePinsWhileTheDecisionSaysNo) {
  counter_.outcome = "not_today";
  const auto ran = resume();
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

// The daemon would refuse to go on, and its PINs would be asked for in vain.
TEST_F(Resume, StopsBeforeThePinsWhileTheDecisionLeavesNoOtherKeyToBeMade) {
  counter_.state = "attention";
  counter_.phase_of_rest = "failed";
  counter_.outcome = "not_today";
  counter_.key_of_rest_to_be_made = true;
  EXPECT_EQ(resume().status, not_today);
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
  counter_.key_of_rest_to_be_made = false;
  EXPECT_EQ(resume().status, done) << "what keeps its key goes on whatever is decided";
}

TEST_F(Resume, WhatHasEndedIsOnlyShown) {
  for (const auto& [state, status] :
       {std::pair("completed", done), {"cancelled", refused}, {"waiting", refused}}) {
    counter_.state = state;
    const auto ran = resume();
    EXPECT_EQ(ran.status, status) << state;
    EXPECT_THAT(ran.out, HasSubstr("Case c-1: "));
  }
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
}

TEST_F(Resume, AnUnknownCaseIsSaid) {
  counter_.server.refuse("cases.get", -32001, "not_found");
  EXPECT_EQ(resume().status, refused);
}

}  // namespace
}  // namespace madoguchi::cli
