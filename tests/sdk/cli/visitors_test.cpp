// Who comes, with what and without what: legal representatives, papers, a forgotten PIN, no card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "documents.hpp"
#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using client::FakeServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Documents, AreNamedWithTheirDayOfIssueAndAsCopies) {
  EXPECT_EQ(document_named("passport"), (json::object{{"type", "passport"}}));
  EXPECT_EQ(document_named("guardianship_registration@2026-10-01"),
            (json::object{{"type", "guardianship_registration"}, {"issued_on", "2026-10-01"}}));
  EXPECT_EQ(document_named("family_register@2026-10-01:copy"),
            (json::object{{"type", "family_register"}, {"issued_on", "2026-10-01"}, {"original", false}}));
  EXPECT_EQ(document_named("family_register:copy"),
            (json::object{{"type", "family_register"}, {"original", false}}));
  for (const char* bad :
       {"", "@2026-10-01", "passport@", "passport@2026-02-30", "passport:original", ":copy"})
    EXPECT_EQ(document_named(bad), std::nullopt) << bad;
}

TEST(Documents, ThatAreMissingAreNamedAsTheClerkWillTellThem) {
  EXPECT_EQ(options_for({"my_number_card", "photo_identity_document", "guardianship_registration"}),
            "--document drivers_licence --document guardianship_registration@YYYY-MM-DD");
  EXPECT_EQ(options_for({"move_report"}), "--document move_report");
}

class Visitors : public ::testing::Test {
 protected:
  FakeCounter counter_;

  std::vector<std::string> renewing(std::vector<std::string> more, const char* born = "1980-07-07") {
    more.insert(more.begin(), {"renew", "--birth-date", born, "--office", "main"});
    return counter_.arguments(std::move(more));
  }
  Ran renew(std::vector<std::string> more) {
    more.emplace_back("--pin-stdin");
    return run(renewing(std::move(more)),
               "authentication=1234\nsignature=ABC123\nresident_register=9876\nnew.authentication=4321\n");
  }
  json::object told(const char* method) {
    return counter_.server.calls(method).at(0).at("facts").as_object();
  }
};

TEST_F(Visitors, ARepresentativeIsToldOfByOptions) {
  const auto ran = renew({"--legal-representative", "--relationship", "parent", "--same-household",
                          "--domicile-elsewhere", "--document", "my_number_card,family_register@2026-10-01"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(told("cases.open"), json::parse(R"({"documents":[{"type":"my_number_card"},
      {"type":"family_register","issued_on":"2026-10-01"}],"office":"main",
      "holder":{"birth_date":"1980-07-07","domicile_in_city":false},
      "visitor":{"role":"legal_representative","relationship":"parent","same_household":true}})")
                                    .as_object());
  EXPECT_EQ(renew({"--legal-representative", "--proxy"}).status, bad_usage);
  EXPECT_EQ(renew({"--same-household"}).status, bad_usage) << "it is said of representatives only";
  EXPECT_EQ(renew({"--document", "passport@yesterday"}).status, bad_usage);
}

TEST_F(Visitors, OfAChildTheClerkIsAskedWhatSparesTheFamilyRegister) {
  counter_.required = {};
  AtTerminal clerk(renewing({"--legal-representative"}, "2020-07-07"));
  ASSERT_TRUE(clerk.shows("1 a parent, 2 a guardian")) << clerk.screen;
  clerk.type("1\r");
  ASSERT_TRUE(clerk.shows("in one household?")) << clerk.screen;
  clerk.type("yes\r");
  ASSERT_TRUE(clerk.shows("registered domicile")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(told("cases.open").at("visitor"),
            json::parse(R"({"role":"legal_representative","relationship":"parent","same_household":true})"));
  EXPECT_EQ(told("cases.open").at("holder").at("domicile_in_city"), false);
}

TEST_F(Visitors, OfAnAdultOnlyWhetherTheyAreAWard) {
  counter_.required = {};
  AtTerminal clerk(renewing({"--legal-representative"}));
  ASSERT_TRUE(clerk.shows("an adult ward?")) << clerk.screen;
  clerk.type("yes\r");
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(told("cases.open").at("holder").at("adult_ward"), true);
  EXPECT_EQ(told("cases.open").at("visitor").at("relationship"), "guardian");
}

TEST_F(Visitors, APaperThatIsThereAfterAllIsChosenByNumberAndDated) {
  counter_.required = {};
  counter_.missing = {"guardianship_registration", "photo_identity_document"};
  counter_.outcome = "not_today";
  counter_.facts = {{"documents", json::array{json::object{{"type", "expiry_notice"}}}}};
  counter_.server.on("cases.update", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request, json::parse(R"({"id":"c-1","state":"open","pins":{},"certificates":{},
        "decision":{"outcome":"complete_today","missing":[],"pins_required":[]}})"));
  });
  AtTerminal clerk(renewing({}));
  ASSERT_TRUE(clerk.shows("certificate of registered guardianship: is one there? 1 the original, 2 a copy"))
      << clerk.screen;
  clerk.type("2\r");
  ASSERT_TRUE(clerk.shows("day of issue")) << clerk.screen;
  clerk.type("2026-13-01\r");
  ASSERT_TRUE(clerk.shows("no date")) << clerk.screen;
  clerk.type("2026-10-01\r");
  ASSERT_TRUE(
      clerk.shows("identity document with photo: is one there? 1 their own My Number Card, 2 driving"))
      << clerk.screen;
  clerk.type("9\r");
  ASSERT_TRUE(clerk.shows("is one there?")) << clerk.screen;
  clerk.type("2\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(told("cases.update").at("documents"), json::parse(R"([{"type":"expiry_notice"},
      {"type":"guardianship_registration","original":false,"issued_on":"2026-10-01"},
      {"type":"drivers_licence"}])"));
}

