// Who has come to go on with a case: on another day nobody's papers of before count, and somebody else may
// have come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/calendar.hpp"
#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TodaysVisitor : public ::testing::Test {
 protected:
  FakeCounter counter_;

  void received(std::string_view role, std::string at) {
    counter_.facts = {
        {"at", std::move(at)},
        {"office", "main"},
        {"holder", {{"birth_date", "1980-07-07"}}},
        {"visitor", {{"role", role}}},
        {"documents", {{{"type", "passport"}, {"of", "visitor"}}, {{"type", "passport"}, {"of", "holder"}}}}};
  }
  void on_another_day(std::string_view role) { received(role, "2026-04-20T10:00:00+09:00"); }
  void today(std::string_view role) {
    received(role, base::format_time(
                       std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())));
  }
  void one_written_and_the_other(const char* phase) {
    counter_.state = "partly_completed";
    counter_.written = {"authentication"};
    counter_.phase_of_rest = phase;
  }
  std::vector<std::string> resuming(std::vector<std::string> more) const {
    more.insert(more.begin(), {"cases", "resume", "c-1"});
    return counter_.arguments(std::move(more));
  }
  Ran resume(std::vector<std::string> more, const Environment& environment = {}) {
    more.emplace_back("--pin-stdin");
    return run(resuming(std::move(more)), "authentication=1234\nsignature=ABC123\nresident_register=9876\n",
               environment);
  }
  Ran resume_at(const std::string& office) { return resume({}, {{"MADOGUCHI_OFFICE", office}}); }
  json::object update() {
    const auto calls = counter_.server.calls("cases.update");
    return calls.empty() ? json::object() : calls.back();
  }
};

