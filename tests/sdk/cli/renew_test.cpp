// renew as scripts run it, PINs from standard input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <future>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

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

class Renew : public ::testing::Test {
 protected:
  FakeCounter counter_;
  const std::string pins_ = "authentication=1234\nsignature=ABC123\nresident_register=9876\n";

  std::vector<std::string> command(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"renew", "--birth-date", "1980-07-07", "--office", "main", "--staff", "sato",
                               "--pin-stdin"});
    return counter_.arguments(more);
  }
  json::object call(const char* method, std::size_t n = 0) { return counter_.server.calls(method).at(n); }
};

TEST_F(Renew, GoesFromTheCardToTheNewDates) {
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.err, IsEmpty());
  std::size_t place = 0;
  for (const char* line :
       {"Card: My Number Card, number 555566667777888", "Opened the case c-1", "Decision: can be done today",
        "authentication certificate: renewal, new until 2032-07-07",
        "PIN for the resident register: 3 tries left", "PIN for the resident register: right",
        "PIN for the authentication certificate: 3 tries left",
        "PIN for the signature certificate: 5 tries left", "PIN for the signature certificate: right",
        "Issuing.", "[1/8] authentication certificate: The card made a new key",
        "[8/8] signature certificate: The old certificate was revoked", "Case c-1: completed",
        "authentication certificate: 2026-07-07 -> 2032-07-07 (serial 22BB)",
        "signature certificate: 2026-07-07 -> 2032-07-07 (serial 22BB)"}) {
    const auto found = ran.out.find(line, place);
    EXPECT_NE(found, std::string::npos) << line << " is not in its place:\n" << ran.out;
    if (found != std::string::npos) place = found;
  }
  EXPECT_THAT(ran.out, Not(HasSubstr("another case's")));

  EXPECT_EQ(call("cases.open"),
            json::parse(R"({"facts":{"office":"main","holder":{"birth_date":"1980-07-07"}},)"
                        R"("reader":"Reader A","staff":"sato"})")
                .as_object());
  EXPECT_TRUE(counter_.verified_in_order({"resident_register", "authentication", "signature"}));
  EXPECT_EQ(call("cases.verify_pin", 1),
            json::parse(R"({"case":"c-1","pin":"authentication","entered_by":"holder","staff":"sato",)"
                        R"("expected_tries_left":3,"value":"1234"})")
                .as_object());
  EXPECT_EQ(call("cases.issue"), json::parse(R"({"case":"c-1","staff":"sato"})").as_object());
}

TEST_F(Renew, AsJsonIsTheFinishedCase) {
  const auto ran = run(command({"--json"}), pins_);
  EXPECT_EQ(ran.status, done);
  const auto visit = json::parse(ran.out).as_object();
  EXPECT_EQ(visit.at("state"), "completed");
  EXPECT_EQ(visit.at("certificates").at("signature").at("new").at("expires_on"), "2032-07-07");
}

TEST_F(Renew, APinGoesNowhereButToTheDaemon) {
  counter_.pins["signature"].value = "OTHER99";
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, person_needed);
  for (const char* pin : {"1234", "ABC123", "9876"}) {
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(pin)));
    int carriers = 0;
    for (const auto& line : counter_.server.lines()) carriers += line.find(pin) != std::string::npos ? 1 : 0;
    EXPECT_EQ(carriers, 1) << pin;
  }
}

TEST_F(Renew, MoreFactsAndOptionsReachTheDaemon) {
  std::ofstream(counter_.server.folder() + "/facts.json")
      << R"({"office":"other","holder":{"resident":true},"visitor":{"role":"holder"}})";
  const auto ran =
      run(command({"--facts", "@" + counter_.server.folder() + "/facts.json", "--wanted", "authentication",
                   "--override-reason", "came in time", "--reader", "Reader B", "--entered-by", "staff"}),
          pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(call("cases.open"),
            json::parse(R"({"facts":{"office":"main","holder":{"resident":true,"birth_date":"1980-07-07"},)"
                        R"("visitor":{"role":"holder"},"wanted":["authentication"]},"reader":"Reader B",)"
                        R"("staff":"sato","override_reason":"came in time"})")
                .as_object());
  EXPECT_EQ(call("cases.verify_pin").at("entered_by"), "staff");
  EXPECT_THAT(counter_.server.calls("readers.list"), IsEmpty());
}

TEST_F(Renew, BadFactsAndBadPinLinesCostNothing) {
  for (const char* facts : {"[1]", "nonsense", "@/nowhere/facts.json"}) {
    EXPECT_EQ(run(command({"--facts", facts}), pins_).status, bad_usage) << facts;
  }
  const auto ran = run(command(), "1234\n");
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("Line 1"));
  EXPECT_THAT(ran.err, Not(HasSubstr("1234")));
  EXPECT_THAT(counter_.server.lines(), IsEmpty());
}