TEST_F(Visitors, WhoHasNothingToShowIsToldWhatToBring) {
  counter_.missing = {"identity_document"};
  counter_.outcome = "not_today";
  counter_.facts = {{"office", "main"}};
  AtTerminal clerk(renewing({}));
  ASSERT_TRUE(clerk.shows("is one there?")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), not_today);
  EXPECT_THAT(clerk.screen, AllOf(HasSubstr("an identity document other than the card"),
                                  HasSubstr("cases resume c-1 --document drivers_licence"),
                                  HasSubstr("passport (passport)")));
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(Visitors, AForgottenPinIsToldAtTheOpeningOrLater) {
  run(counter_.arguments({"cases", "resume", "c-1", "--pin-stdin", "--forgotten", "signature"}), "");
  EXPECT_EQ(told("cases.update").at("pins"), json::parse(R"({"signature":"forgotten"})"));
  counter_.required = {"authentication"};
  counter_.resets = {"authentication"};
  const auto ran = renew({"--forgotten", "authentication", "--document", "passport"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(told("cases.open").at("pins"), json::parse(R"({"authentication":"forgotten"})"));
  EXPECT_EQ(counter_.server.calls("cases.reset_pin").size(), 1U);
}

TEST_F(Visitors, AForgottenPinIsSaidAtThePromptAndNeverSent) {
  counter_.required = {"authentication"};
  counter_.server.on("cases.update", [&](const FakeServer::Session& session, const json::object& request) {
    session.result(request, json::parse(R"({"id":"c-1","state":"open","pins":{},
        "decision":{"outcome":"complete_today","missing":[],"pins_required":["authentication"],
                    "pin_resets":["authentication"]}})"));
  });
  AtTerminal clerk(renewing({}));
  ASSERT_TRUE(clerk.shows("? if it is forgotten")) << clerk.screen;
  clerk.type("?\r");
  ASSERT_TRUE(clerk.shows("Enter the new PIN")) << clerk.screen;
  clerk.type("4321\r");
  ASSERT_TRUE(clerk.shows("again: "));
  clerk.type("4321\r");
  EXPECT_EQ(clerk.wait(), done) << clerk.screen;
  EXPECT_EQ(told("cases.update"), json::parse(R"({"pins":{"authentication":"forgotten"}})").as_object());
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Visitors, WhoCameForPinsAloneHasNothingIssued) {
  counter_.required = {};
  counter_.resets = {"authentication"};
  counter_.facts = {{"purpose", "pin_reset"}};
  const auto ran = renew({"--forgotten", "authentication", "--pins-only"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(told("cases.open").at("purpose"), "pin_reset");
  EXPECT_EQ(counter_.server.calls("cases.reset_pin").size(), 1U);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("The PINs are set anew."), Not(HasSubstr("Issuing"))));
}

TEST_F(Visitors, WhoCameForPinsOfWhichNoneIsLostIsNotSaidToHaveThemSetAnew) {
  counter_.required = {};
  counter_.facts = {{"purpose", "pin_reset"}};
  const auto ran = renew({"--pins-only"});
  EXPECT_EQ(ran.status, unfinished) << ran.err;
  EXPECT_THAT(ran.out, Not(HasSubstr("The PINs are set anew.")));
  EXPECT_THAT(ran.err, AllOf(HasSubstr("No PIN was set anew"), HasSubstr("cases resume c-1 --forgotten"),
                             HasSubstr("cases cancel c-1 --reason")));
}

TEST_F(Visitors, WhoeverChoseSmallLettersHearsThatTheyBecameCapitals) {
  counter_.required = {"signature"};
  counter_.resets = {"signature"};
  const auto with_pin = [&](const char* pin) {
    return run(renewing({"--forgotten", "signature", "--pin-stdin"}), pin).out;
  };
  EXPECT_THAT(with_pin("new.signature=FRESH1\n"), Not(HasSubstr("capitals")));
  counter_.resets = {"signature"};
  counter_.outcomes.clear();
  EXPECT_THAT(with_pin("new.signature=fresh1\n"), HasSubstr("Set as capitals."));
}

TEST_F(Visitors, AProxyWithoutTheCardMayApply) {
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"empty"}]})"));
  counter_.server.answer("policy.evaluate", json::parse(R"({"outcome":"two_visits",
      "findings":[{"code":"proxy.reply_form_missing","severity":"second_visit"}]})"));
  counter_.outcome = "two_visits";
  counter_.state = "waiting";
  EXPECT_THAT(renew({"--proxy"}).err, HasSubstr("--no-card"));
  AtTerminal clerk(renewing({"--proxy"}));
  ASSERT_TRUE(clerk.shows("without the holder's card?")) << clerk.screen;
  clerk.type("yes\r");
  ASSERT_TRUE(clerk.shows("1 came with the notice")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), not_today);
  const auto opened = counter_.server.calls("cases.open").at(0);
  EXPECT_FALSE(opened.contains("reader"));
  EXPECT_EQ(opened.at("facts").at("card"), json::parse(R"({"presented":false})"));
}