TEST_F(TodaysVisitor, AnotherProxyIsToldApartFromTheFirst) {
  today("proxy");
  const auto ran =
      resume({"--another-visitor", "--form-source", "notice", "--sealed", "--document", "passport"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(update().at("visitor_changed"), true);
  EXPECT_EQ(update().at("facts"), json::parse(R"({"visitor":{"role":"proxy"},"documents":[
      {"type":"passport","of":"holder"},{"type":"passport"},{"type":"reply_form","source":"notice","sealed":true}]})"))
      << "the papers of the first are not the second's";
}

TEST_F(TodaysVisitor, WhoeverCameBeforeIsNoOther) {
  today("proxy");
  EXPECT_EQ(resume({"--document", "drivers_licence"}).status, done);
  EXPECT_FALSE(update().contains("visitor_changed"));
  EXPECT_EQ(update().at("facts").at("documents").as_array().size(), 3U);
}

TEST_F(TodaysVisitor, TheHolderMayComeInsteadOfTheProxy) {
  counter_.state = "waiting";
  on_another_day("proxy");
  const auto settled = resume({});
  EXPECT_THAT(settled.err, HasSubstr("madoguchi cases resume c-1 --in-person"));
  resume({"--in-person"});
  EXPECT_EQ(update().at("facts"), json::parse(R"({"visitor":{"role":"holder"},"documents":[]})"));
  EXPECT_EQ(update().at("visitor_changed"), true);
  EXPECT_EQ(update().at("reader"), "Reader A") << "the card was not here meanwhile";
  EXPECT_EQ(resume({"--in-person", "--second-visit"}).status, bad_usage);
  EXPECT_EQ(resume({"--in-person", "--proxy"}).status, bad_usage);
}

// The holder came between the two visits: who brings the form back is nobody but a proxy.
TEST_F(TodaysVisitor, WhoComesForTheSecondVisitIsAProxyAgain) {
  counter_.state = "waiting";
  on_another_day("holder");
  counter_.server.on(
      "proxy-two-visit.status", [](const client::FakeServer::Session& session, const json::object& request) {
        session.result(request, json::parse(R"({"phase":"mailed","first_visit_on":"2026-04-01","form":
            {"type":"reply_form","source":"city","expires_on":"2026-05-02"}})"));
      });
  resume({"--second-visit", "--sealed", "--document", "drivers_licence"});
  EXPECT_EQ(update().at("facts").at("visitor"), json::parse(R"({"role":"proxy"})"));
  EXPECT_EQ(update().at("visitor_changed"), true);
}

TEST_F(TodaysVisitor, PapersAreToldAlsoWhereTheCardIsNotHere) {
  today("proxy");
  resume({"--no-card", "--document", "drivers_licence"});
  EXPECT_EQ(update().at("facts").at("documents").as_array().back(),
            json::parse(R"({"type":"drivers_licence"})"));
}

TEST_F(TodaysVisitor, OfARepresentativeItIsToldWhatSparesAPaper) {
  today("holder");
  EXPECT_EQ(resume({"--legal-representative", "--relationship", "parent", "--same-household"}).status, done);
  EXPECT_EQ(update().at("facts").at("visitor"),
            json::parse(R"({"role":"legal_representative","relationship":"parent","same_household":true})"));
  EXPECT_EQ(update().at("facts").at("holder").at("birth_date"), "1980-07-07");
}

TEST_F(TodaysVisitor, OnAnotherDayItIsDecidedAnewByThatDaysPapersAndCard) {
  on_another_day("holder");
  EXPECT_EQ(resume({}).status, done);
  EXPECT_EQ(update().at("facts"), json::parse(R"({"documents":[]})"));
  EXPECT_EQ(update().at("reader"), "Reader A");
}

// Interrupted there, only the card says whether the key was made: the update names its reader.
TEST_F(TodaysVisitor, AKeyThatMayNotHaveBeenMadeIsStillLeft) {
  on_another_day("holder");
  one_written_and_the_other("key_intended");
  EXPECT_EQ(resume({"--in-person"}).status, done);
  EXPECT_EQ(update().at("reader"), "Reader A");
  EXPECT_FALSE(update().contains("visitor_changed"));
}

// Nobody else is received for it before the card was looked at, on the same day either.
TEST_F(TodaysVisitor, AKeyThatMayNotHaveBeenMadeIsLookedForBeforeSomebodyElseIsReceived) {
  today("proxy");
  one_written_and_the_other("key_unknown");
  EXPECT_EQ(resume({"--another-visitor", "--form-source", "none", "--document", "passport"}).status, done);
  EXPECT_EQ(update().at("visitor_changed"), true);
  EXPECT_EQ(update().at("reader"), "Reader A");
}

// No envelope is opened for somebody whom the rules turn away.
TEST_F(TodaysVisitor, AKeyThatWasPutOffTakesNoPinOfWhoIsTurnedAway) {
  for (const auto* state : {"issuing", "attention"}) {
    today("proxy");
    counter_.state = state;
    counter_.phase_of_rest = "planned";
    counter_.outcome = "not_today";
    EXPECT_EQ(resume({"--another-visitor", "--form-source", "none", "--document", "passport"}).status,
              not_today);
    EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
    EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
  }
}

// What is half done is brought to its end whoever has come.
TEST_F(TodaysVisitor, WhatIsHalfDoneGoesOnBesideAKeyThatIsRefused) {
  today("proxy");
  counter_.state = "attention";
  counter_.phase_of_rest = "key_made";
  counter_.outcome = "not_today";
  resume({"--document", "passport"});
  EXPECT_THAT(counter_.server.calls("cases.issue"), Not(IsEmpty()));
}

TEST_F(TodaysVisitor, AKeyThatMayNotHaveBeenMadeIsGoneOnWithByTheSamePersonWithoutALook) {
  today("proxy");
  one_written_and_the_other("key_intended");
  EXPECT_EQ(resume({"--document", "drivers_licence"}).status, done);
  EXPECT_TRUE(update().contains("facts"));
  EXPECT_FALSE(update().contains("reader"));
}

TEST_F(TodaysVisitor, AKeyInPlaceOfOneThatWasGivenUpIsStillLeft) {
  on_another_day("proxy");
  counter_.state = "attention";
  counter_.phase_of_rest = "failed";
  counter_.key_of_rest_to_be_made = true;
  EXPECT_EQ(resume({}).status, bad_usage) << "a proxy's form is told of each day";
  EXPECT_EQ(resume({"--form-source", "none", "--document", "passport"}).status, done);
  EXPECT_EQ(update().at("facts"), json::parse(R"({"documents":[{"type":"passport"}]})"));
  EXPECT_EQ(update().at("reader"), "Reader A");
}

TEST_F(TodaysVisitor, OfWhatHasFailedAndKeepsItsKeyNothingIsDecidedAnew) {
  on_another_day("proxy");
  counter_.state = "attention";
  counter_.phase_of_rest = "failed";
  EXPECT_EQ(resume({}).status, done);
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(TodaysVisitor, AtTheTerminalTheClerkIsAskedWhoHasComeForAnotherKey) {
  counter_.state = "attention";
  counter_.phase_of_rest = "failed";
  counter_.key_of_rest_to_be_made = true;
  counter_.required = {};
  on_another_day("holder");
  AtTerminal clerk(resuming({}));
  ASSERT_TRUE(clerk.shows("the same person as before (the holder)")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(update().at("facts"), json::parse(R"({"documents":[]})"));
}

TEST_F(TodaysVisitor, OfWhatHasBegunWholeNothingIsDecidedAnew) {
  on_another_day("proxy");
  counter_.state = "issuing";
  counter_.written = {"authentication", "signature"};
  EXPECT_EQ(resume({}).status, done);
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(TodaysVisitor, ACardThatLiesElsewhereOnAnotherDayGoesOnThere) {
  on_another_day("holder");
  counter_.state = "issuing";
  counter_.phase_of_rest = "write_intended";
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"empty"},
      {"name":"Reader B","state":"present","card":"my_number_card"}]})"));
  EXPECT_EQ(resume({}).status, done);
  EXPECT_EQ(update().at("reader"), "Reader B");
}