TEST_F(Renew, AFileOfFactsThatIsNotThereIsSaid) {
  EXPECT_THAT(run(command({"--facts", "@/nowhere/facts.json"}), pins_).err, HasSubstr("/nowhere/facts.json"));
}

TEST_F(Renew, TheLastDayOfACardThatDoesNotTellItIsToldByAnOption) {
  counter_.answers_to_open = {
      {{"pointer", "/card/expires_on"}, {"expected", "a date, YYYY-MM-DD (required)"}}};
  auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, HasSubstr("The card does not tell its last day. [invalid_params]"));
  EXPECT_THAT(ran.err, HasSubstr("--card-expires YYYY-MM-DD"));
  ran = run(command({"--card-expires", "2031-07-07"}), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(call("cases.open", 1).at("facts").at("card"), json::parse(R"({"expires_on":"2031-07-07"})"));
}

TEST_F(Renew, DocumentsAreFacts) {
  const auto ran = run(command({"--document", "drivers_licence,passport", "--facts",
                                R"({"documents":[{"type":"expiry_notice","source":"city"}]})"}),
                       pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(call("cases.open").at("facts").at("documents"),
            json::parse(R"([{"type":"expiry_notice","source":"city"},{"type":"drivers_licence"},)"
                        R"({"type":"passport"}])"));
}

TEST_F(Renew, ACardWithAnUnfinishedCaseGetsNoSecondOne) {
  counter_.server.answer("cases.list", {{"cases", {{{"id", "c-0"}, {"state", "issuing"}}}}});
  auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, unfinished);
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-0"));
  EXPECT_EQ(call("cases.list").at("card"), "555566667777888");
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("--beside c-0"));
  ran = run(command({"--override-reason", "came before the reception ended"}), pins_);
  EXPECT_EQ(ran.status, unfinished) << "a reason is none for passing over a case";
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
}

TEST_F(Renew, ADamagedCaseIsSaidToBeOneAndHowToGoOn) {
  counter_.server.answer("cases.list",
                         {{"cases", {{{"id", "c-0"}, {"state", "issuing"}, {"unreadable", true}}}}});
  auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, unfinished);
  EXPECT_THAT(ran.err, HasSubstr("its record cannot be read"));
  EXPECT_THAT(ran.err, HasSubstr("--beside c-0"));
  EXPECT_THAT(ran.err, Not(HasSubstr("cases resume c-0"))) << "which would be refused";
  // One that waits is told of by the daemon only.
  counter_.server.answer("cases.list", {{"cases", json::array()}});
  counter_.server.refuse(
      "cases.open", -32004, "conflict",
      {{"case", "c-err"}, {"unfinished", json::array{"c-err"}}, {"damaged", json::array{"c-err"}}});
  ran = run(command(), pins_);
  EXPECT_THAT(ran.err, HasSubstr("--beside c-err"));
  EXPECT_THAT(ran.err, Not(HasSubstr("cases resume c-err")));
}

TEST_F(Renew, ACaseThatWasGivenUpIsInNoOthersWay) {
  counter_.server.answer(
      "cases.list",
      {{"cases", {{{"id", "c-0"}, {"state", "issuing"}, {"cancel_reason", "the holder left"}}}}});
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_FALSE(call("cases.open").contains("beside"));
}

