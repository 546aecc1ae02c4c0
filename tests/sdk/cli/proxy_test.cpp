// A proxy at the counter: renew --proxy at the first visit, cases resume --second-visit at the next.
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
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Proxy : public ::testing::Test {
 protected:
  Proxy() { stands("to_mail"); }

  FakeCounter counter_;
  const std::string pins_ = "authentication=1234\nsignature=ABC123\nresident_register=9876\n";

  std::vector<std::string> renewing(std::vector<std::string> more) {
    more.insert(more.begin(), {"renew", "--proxy", "--birth-date", "1980-07-07", "--office", "main"});
    return counter_.arguments(std::move(more));
  }
  Ran renew(std::vector<std::string> more = {}) {
    more.emplace_back("--pin-stdin");
    return run(renewing(std::move(more)), pins_);
  }
  Ran resume(std::vector<std::string> more) {
    more.insert(more.begin(), {"cases", "resume", "c-1", "--pin-stdin", "--staff", "sato"});
    return run(counter_.arguments(std::move(more)), pins_);
  }
  json::object facts_of(const char* method) {
    return counter_.server.calls(method).at(0).at("facts").as_object();
  }
  void stands(const char* phase, const json::object& more = {}) {
    json::object status{{"case", "c-1"}, {"phase", phase}, {"first_visit_on", "2026-04-01"}};
    for (const auto& [key, value] : more) status[key] = value;
    counter_.server.answer("proxy-two-visit.status", status);
  }
  void stands_posted() {
    stands("mailed", {{"letter", {{"issued_on", "2026-04-02"}, {"return_by", "2026-05-02"}}},
                      {"form",
                       {{"type", "reply_form"},
                        {"source", "city"},
                        {"issued_on", "2026-04-02"},
                        {"expires_on", "2026-05-02"}}}});
  }
  // What cases.get says before anything has been told today.
  void was(json::object visit) {
    visit["id"] = "c-1";
    counter_.server.answer("cases.get", visit);
  }
};

TEST_F(Proxy, WithAGoodFormIsServedAtOnce) {
  const auto ran = renew({"--form-source", "notice", "--sealed", "--form-expires", "2026-06-30", "--document",
                          "drivers_licence"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(facts_of("cases.open"),
            json::parse(R"({"documents":[{"type":"drivers_licence"},{"type":"reply_form","source":"notice",
                "sealed":true,"expires_on":"2026-06-30"}],"office":"main",
                "holder":{"birth_date":"1980-07-07"},"visitor":{"role":"proxy"}})")
                .as_object());
  EXPECT_THAT(counter_.server.calls("proxy-two-visit.status"), IsEmpty());
}