TEST_F(TodaysVisitor, OneThatTheOfficialTerminalHasIsNotLookedFor) {
  on_another_day("holder");
  counter_.state = "issuing";
  counter_.phase_of_rest = "handed_over";
  counter_.end_state = "issuing";
  for (const char* others :
       {R"({"readers":[{"name":"Reader A","state":"empty"}]})",
        R"({"readers":[{"name":"Reader A","state":"empty"},{"name":"Reader B","state":"present"}]})",
        R"({"readers":[{"name":"Reader A","state":"busy"},{"name":"Reader B","state":"present"}]})"}) {
    counter_.server.answer("readers.list", json::parse(others));
    EXPECT_EQ(resume({}).status, unfinished) << others;
  }
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

class TodaysVisitorComesBackAtOnce : public TodaysVisitor {
 protected:
  // The command was given today already and stopped: the daemon keeps the card for the case for a while.
  void a_card_is_held(std::string_view worked_on_last, std::string_view on_reader_b) {
    on_another_day("holder");
    counter_.state = "issuing";
    counter_.phase_of_rest = "write_intended";
    counter_.server.refuse("card.inspect", -32004, "reader.busy");
    counter_.server.answer(
        "readers.list",
        {{"readers",
          {{{"name", "Reader A"}, {"state", "busy"}}, {{"name", "Reader B"}, {"state", on_reader_b}}}}});
    const auto changed_at = [&](std::string_view id) {
      return id == worked_on_last ? "2026-04-21T09:30:00.000+09:00" : "2026-04-21T09:00:00.000+09:00";
    };
    counter_.server.answer("cases.list",
                           {{"cases",
                             {{{"id", "c-2"}, {"reader", "Reader A"}, {"updated_at", changed_at("c-2")}},
                              {{"id", "c-1"}, {"reader", "Reader A"}, {"updated_at", changed_at("c-1")}}}}});
  }
};

TEST_F(TodaysVisitorComesBackAtOnce, TheCardThatTheCaseHoldsIsNotLookedFor) {
  a_card_is_held("c-1", "empty");
  const auto ran = resume({});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.err, Not(HasSubstr("cases cancel")));
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(TodaysVisitorComesBackAtOnce, ANeighboursCardIsNotTakenForIt) {
  a_card_is_held("c-1", "present");
  const auto ran = resume({});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(TodaysVisitorComesBackAtOnce, WhatIsLeftIsDecidedByTheCardThatIsHeld) {
  a_card_is_held("c-1", "present");
  counter_.phase_of_rest = "planned";
  EXPECT_EQ(resume({}).status, done);
  EXPECT_EQ(update().at("reader"), "Reader A");
}

TEST_F(TodaysVisitorComesBackAtOnce, AReaderThatAnotherCaseHasTakenIsLeftForTheCardsOwn) {
  a_card_is_held("c-2", "present");
  EXPECT_EQ(resume({}).status, done);
  EXPECT_EQ(update().at("reader"), "Reader B");
}

// Without a word about the form an application would be received and a letter posted.
TEST_F(TodaysVisitor, AProxysFormIsToldOfEachDay) {
  on_another_day("proxy");
  counter_.end_state = "open";
  const auto silent = resume({"--document", "passport"});
  EXPECT_EQ(silent.status, bad_usage);
  EXPECT_THAT(silent.err, HasSubstr("--form-source notice, city or none"));
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
  resume({"--document", "passport", "--form-source", "none"});
  EXPECT_EQ(update().at("facts").at("documents"), json::parse(R"([{"type":"passport"}])"));
  today("proxy");
  resume({"--document", "drivers_licence"});
  EXPECT_EQ(update().at("facts").at("documents").as_array().size(), 3U);
}

TEST_F(TodaysVisitor, OnTheDayBehindASecondVisitThePostedFormStillCounts) {
  on_another_day("proxy");
  counter_.facts["visit"] = 2;
  counter_.server.answer("proxy-two-visit.status",
                         json::parse(R"({"phase":"second_visit","first_visit_on":"2026-04-01","form":
      {"type":"reply_form","source":"city","issued_on":"2026-04-02","expires_on":"2026-05-02"}})"));
  EXPECT_EQ(resume({}).status, bad_usage) << "sealed or not?";
  EXPECT_EQ(resume({"--sealed", "--document", "passport"}).status, done);
  EXPECT_EQ(update().at("facts"), json::parse(R"({"visit":2,"first_visit_on":"2026-04-01","documents":[
      {"type":"reply_form","source":"city","issued_on":"2026-04-02","expires_on":"2026-05-02","sealed":true},
      {"type":"passport"}]})"));
}

TEST_F(TodaysVisitor, AtTheTerminalTheClerkIsAskedWhoHasComeForTheRest) {
  counter_.state = "partly_completed";
  counter_.written = {"authentication"};
  counter_.required = {};
  on_another_day("holder");
  AtTerminal clerk(resuming({}));
  ASSERT_TRUE(clerk.shows("the same person as before (the holder)")) << clerk.screen;
  clerk.type("9\r");
  ASSERT_TRUE(clerk.shows("Who has come today?")) << clerk.screen;
  clerk.type("2\r");
  ASSERT_TRUE(clerk.shows("1 came with the notice")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(update().at("facts"), json::parse(R"({"visitor":{"role":"proxy"},"documents":[]})"));
  EXPECT_EQ(update().at("visitor_changed"), true);
}

TEST_F(TodaysVisitor, EnterAloneIsThePersonOfBeforeWhoseFormIsAskedForAnew) {
  counter_.required = {};
  on_another_day("proxy");
  AtTerminal clerk(resuming({}));
  ASSERT_TRUE(clerk.shows("the same person as before (the proxy)")) << clerk.screen;
  clerk.type("\r");
  ASSERT_TRUE(clerk.shows("1 came with the notice")) << clerk.screen;
  clerk.type("1\r");
  ASSERT_TRUE(clerk.shows("sealed, unopened?")) << clerk.screen;
  clerk.type("yes\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(update().at("facts"),
            json::parse(R"({"documents":[{"type":"reply_form","source":"notice","sealed":true}]})"));
  EXPECT_FALSE(update().contains("visitor_changed"));
}

TEST_F(TodaysVisitor, OnTheSameDayNobodyIsAsked) {
  counter_.required = {};
  today("proxy");
  AtTerminal clerk(resuming({}));
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_THAT(clerk.screen, Not(HasSubstr("Who has come")));
}

TEST_F(TodaysVisitor, WhoeverWaitedWithATicketIsReceivedByIt) {
  on_another_day("holder");
  counter_.server.answer("queue-board.ticket", {{"taken_at", "2026-04-21T18:40:00+09:00"}});
  EXPECT_EQ(resume({"--ticket", "A101"}).status, done);
  EXPECT_EQ(counter_.server.calls("queue-board.ticket").at(0),
            json::parse(R"({"office":"main","ticket":"A101"})").as_object());
  EXPECT_EQ(update().at("facts").at("at"), "2026-04-21T18:40:00+09:00");
}

TEST_F(TodaysVisitor, IsReceivedWhereTheyHaveComeAndByTheTicketOfThatLine) {
  on_another_day("holder");
  counter_.server.answer("queue-board.ticket", {{"taken_at", "2026-04-21T18:40:00+09:00"}});
  EXPECT_EQ(resume({"--office", "branch", "--ticket", "A101"}).status, done);
  EXPECT_EQ(update().at("facts").at("office"), "branch");
  EXPECT_EQ(counter_.server.calls("queue-board.ticket").back().at("office"), "branch");
}

TEST_F(TodaysVisitor, MayBeSentToAnotherOfficeOnTheSameDay) {
  today("holder");
  EXPECT_EQ(resume({"--office", "branch"}).status, done);
  EXPECT_EQ(update().at("facts").at("office"), "branch");
}

TEST_F(TodaysVisitor, OnAnotherDayIsReceivedWhereThisMachineStands) {
  on_another_day("holder");
  EXPECT_EQ(resume_at("branch").status, done);
  EXPECT_EQ(update().at("facts").at("office"), "branch");
}

// Nothing on the command line tells where a mistyped one has come from.
TEST_F(TodaysVisitor, WhereTheOfficeIsNamedIsSaidWhenThereIsNoSuchOffice) {
  on_another_day("holder");
  counter_.server.refuse("cases.update", -32602, "invalid_params",
                         {{"pointer", "/facts/office"}, {"expected", "one of main, east"}});
  const auto ran = resume_at("mian");
  EXPECT_EQ(ran.status, refused);
  for (const char* part : {"There are: main, east", "--office", "MADOGUCHI_OFFICE", "only on another day"})
    EXPECT_THAT(ran.err, HasSubstr(part));
}

TEST_F(TodaysVisitor, OnTheSameDayACaseStaysWhereItBegan) {
  today("holder");
  EXPECT_EQ(resume_at("branch").status, done);
  EXPECT_THAT(update(), IsEmpty());
}

TEST_F(TodaysVisitor, IsReceivedWhereTheyWereBeforeIfNobodySaysOtherwise) {
  on_another_day("holder");
  EXPECT_EQ(resume({}).status, done);
  EXPECT_FALSE(update().at("facts").as_object().contains("office"));
}

}  // namespace
}  // namespace madoguchi::cli