TEST_F(Renew, ACaseIsPassedOverByItsNameOnly) {
  counter_.server.answer(
      "cases.list",
      {{"cases", {{{"id", "c-0"}, {"state", "issuing"}}, {{"id", "c-9"}, {"state", "attention"}}}}});
  auto ran = run(command({"--beside", "c-0"}), pins_);
  EXPECT_EQ(ran.status, unfinished);
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-9"));
  EXPECT_THAT(counter_.server.calls("cases.open"), IsEmpty());
  ran = run(command({"--beside", "c-0", "--beside", "c-9"}), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(call("cases.open").at("beside"), (json::array{"c-0", "c-9"}));
  EXPECT_FALSE(call("cases.open").contains("override_reason"));
}

TEST_F(Renew, WhatIsMissingCanBeBrought) {
  counter_.outcome = "not_today";
  counter_.missing = {"identity_document"};
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(ran.out, HasSubstr("Still to be brought: identity document"));
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1 --document"));
}

TEST_F(Renew, WithoutATerminalTheFactsMustBeGiven) {
  auto ran = run(counter_.arguments({"renew", "--office", "main", "--pin-stdin"}), pins_);
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("--birth-date"));
  ran = run(counter_.arguments({"renew", "--birth-date", "1980-07-07", "--pin-stdin"}), pins_);
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("--office"));
  EXPECT_THAT(ran.err, HasSubstr("MADOGUCHI_OFFICE"));
  ran = run(counter_.arguments({"renew", "--birth-date", "1980-07-07", "--pin-stdin"}), pins_,
            {{"MADOGUCHI_OFFICE", "main"}});
  EXPECT_EQ(ran.status, done);
}

TEST_F(Renew, WithoutATerminalPinsMustBeGiven) {
  auto arguments = command();
  arguments.pop_back();
  const auto ran = run(arguments);
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("--pin-stdin"));
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1"));
}

TEST_F(Renew, AMissingPinStopsBeforeAnythingIsSent) {
  const auto ran = run(command(), "resident_register=9876\n");
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("`authentication`"));
  EXPECT_TRUE(counter_.verified_in_order({"resident_register"}));
  EXPECT_THAT(counter_.server.calls("cases.issue"), IsEmpty());
}

TEST_F(Renew, AWrongPinIsSentOnce) {
  const auto ran = run(command(), "authentication=0000\nsignature=ABC123\nresident_register=9876\n");
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("[pin.wrong]"));
  EXPECT_THAT(ran.err, HasSubstr("The case c-1 is kept"));
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1"));
  EXPECT_TRUE(counter_.verified_in_order({"resident_register", "authentication"}));
}

TEST_F(Renew, TheLastTryNeedsConsent) {
  counter_.pins["authentication"].tries = 1;
  auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("--accept-last-try"));
  EXPECT_TRUE(counter_.verified_in_order({"resident_register"}));
  ran = run(command({"--accept-last-try"}), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").back().at("accept_last_try"), true);
  EXPECT_THAT(ran.out, HasSubstr("PIN for the authentication certificate: the last try"));
}

TEST_F(Renew, ALockedPinIsSaid) {
  counter_.pins["signature"].tries = 0;
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("PIN for the signature certificate is locked"));
  EXPECT_TRUE(counter_.verified_in_order({"resident_register", "authentication"}));
}

TEST_F(Renew, ALockedPinIsSetAnewWhereTheDecisionAllowsIt) {
  counter_.pins["signature"].tries = 0;
  counter_.resets = {"signature"};
  const auto ran = run(command(), pins_ + "new.signature=FRESH1\n");
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("PIN for the signature certificate: set anew"));
  EXPECT_EQ(
      call("cases.reset_pin"),
      json::parse(R"({"case":"c-1","pin":"signature","entered_by":"holder","staff":"sato","value":"FRESH1"})")
          .as_object());
  EXPECT_TRUE(counter_.verified_in_order({"resident_register", "authentication"}));
}

TEST_F(Renew, ACardThatForgotIsGivenItsPinsAgain) {
  int times = 0;
  counter_.on_issue = [&](const FakeServer::Session& session, const json::object& request) {
    if (++times == 2) return true;
    session.error(request, -32006, "pin.required", {{"pin", "authentication"}});
    return false;
  };
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_TRUE(
      counter_.verified_in_order({"resident_register", "authentication", "signature", "authentication"}));
}

TEST_F(Renew, ACardThatForgetsForEverIsGivenUp) {
  counter_.on_issue = [&](const FakeServer::Session& session, const json::object& request) {
    session.error(request, -32006, "pin.required");
    return false;
  };
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("forgot its PINs several times"));
  EXPECT_EQ(counter_.server.calls("cases.issue").size(), 3U);
}