TEST_F(Visitors, NobodyElseBeginsACaseWithoutTheCard) {
  counter_.server.answer("policy.evaluate",
                         json::parse(R"({"outcome":"not_today","missing":["my_number_card"],"findings":[
      {"code":"certificate.unknown","severity":"info","params":{"certificate":"authentication"},
       "message":{"ja":"不明","en":"not read yet"}}],"certificates":{"authentication":{"action":"none"}}})"));
  const auto ran = renew({"--no-card"});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("your My Number Card"), HasSubstr("reported and issued anew"),
                             HasSubstr("renewal or new issuance"), Not(HasSubstr("not read yet"))));
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
}

TEST_F(Visitors, WhoStopsAtThePinIsToldHowToGoOnAndWhatToBring) {
  counter_.required = {"authentication"};
  counter_.facts = {{"office", "main"}};
  AtTerminal clerk(renewing({}));
  ASSERT_TRUE(clerk.shows("stops): ")) << clerk.screen;
  clerk.type("\r");
  EXPECT_EQ(clerk.wait(), person_needed);
  EXPECT_THAT(clerk.screen, AllOf(HasSubstr("cases resume c-1 --forgotten authentication"),
                                  HasSubstr("it can on another day"), HasSubstr("your My Number Card"),
                                  HasSubstr("the PINs: authentication certificate (4 digits)")));
}

TEST_F(Visitors, ACardThatIsAtWorkIsNamedWithItsCase) {
  counter_.server.answer("readers.list", json::parse(R"({"readers":[{"name":"Reader A","state":"busy"}]})"));
  counter_.server.answer("cases.list", json::parse(R"({"cases":[{"id":"c-2","reader":"Reader B"},
      {"id":"c-1","reader":"Reader A"},{"id":"c-0","reader":"Reader A"}]})"));
  const auto ran = renew({});
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("cases resume c-1"), HasSubstr("cases cancel c-1"),
                             Not(HasSubstr("c-0")), Not(HasSubstr("c-2"))));
}

TEST_F(Visitors, WhatWasToldWronglyIsNamedInWords) {
  counter_.answers_to_open = {
      {{"pointer", "/facts/documents/0/type"}, {"expected", "one of passport, residence_card"}},
      {{"pointer", "/facts/holder/birth_date"}, {"expected", "a date"}},
      {{"pointer", "/staff"}, {"expected", "text"}}};
  EXPECT_THAT(renew({}).err, AllOf(HasSubstr("a document's type. There are: passport, residence_card"),
                                   Not(HasSubstr("/facts"))));
  EXPECT_THAT(renew({}).err, AllOf(HasSubstr("the holder's date of birth"), Not(HasSubstr("/facts"))));
  EXPECT_THAT(renew({}).err, HasSubstr("(/staff, text)")) << "no clerk tells that";
}

TEST_F(Visitors, ATicketWithoutAWaitingLineIsSaidInWords) {
  EXPECT_THAT(renew({"--ticket", "12"}).err, HasSubstr("leave out --ticket"));
}

TEST_F(Visitors, TheOfficeIsChosenByNumber) {
  counter_.required = {};
  counter_.server.answer("offices.list", json::parse(R"({"offices":[
      {"office":"main","name":{"ja":"市民課","en":"Citizens"}},{"office":"banba","name":{"ja":"馬場","en":"Banba"}}]})"));
  AtTerminal clerk(counter_.arguments({"renew", "--birth-date", "1980-07-07"}));
  ASSERT_TRUE(clerk.shows("2: Banba")) << clerk.screen;
  ASSERT_TRUE(clerk.shows("Which office? Number: ")) << clerk.screen;
  clerk.type("2\r");
  EXPECT_EQ(clerk.wait(), done);
  EXPECT_EQ(told("cases.open").at("office"), "banba");
}

}  // namespace
}  // namespace madoguchi::cli