TEST_F(Proxy, TheStaffEnterThePinsOfTheEnvelopeUnlessToldOtherwise) {
  counter_.facts = {{"visitor", {{"role", "proxy"}}}};
  const std::vector<std::string> form{"--form-source", "notice", "--sealed"};
  EXPECT_EQ(renew(form).status, done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").at(0).at("entered_by"), "staff");
  counter_.state = "open";
  counter_.outcomes.clear();
  EXPECT_EQ(resume({"--entered-by", "holder"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").back().at("entered_by"), "holder");
}

TEST_F(Proxy, IsWhoeverRepresentsNobodyByLaw) {
  counter_.facts = {{"visitor", {{"role", "legal_representative"}}}};
  const std::vector<std::string> form{"--form-source", "notice", "--sealed"};
  EXPECT_EQ(renew(form).status, done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").at(0).at("entered_by"), "holder");
  counter_.state = "open";
  counter_.outcomes.clear();
  counter_.findings = {json::object{{"code", "legal_representative.not_applicable"}}};
  EXPECT_EQ(renew(form).status, done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").back().at("entered_by"), "staff");
}

TEST_F(Proxy, WithoutOneHearsWhatHappensWhenAndWhatToBring) {
  counter_.outcome = "two_visits";
  counter_.state = "waiting";
  stands("to_mail", {{"likely_days", 14}, {"likely_on", "2026-04-15"}});
  const auto ran = renew();
  EXPECT_EQ(ran.status, not_today);
  EXPECT_FALSE(facts_of("cases.open").contains("documents"));
  for (const char* part :
       {"Decision: an application today", "The city posts a letter with a reply form to the holder",
        "The second visit is likely about 2026-04-15, some 14 days from today", "the holder's My Number Card",
        "identity document with photo", "madoguchi inquiry letter c-1 --output FILE"})
    EXPECT_THAT(ran.out, HasSubstr(part));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_THAT(renew({"--lang", "ja"}).out,
              AllOf(HasSubstr("2回目の来庁は2026年4月15日ごろ(申請からおおむね14日後)"),
                    HasSubstr("2回目にお持ちいただくもの: 本人のマイナンバーカード")));
}

TEST_F(Proxy, HearsThatTheCertificateEndsFirst) {
  was({});
  counter_.server.answer("cases.open", json::parse(R"({"id":"c-1","state":"waiting","facts":{"office":"main",
      "certificates":{"authentication":{"state":"valid","expires_on":"2026-04-10"}}},
      "decision":{"outcome":"two_visits","certificates":{"authentication":{"action":"renew",
      "new_expires_on":"2031-04-10"}},"findings":[{"code":"proxy.certificate_ends_first",
      "severity":"info"},{"code":"proxy.reply_form_missing","severity":"second_visit"}]}})")
                                           .as_object());
  const auto ran = renew();
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("authentication certificate: renewal or new issuance"),
                             HasSubstr("The certificates end on 2026-04-10"), Not(HasSubstr("new until"))));
}

TEST_F(Proxy, HearsThatTheCityHasNotSaidHowLong) {
  counter_.outcome = "two_visits";
  counter_.state = "waiting";
  EXPECT_THAT(renew().out, HasSubstr("is not in this city's settings"));
  counter_.server.refuse("proxy-two-visit.status", -32601, "method_not_found");
  const auto ran = renew();
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("method_not_found")));
}

TEST_F(Proxy, AFormIsSaidToBeSealedOrNot) {
  EXPECT_THAT(renew({"--form-source", "city"}).err, HasSubstr("--sealed or --unsealed"));
  EXPECT_EQ(renew({"--form-source", "city", "--sealed", "--unsealed"}).status, bad_usage);
  EXPECT_EQ(
      run(counter_.arguments({"renew", "--form-source", "city", "--sealed", "--pin-stdin"}), pins_).status,
      bad_usage)
      << "only a proxy brings one";
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
  renew({"--form-source", "city", "--unsealed"});
  EXPECT_EQ(facts_of("cases.open").at("documents"),
            json::parse(R"([{"type":"reply_form","source":"city","sealed":false}])"));
}

TEST_F(Proxy, AtTheTerminalTheClerkIsAskedForTheForm) {
  counter_.outcome = "two_visits";
  counter_.state = "waiting";
  AtTerminal terminal(renewing({}));
  ASSERT_TRUE(terminal.shows("1 came with the notice")) << terminal.screen;
  terminal.type("1\n");
  ASSERT_TRUE(terminal.shows("sealed, unopened?")) << terminal.screen;
  terminal.type("perhaps\n");
  ASSERT_TRUE(terminal.shows("sealed, unopened?")) << terminal.screen;
  terminal.type("no\n");
  EXPECT_EQ(terminal.wait(), not_today);
  EXPECT_EQ(facts_of("cases.open").at("documents"),
            json::parse(R"([{"type":"reply_form","source":"notice","sealed":false}])"));
}