TEST_F(Renew, ABlockingDecisionIsSaidInWords) {
  json::object decision{{"outcome", "not_today"},
                        {"opens_on", "2026-04-08"},
                        {"missing", {"identity_document"}},
                        {"findings",
                         {{{"code", "window.too_early"},
                           {"severity", "block"},
                           {"message", {{"ja", "早すぎます"}, {"en", "It is too early"}}}}}}};
  counter_.server.refuse("cases.open", -32007, "policy.blocked", {{"decision", decision}});
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, not_today);
  for (const char* part : {"Decision: not today", "Still to be brought: identity document",
                           "Receivable from 2026-04-08", "[not possible] It is too early"}) {
    EXPECT_THAT(ran.out, HasSubstr(part));
  }
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Renew, ASecondVisitEndsWithTheApplication) {
  counter_.outcome = "two_visits";
  counter_.state = "waiting";
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, not_today);
  EXPECT_THAT(ran.out, HasSubstr("a second visit"));
  EXPECT_THAT(ran.err, HasSubstr("The case c-1 is kept"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

TEST_F(Renew, AnUnfinishedCaseSaysWhatToLookAt) {
  counter_.end_state = "attention";
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, unfinished);
  EXPECT_THAT(ran.out, HasSubstr("Attention: does not fit [authority.mismatch]"));
  EXPECT_THAT(ran.out, HasSubstr("Look first: look at the card"));
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1"));
}

TEST_F(Renew, AnAuthorityThatIsDownKeepsTheCase) {
  counter_.server.refuse("cases.issue", -32008, "authority.unreachable");
  const auto ran = run(command({"--json"}), pins_);
  EXPECT_EQ(ran.status, refused);
  EXPECT_EQ(json::parse(ran.out).at("error").at("reason"), "authority.unreachable");
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1"));
}

TEST_F(Renew, ALostDaemonLosesNothing) {
  counter_.on_issue = [&](const FakeServer::Session& session, const json::object&) {
    session.close();
    return false;
  };
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, lost);
  EXPECT_THAT(ran.err, HasSubstr("connection to the counter service was lost"));
  EXPECT_THAT(ran.err, HasSubstr("The case c-1 is kept"));
  EXPECT_THAT(ran.err, HasSubstr("cases resume c-1"));
}

TEST_F(Renew, ADaemonLostWhileOpeningIsSaidToo) {
  counter_.server.on("cases.open",
                     [](const FakeServer::Session& session, const json::object&) { session.close(); });
  const auto ran = run(command(), pins_);
  EXPECT_EQ(ran.status, lost);
  EXPECT_THAT(ran.err, HasSubstr("A case may have been opened"));
}

TEST_F(Renew, CtrlCWhileIssuingLosesNothing) {
  counter_.on_issue = [](const FakeServer::Session&, const json::object&) { return false; };
  Program program(command(), pins_);
  ASSERT_TRUE(counter_.server.wait_for_calls("cases.issue", 1));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), interrupted);
  EXPECT_THAT(program.err, HasSubstr("Interrupted"));
  EXPECT_THAT(program.err, HasSubstr("cases resume c-1"));
}

TEST_F(Renew, AClosedOutputWhileIssuingLosesNothing) {
  std::promise<Program*> printed;
  std::promise<void> closed;
  counter_.on_issue = [&](const FakeServer::Session&, const json::object&) {
    printed.get_future().get()->close_output();
    closed.set_value();
    return true;
  };
  Program program(command(), pins_);
  const bool issuing = program.prints("Issuing.");
  printed.set_value(&program);
  ASSERT_TRUE(issuing);
  closed.get_future().wait();
  EXPECT_EQ(program.wait(), output_closed);
  EXPECT_THAT(program.err, HasSubstr("Nobody reads the output"));
  EXPECT_THAT(program.err, HasSubstr("cases show c-1"));
}

TEST_F(Renew, AnOutputClosedBeforeThePinsStopsThere) {
  std::mutex mutex;
  std::unique_lock held_back(mutex);
  counter_.server.on("cases.open", [&](const FakeServer::Session& session, const json::object& request) {
    const std::scoped_lock wait(mutex);
    session.result(request,
                   {{"id", "c-1"},
                    {"state", "open"},
                    {"decision", {{"outcome", "complete_today"}, {"pins_required", {"signature"}}}}});
  });
  Program program(command(), pins_);
  const bool opening = counter_.server.wait_for_calls("cases.open", 1);
  program.close_output();
  held_back.unlock();
  ASSERT_TRUE(opening);
  EXPECT_EQ(program.wait(), output_closed);
  EXPECT_THAT(program.err, HasSubstr("cases resume c-1"));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
}

}  // namespace
}  // namespace madoguchi::cli