TEST_F(Proxy, APinThatDoesNotMatchEndsTheVisitAndASlipCanBePutRight) {
  counter_.pins["authentication"].value = "4321";
  counter_.server.on("cases.get", [&](const FakeServer::Session& session, const json::object& request) {
    session.result(request, json::parse(R"({"id":"c-1","state":"waiting","decision":{"outcome":"two_visits"},
        "pins":{"resident_register":"matched","authentication":"mismatched"}})"));
  });
  const auto ran = renew({"--form-source", "notice", "--sealed"});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_TRUE(counter_.verified_in_order({"resident_register", "authentication"}));
  EXPECT_THAT(ran.out, HasSubstr("The city posts a letter"));
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --retry-pins"));

  counter_.pins["authentication"].value = "1234";
  const auto again = resume({"--retry-pins"});
  EXPECT_EQ(again.status, done) << again.err;
  EXPECT_EQ(facts_of("cases.update"), json::parse(R"({"pins":{"authentication":"unverified"}})").as_object());
}

TEST_F(Proxy, WhoeverLooksAtTheStoppedCaseHearsOfTheSlipToo) {
  counter_.state = "waiting";
  counter_.outcomes = {{"authentication", "mismatched"}};
  const auto slip = resume({});
  EXPECT_EQ(slip.status, refused);
  EXPECT_THAT(slip.err, HasSubstr("madoguchi cases resume c-1 --retry-pins"));
  counter_.facts = {{"at", "2026-04-20T10:00:00+09:00"}};
  EXPECT_THAT(resume({}).err, Not(HasSubstr("--retry-pins"))) << "of another day";
}

// Nothing is posted for it, so it does not wait; but it is over for today.
TEST_F(Proxy, AWrongPinForTheRestEndsTheVisitWithTheNextCommand) {
  counter_.facts = {{"visitor", {{"role", "proxy"}}}};
  counter_.state = "partly_completed";
  counter_.written = {"authentication"};
  counter_.required = {"signature"};
  counter_.pins["signature"].value = "OTHER1";
  counter_.server.on("cases.get", [&](const FakeServer::Session& session, const json::object& request) {
    const bool tried = !counter_.server.calls("cases.verify_pin").empty();
    session.result(
        request,
        {{"id", "c-1"},
         {"state", "partly_completed"},
         {"reader", "Reader A"},
         {"facts", {{"visitor", {{"role", "proxy"}}}}},
         {"certificates", {{"authentication", {{"phase", "done"}}}, {"signature", {{"phase", "planned"}}}}},
         {"decision",
          {{"outcome", tried ? "not_today" : "complete_today"}, {"pins_required", {"signature"}}}},
         {"pins", {{"signature", tried ? "mismatched" : "unverified"}}}});
  });
  AtTerminal clerk(counter_.arguments({"cases", "resume", "c-1"}));
  ASSERT_TRUE(clerk.shows("Enter the PIN for the signature certificate")) << clerk.screen;
  clerk.type("ABC123\r");
  EXPECT_EQ(clerk.wait(), not_today) << clerk.screen;
  EXPECT_THAT(clerk.screen, HasSubstr("madoguchi cases resume c-1 --retry-pins"));
  EXPECT_THAT(clerk.screen, Not(HasSubstr("posted")));
}

TEST_F(Proxy, OfTheRestTheNextCommandsAreSaid) {
  counter_.server.on("cases.get", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request, json::parse(R"({"id":"c-1","state":"partly_completed","reader":"Reader A",
        "facts":{"visitor":{"role":"proxy"}},"pins":{},
        "decision":{"outcome":"not_today","certificates":{"authentication":{"action":"renew"}},
          "findings":[{"code":"rest.no_application","severity":"require"}]},
        "certificates":{"authentication":{"action":"renew","phase":"done"}}})"));
  });
  const auto ran = resume({});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --form-source notice --sealed"));
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --in-person"));
  EXPECT_THAT(ran.out, HasSubstr("  authentication certificate: done\n")) << "not to be renewed once more";
}

TEST_F(Proxy, AtTheTerminalIsNotAskedForAPinAgainThen) {
  counter_.pins["resident_register"].value = "1111";
  was({{"state", "waiting"}, {"decision", {{"outcome", "two_visits"}}}});
  AtTerminal terminal(renewing({"--form-source", "notice", "--sealed"}));
  ASSERT_TRUE(terminal.shows("Enter the PIN")) << terminal.screen;
  terminal.type("9876\n");
  EXPECT_EQ(terminal.wait(), not_today) << terminal.screen;
  EXPECT_TRUE(counter_.verified_in_order({"resident_register"}));
}

TEST_F(Proxy, ComesAgainWithTheFormThatWasPosted) {
  was(json::parse(R"({"state":"waiting","facts":{"documents":[{"type":"drivers_licence"}]}})").as_object());
  stands_posted();
  const auto ran = resume({"--second-visit", "--sealed", "--document", "passport"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("Reply form: the one that was posted (made on 2026-04-02, last day 2026-05-02)"));
  EXPECT_EQ(counter_.server.calls("cases.update").at(0),
            json::parse(R"({"case":"c-1","reader":"Reader A","staff":"sato","facts":{"visit":2,
                "first_visit_on":"2026-04-01","documents":[{"type":"reply_form","source":"city",
                "issued_on":"2026-04-02","expires_on":"2026-05-02","sealed":true},{"type":"passport"}]}})")
                .as_object())
      << "what was seen at the first visit is to be seen again";
  EXPECT_EQ(counter_.server.calls("cases.issue").size(), 1U);
}

TEST_F(Proxy, WhoseSecondVisitWillNotDoHearsWhatIsNext) {
  was({{"state", "waiting"}});
  stands_posted();
  counter_.state = "waiting";
  counter_.outcome = "two_visits";
  counter_.facts = {{"visit", 2}};
  counter_.server.on(
      "proxy-two-visit.status", [&](const FakeServer::Session& session, const json::object& request) {
        const bool again = !counter_.server.calls("cases.update").empty();
        json::object status{{"case", "c-1"},          {"phase", again ? "to_mail" : "mailed"},
                            {"round", again ? 2 : 1}, {"first_visit_on", "2026-04-01"},
                            {"likely_days", 10},      {"likely_on", "2026-04-30"}};
        if (!again)
          status["form"] = {{"type", "reply_form"}, {"source", "city"}, {"expires_on", "2026-05-02"}};
        session.result(request, status);
      });
  const auto ran = resume({"--second-visit", "--unsealed"});
  EXPECT_EQ(ran.status, not_today);
  EXPECT_EQ(facts_of("cases.update").at("documents").at(0).at("sealed"), false);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("The city posts another letter"),
                             HasSubstr("The next visit is likely about 2026-04-30 (some 10 days)"),
                             Not(HasSubstr("an application today")), Not(HasSubstr("from today"))));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Proxy, WhoseFormHasANewPinIsServedAtOnceOnceTheOldOneIsToldAsForgotten) {
  was({{"state", "waiting"}});
  stands_posted();
  counter_.server.on("cases.update", [](const FakeServer::Session& session, const json::object& request) {
    session.result(request, json::parse(R"({"id":"c-1","state":"waiting","reader":"Reader A",
        "facts":{"visit":2,"visitor":{"role":"proxy"}},"pins":{},
        "decision":{"outcome":"not_today","certificates":{"authentication":{"action":"renew"}},
          "findings":[{"code":"proxy.pin_reset_answered","severity":"require",
                       "params":{"pins":["authentication","signature"]}}]}})"));
  });
  const auto ran = resume({"--second-visit", "--sealed"});
  EXPECT_EQ(ran.status, not_today) << ran.err;
  EXPECT_THAT(ran.err,
              HasSubstr("cases resume c-1 --second-visit --sealed --forgotten authentication,signature"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Proxy, WhoLeftThePostedFormAtHomeIsPromisedNoOther) {
  was({{"state", "waiting"}});
  counter_.state = "waiting";
  counter_.outcome = "two_visits";
  counter_.facts = {{"visit", 2}, {"office", "main"}};
  counter_.server.answer("offices.status", {{"office", "main"}, {"contact", {{"phone", "028-632-2265"}}}});
  const json::object letter{{"issued_on", "2026-04-02"}, {"return_by", "2026-05-02"}};
  stands("mailed", {{"mailed_on", "2026-04-03"}, {"letter", letter}});
  const auto at_home = resume({"--document", "drivers_licence"});
  EXPECT_EQ(at_home.status, not_today);
  EXPECT_THAT(at_home.out,
              AllOf(HasSubstr("the reply form that was posted on 2026-04-03 is needed. It is good "
                              "until 2026-05-02"),
                    HasSubstr("Decision: not today; the proxy has to come once more"),
                    HasSubstr("Where: main"), HasSubstr("telephone 028-632-2265"),
                    Not(HasSubstr("The city posts a")), Not(HasSubstr("is likely about"))));
  stands("returned", {{"mailed_on", "2026-04-03"}, {"returned_on", "2026-04-10"}, {"letter", letter}});
  EXPECT_THAT(resume({"--document", "drivers_licence", "--lang", "ja"}).out,
              AllOf(HasSubstr("回答書は2026年4月10日に市に届いています(期限 2026年5月2日)"),
                    HasSubstr("もう一度来庁が必要")));
}

TEST_F(Proxy, WhoBroughtTheFormButNoIdentityDocumentFetchesThat) {
  was({{"state", "waiting"}});
  stands_posted();
  counter_.state = "waiting";
  counter_.outcome = "not_today";
  counter_.missing = {"photo_identity_document"};
  counter_.facts = {{"visit", 2}, {"visitor", {{"role", "proxy"}}}};
  const auto ran = resume({"--second-visit", "--sealed"});
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("the reply form that the city posted"),
                             HasSubstr("official identity document with photo"),
                             Not(HasSubstr("an application")), Not(HasSubstr("posts a letter"))));
}

TEST_F(Proxy, ASecondVisitNeedsALetterThatWasPosted) {
  was({{"state", "waiting"}});
  const auto unposted = resume({"--second-visit", "--sealed"});
  EXPECT_EQ(unposted.status, refused);
  EXPECT_THAT(unposted.err, HasSubstr("madoguchi inquiry mailed c-1"));
  stands("none");
  EXPECT_EQ(resume({"--second-visit", "--sealed"}).status, refused);
  counter_.server.refuse("proxy-two-visit.status", -32601, "method_not_found");
  EXPECT_THAT(resume({"--second-visit", "--sealed"}).err, HasSubstr("proxy-two-visit is not in use"));
  EXPECT_EQ(resume({"--second-visit"}).status, bad_usage) << "sealed or not?";
  EXPECT_EQ(resume({"--second-visit", "--form-source", "city", "--sealed"}).status, bad_usage);
  EXPECT_THAT(counter_.server.calls("cases.update"), IsEmpty());
}

TEST_F(Proxy, OnceTheSecondVisitIsReceivedItIsGoneOnWith) {
  stands("second_visit");
  EXPECT_EQ(resume({"--second-visit", "--sealed"}).status, done);
  const auto update = counter_.server.calls("cases.update").at(0);
  EXPECT_EQ(update, (json::object{{"case", "c-1"}, {"reader", "Reader A"}, {"staff", "sato"}}));
}

TEST_F(Proxy, AWaitingCaseSaysHowToGoOnAndTakesAFormThatTurnsUp) {
  was({{"state", "waiting"}});
  const auto ran = resume({});
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("madoguchi cases resume c-1 --second-visit"));
  EXPECT_EQ(resume({"--form-source", "notice", "--sealed"}).status, done);
  EXPECT_EQ(
      facts_of("cases.update"),
      json::parse(R"({"documents":[{"type":"reply_form","source":"notice","sealed":true}]})").as_object());
}

}  // namespace
}  // namespace madoguchi::cli
