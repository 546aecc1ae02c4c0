// Every command but renew and resume, run as scripts run it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>

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

class Commands : public ::testing::Test {
 protected:
  FakeCounter counter_;
  Ran madoguchi(std::vector<std::string> command, const std::string& input = {}) {
    return run(counter_.arguments(std::move(command)), input);
  }
};

TEST_F(Commands, ReadersAreListedInWords) {
  const auto en = madoguchi({"readers"});
  EXPECT_EQ(en.status, done);
  EXPECT_EQ(en.out, "Reader A: card present (My Number Card)\nReader B: no card\n");
  EXPECT_THAT(en.err, IsEmpty());
  EXPECT_EQ(madoguchi({"--lang", "ja", "readers"}).out,
            "Reader A: カードあり (マイナンバーカード)\nReader B: カードなし\n");
  EXPECT_EQ(run(counter_.arguments({"readers"}), {}, {{"LANG", "ja_JP.UTF-8"}}).out,
            madoguchi({"readers", "--lang", "ja"}).out);
  counter_.server.answer("readers.list", {{"readers", json::array()}});
  EXPECT_EQ(madoguchi({"readers"}).out, "No card reader is connected.\n");
}

// From a store of before this was refused, or from a daemon that is none of ours.
TEST_F(Commands, WhatTheDaemonSaysCannotSpeakToTheTerminal) {
  const std::string forged = "\x1B]0;pwn\a\u009B2J\nFORGED LINE\u202E\u2066\x7F";
  const json::object visit{{"id", "c-1"}, {"state", "open"}, {"staff", forged}, {"card", forged}};
  counter_.server.answer("cases.list", {{"cases", {visit}}});
  counter_.server.answer("cases.get", visit);
  counter_.server.answer(
      "cases.timeline",
      {{"entries", {json::object{{"at", "2026-04-20T10:00:00+09:00"}, {"ja", forged}, {"en", forged}}}}});
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"cases", "list"},
                                             {"cases", "show", "c-1"},
                                             {"cases", "timeline", "c-1"},
                                             {"--json", "cases", "list"},
                                             {"call", "cases.get", "{\"case\":\"c-1\"}"}}) {
    const auto ran = madoguchi(command);
    EXPECT_EQ(ran.status, done) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("FORGED LINE")) << "shown, but as what it is";
    EXPECT_EQ(ran.out.find_first_of("\x1B\a\x7F"), std::string::npos) << ran.out;
    for (const auto hidden : {"\u009B", "\u202E", "\u2066", "\nFORGED"})
      EXPECT_THAT(ran.out, Not(HasSubstr(hidden))) << command.back();
    if (command.front() == "--json") {
      EXPECT_EQ(lines(ran.out), 1);
    }
  }
  const auto told = json::parse(madoguchi({"--json", "cases", "list"}).out);
  EXPECT_EQ(told.at("cases").at(0).at("staff").as_string(), std::string_view(forged))
      << "programs lose nothing";
  counter_.server.refuse("cases.get", -32001, "not_found", {{"en", forged}, {"ja", forged}});
  const auto refused = madoguchi({"cases", "show", "c-1"});
  EXPECT_EQ(refused.err.find_first_of("\x1B\a\x7F"), std::string::npos) << refused.err;
  EXPECT_THAT(refused.err, Not(HasSubstr("\nFORGED")));
}

TEST_F(Commands, JsonIsTheDaemonsDocumentAndNothingElse) {
  for (const auto& command : {std::vector<std::string>{"--json", "readers"}, {"readers", "--json"}}) {
    const auto ran = madoguchi(command);
    EXPECT_EQ(ran.status, done);
    EXPECT_EQ(json::parse(ran.out).at("readers").as_array().size(), 2U);
    EXPECT_THAT(ran.err, IsEmpty());
  }
}

TEST_F(Commands, TheSocketMayComeFromTheEnvironment) {
  EXPECT_EQ(run({"readers"}, {}, {{"MADOGUCHI_SOCKET", counter_.server.socket()}}).status, done);
}

TEST_F(Commands, CardShowsWhatIsKnownWithoutAPin) {
  const auto ran = madoguchi({"card"});
  EXPECT_EQ(ran.status, done);
  EXPECT_THAT(ran.out, HasSubstr("Card: My Number Card, number 555566667777888"));
  EXPECT_THAT(ran.out, HasSubstr("Card valid until 2031-07-07"));
  EXPECT_THAT(ran.out,
              HasSubstr("authentication certificate: until 2026-07-07 (issued 2021-07-08, serial 11AA"));
  EXPECT_THAT(
      ran.out,
      HasSubstr(
          "signature certificate: present; its dates are known once its PIN has been entered (--with-pin)"));
  EXPECT_THAT(ran.out, HasSubstr("PIN for the signature certificate: 5 tries left"));
  EXPECT_EQ(counter_.server.calls("card.inspect").at(0).at("reader"), "Reader A");
  madoguchi({"card", "Reader B"});
  EXPECT_EQ(counter_.server.calls("card.inspect").at(1).at("reader"), "Reader B");
}

TEST_F(Commands, CardNeedsToKnowWhichReader) {
  counter_.server.answer("readers.list", {{"readers", {{{"name", "A"}, {"state", "empty"}}}}});
  auto ran = madoguchi({"card"});
  EXPECT_EQ(ran.status, person_needed);
  EXPECT_THAT(ran.err, HasSubstr("no card on any reader"));
  counter_.server.answer("readers.list", {{"readers", json::array()}});
  EXPECT_THAT(madoguchi({"card"}).err, HasSubstr("No card reader is connected; check its cable."));
  counter_.server.answer(
      "readers.list",
      {{"readers", {{{"name", "A"}, {"state", "present"}}, {{"name", "B"}, {"state", "present"}}}}});
  ran = madoguchi({"card"});
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("--reader"));
}

TEST_F(Commands, ACardThatIsAtWorkOrMuteIsNotCalledAbsent) {
  counter_.server.answer("readers.list", {{"readers", {{{"name", "A"}, {"state", "busy"}}}}});
  const auto busy = madoguchi({"card"});
  EXPECT_EQ(busy.status, person_needed);
  EXPECT_THAT(busy.err, HasSubstr("held by a case"));
  EXPECT_THAT(busy.err, HasSubstr("[reader.busy]"));
  counter_.server.refuse("card.inspect", -32004, "reader.busy");
  counter_.server.answer("cases.list", {{"cases", {{{"id", "c-7"}, {"state", "ready"}, {"reader", "A"}}}}});
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"card", "A"},
        {"renew", "--reader", "A", "--office", "main", "--birth-date", "1980-07-07"}})
    EXPECT_THAT(madoguchi(command).err, HasSubstr("It is on the case c-7")) << command.front();
  counter_.server.answer(
      "readers.list",
      {{"readers", {{{"name", "A"}, {"state", "mute"}}, {{"name", "B"}, {"state", "empty"}}}}});
  EXPECT_THAT(madoguchi({"card"}).err, HasSubstr("[card.mute]"));
}

TEST_F(Commands, ACaseThatCannotBeReadIsListedAsOne) {
  counter_.server.answer("cases.list",
                         {{"cases", {{{"id", "c-7"}, {"state", "open"}, {"unreadable", true}}}}});
  EXPECT_THAT(madoguchi({"cases"}).out, HasSubstr("its record cannot be read"));
}

TEST_F(Commands, CasesAreListedAPageAtATime) {
  const json::object visit{{"id", "c-1"},
                           {"state", "completed"},
                           {"opened_at", "2026-04-20T10:00:00+09:00"},
                           {"card", "123"},
                           {"staff", "sato"}};
  counter_.server.answer("cases.list", {{"cases", {visit, visit}}, {"next", "CURSOR"}});
  const auto ran =
      madoguchi({"cases", "--state", "open,ready", "--card", "123", "--limit", "2", "--cursor", "X"});
  EXPECT_EQ(ran.status, done);
  EXPECT_THAT(ran.out, HasSubstr("c-1  completed  2026-04-20 10:00:00  123  sato\n"));
  EXPECT_THAT(ran.out, HasSubstr("cases list --cursor CURSOR"));
  EXPECT_EQ(counter_.server.calls("cases.list").at(0),
            (json::object{{"limit", 2}, {"states", {"open", "ready"}}, {"card", "123"}, {"cursor", "X"}}));
  madoguchi({"cases", "list", "--limit", "3"});
  EXPECT_EQ(counter_.server.calls("cases.list").at(1), (json::object{{"limit", 3}}));
  counter_.server.answer("cases.list", {{"cases", json::array()}});
  EXPECT_EQ(madoguchi({"cases"}).out, "There are no such cases.\n");
  EXPECT_EQ(madoguchi({"cases", "--limit", "501"}).status, bad_usage);
}

TEST_F(Commands, ACaseIsShownWithAllThatMatters) {
  counter_.state = "attention";
  const auto ran = madoguchi({"cases", "show", "c-1"});
  EXPECT_EQ(ran.status, done);
  EXPECT_EQ(counter_.server.calls("cases.get").at(0), (json::object{{"case", "c-1"}}));
  for (const char* part :
       {"Case c-1: needs attention", "Reader: Reader A", "Decision: can be done today",
        "authentication certificate: renewal, new until 2032-07-07", "[note] A notice was sent",
        "authentication certificate: 2026-07-07 -> not issued yet",
        "Attention: does not fit [authority.mismatch]", "Look first: look at the card"}) {
    EXPECT_THAT(ran.out, HasSubstr(part));
  }
}

TEST_F(Commands, ACaseSaysWhatItWaitsForAndWhatWasDoneUnread) {
  counter_.server.answer("cases.get",
                         json::parse(R"({"id":"c-1","state":"waiting","decision":{"outcome":"complete_today"},
      "held_by":[{"plugin":"proxy-two-visit","ja":"回答書が必要です","en":"A new form is needed"}],
      "facts":{"certificates":{"signature":{"state":"valid"}}},
      "certificates":{"signature":{"phase":"done"}}})"));
  const auto ran = madoguchi({"cases", "show", "c-1"});
  EXPECT_THAT(ran.out, HasSubstr("Waits: A new form is needed\n"));
  EXPECT_THAT(ran.out, HasSubstr("signature certificate: not read -> done (the new one was not read here)"));
}

TEST_F(Commands, ATimelineIsInWords) {
  counter_.server.answer("cases.timeline", {{"entries",
                                             {{{"at", "T1"}, {"kind", "k"}, {"ja", "開始"}, {"en", "begun"}},
                                              {{"at", "T2"}, {"kind", "brand.new"}}}}});
  EXPECT_EQ(madoguchi({"cases", "timeline", "c-1"}).out, "T1  begun\nT2  brand.new\n");
  EXPECT_EQ(madoguchi({"cases", "timeline", "c-1", "--lang", "ja"}).out, "T1  開始\nT2  brand.new\n");
}

TEST_F(Commands, ACaseIsCancelledWithAReason) {
  counter_.server.answer("cases.cancel", {{"id", "c-1"}, {"state", "cancelled"}});
  EXPECT_EQ(madoguchi({"cases", "cancel", "c-1"}).status, bad_usage);
  EXPECT_EQ(madoguchi({"cases", "cancel", "c-1", "--reason", "went home", "--staff", "sato"}).status, done);
  EXPECT_EQ(counter_.server.calls("cases.cancel").at(0),
            (json::object{{"case", "c-1"}, {"reason", "went home"}, {"staff", "sato"}}));
  EXPECT_EQ(
      madoguchi({"cases", "cancel", "c-1", "--reason", "lost", "--staff", "sato", "--card-gone"}).status,
      done);
  EXPECT_EQ(counter_.server.calls("cases.cancel").at(1),
            (json::object{{"case", "c-1"}, {"reason", "lost"}, {"staff", "sato"}, {"card_gone", true}}));
}

TEST_F(Commands, AnErrorIsSaidInTheLanguageAskedForAndAsJson) {
  counter_.server.refuse("cases.get", -32001, "not_found");
  auto ran = madoguchi({"cases", "show", "c-9"});
  EXPECT_EQ(ran.status, refused);
  EXPECT_EQ(ran.err,
            "error: english:not_found [not_found]\n"
            "There is no such case; they are listed by: madoguchi cases list\n");
  EXPECT_THAT(ran.out, IsEmpty());
  ran = madoguchi({"cases", "show", "c-9", "--lang", "ja", "--json"});
  EXPECT_THAT(ran.err, HasSubstr("エラー: 日本語:not_found [not_found]\nその受付はありません。"));
  const auto error = json::parse(ran.out).at("error").as_object();
  EXPECT_EQ(error.at("code"), -32001);
  EXPECT_EQ(error.at("reason"), "not_found");
}

TEST_F(Commands, TheDetailsOfABadParameterAreSaid) {
  counter_.server.refuse("cases.list", -32602, "invalid_params", {{"pointer", "/cursor"}});
  EXPECT_THAT(madoguchi({"cases"}).err, HasSubstr("(/cursor) [invalid_params]"));
}

TEST_F(Commands, TheExitStatusTellsWhatKindOfRefusalItWas) {
  const std::map<std::string, int> statuses{{"conflict", refused},          {"forbidden", refused},
                                            {"reader.busy", person_needed}, {"card.absent", person_needed},
                                            {"pin.locked", person_needed},  {"policy.blocked", not_today},
                                            {"storage.full", refused}};
  for (const auto& [reason, status] : statuses) {
    counter_.server.refuse("cases.get", -32000, reason);
    EXPECT_EQ(madoguchi({"cases", "show", "c-1"}).status, status) << reason;
  }
}

TEST_F(Commands, APageThatCannotBeWrittenIsNoBadCommandLine) {
  counter_.server.on("queue-board.snapshot",
                     [](const client::FakeServer::Session& session, const json::object& request) {
                       session.result(request, {{"html", "<p>"}});
                     });
  const auto folder = counter_.server.folder() + "/pages";
  std::filesystem::create_directories(folder + "/queue.json.part");  // in the place of what is written
  const auto ran = madoguchi({"--json", "queue", "publish", folder});
  EXPECT_EQ(ran.status, refused);
  EXPECT_EQ(json::parse(ran.out).at("error").at("reason"), "queue.not_written");
  EXPECT_THAT(ran.err, HasSubstr("queue.json.part"));
}

TEST_F(Commands, WithoutADaemonNothingIsDone) {
  const auto ran = run({"--socket", counter_.server.folder() + "/none", "readers"});
  EXPECT_EQ(ran.status, no_daemon);
  EXPECT_THAT(ran.err, HasSubstr("is it running?"));
  EXPECT_THAT(ran.err, HasSubstr("/none"));
}

TEST_F(Commands, ABadCommandLineIsSaid) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                  {"nonsense"},
                                                  {"cases", "show"},
                                                  {"readers", "--nonsense"},
                                                  {"--lang", "fr", "card"}}) {
    const auto ran = madoguchi(command);
    EXPECT_EQ(ran.status, bad_usage);
    EXPECT_THAT(ran.err, HasSubstr("--help"));
  }
}

TEST_F(Commands, ABadCommandLineIsSaidInTheLanguageAndTheFormAskedFor) {
  const std::map<std::string, std::vector<std::string>> complaints{
      {"コマンドを指定してください。", {}},
      {"解釈できない指定です: nonsense", {"nonsense"}},
      {"解釈できない指定です: --nonsense", {"cases", "cancel", "c-1", "--nonsense"}},
      {"余分な引数があります。", {"cases", "show", "c-1", "c-2"}},
      {"指定が必要です: CASE", {"cases", "show"}},
      {"指定が必要です: --reason", {"cases", "cancel", "c-1"}},
      {"値が正しくありません: --limit", {"cases", "--limit", "0"}}};
  for (const auto& [complaint, command] : complaints) {
    auto arguments = command;
    arguments.insert(arguments.begin(), {"--lang", "ja"});
    EXPECT_THAT(madoguchi(arguments).err, HasSubstr("エラー: " + complaint));
    arguments.push_back("--json");
    const auto error = json::parse(madoguchi(arguments).out).at("error").as_object();
    EXPECT_EQ(error.at("reason"), "usage");
    EXPECT_THAT(std::string(error.at("ja").as_string()), HasSubstr(complaint));
  }
}

TEST_F(Commands, APinInTheWrongPlaceIsNotRepeated) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"renew", "--pin=4711"},
                                                  {"renew", "--pin", "4711"},
                                                  {"renew", "-p4711"},
                                                  {"renew", "4711"}}) {
    const auto ran = madoguchi(command);
    EXPECT_EQ(ran.status, bad_usage);
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("4711")));
  }
}

TEST_F(Commands, HelpAndVersionArePrinted) {
  const auto help = madoguchi({"--help"});
  EXPECT_EQ(help.status, done);
  EXPECT_THAT(help.out, HasSubstr("renew"));
  EXPECT_THAT(madoguchi({"cases", "resume", "--help"}).out, HasSubstr("--pin-stdin"));
  EXPECT_THAT(madoguchi({"--lang=ja", "--help"}).out, HasSubstr("終了コード"));
  for (const char* english : {"Usage", "Options", "OPTIONS", "Subcommand", "SUBCOMMAND"}) {
    EXPECT_THAT(madoguchi({"--lang=ja", "--help"}).out, Not(HasSubstr(english)));
    EXPECT_THAT(madoguchi({"--lang=ja", "cases", "--help"}).out, Not(HasSubstr(english)));
  }
  EXPECT_THAT(madoguchi({"--version"}).out, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Commands, CallPassesAnyMethodThrough) {
  counter_.server.answer("policy.info", {{"digest", "abc"}});
  const auto ran = madoguchi({"call", "policy.info", R"({"a": {"b": [1, 2.5, "ü"]}})"});
  EXPECT_EQ(ran.status, done);
  EXPECT_EQ(ran.out, "{\"digest\":\"abc\"}\n");
  EXPECT_EQ(counter_.server.calls("policy.info").at(0),
            json::parse(R"({"a": {"b": [1, 2.5, "ü"]}})").as_object());
  EXPECT_EQ(madoguchi({"call", "policy.info"}).status, done);
  EXPECT_EQ(madoguchi({"call", "policy.info", "-"}, "{\n\"x\": 1\n}\n").status, done);
  EXPECT_EQ(counter_.server.calls("policy.info").at(2), (json::object{{"x", 1}}));
}

TEST_F(Commands, CallRefusesWhatIsNotOneObject) {
  for (const char* params : {"[1]", "1", "", "{", "{}{}", "{\"a\":1,}", "null"}) {
    EXPECT_EQ(madoguchi({"call", "x", params}).status, bad_usage) << params;
    EXPECT_EQ(madoguchi({"call", "x", "-"}, params).status, bad_usage) << params;
  }
  EXPECT_THAT(counter_.server.calls("x"), IsEmpty());
}

TEST_F(Commands, CallTakesNoPinFromTheArguments) {
  const std::string params = R"({"case":"c-1","pin":"authentication","value":"1234"})";
  const auto ran = madoguchi({"call", "cases.verify_pin", params});
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.err, HasSubstr("standard input"));
  EXPECT_THAT(ran.err, Not(HasSubstr("1234")));
  EXPECT_THAT(counter_.server.calls("cases.verify_pin"), IsEmpty());
  EXPECT_EQ(madoguchi({"call", "cases.verify_pin", "-"}, params).status, done);
  EXPECT_EQ(counter_.server.calls("cases.verify_pin").at(0).at("value"), "1234");
}

json::object event(std::int64_t seq, const char* type) {
  return {{"subscription", "s"},  {"topic", "readers"},    {"seq", seq}, {"at", "T"}, {"type", type},
          {"reader", "Reader A"}, {"data", json::object()}};
}

TEST_F(Commands, EventsWithoutFollowAreThoseRecorded) {
  counter_.server.on("events.subscribe", [](const FakeServer::Session& session, const json::object& request) {
    session.notify(event(4, "card.removed"));
    session.result(request, {{"subscription", "s"}, {"seq", 5}});
    session.notify(event(5, "card.inserted"));
  });
  const auto ran = madoguchi({"events", "--since", "3", "--topic", "readers"});
  EXPECT_EQ(ran.status, done);
  EXPECT_EQ(ran.out, "4  T  card taken away  Reader A  \n5  T  card placed  Reader A  \n");
  EXPECT_EQ(counter_.server.calls("events.subscribe").at(0),
            (json::object{{"topics", {"readers"}}, {"since", 3}}));
  madoguchi({"events"});
  EXPECT_EQ(counter_.server.calls("events.subscribe").at(1), (json::object{{"since", 0}}));
}

TEST_F(Commands, WhatHappensInTheWaitingLineIsInWords) {
  const auto of_a_plugin = [](std::int64_t seq, const char* type, json::object data) {
    return json::object{{"subscription", "s"}, {"topic", "queue"}, {"seq", seq},
                        {"at", "T"},           {"type", type},     {"data", std::move(data)}};
  };
  counter_.server.on("events.subscribe", [&](const FakeServer::Session& session,
                                             const json::object& request) {
    session.result(request, {{"subscription", "s"}, {"seq", 9}});
    session.notify(
        of_a_plugin(6, "queue-board.taken", {{"office", "hall"}, {"ticket", "A101"}, {"waiting", 3}}));
    session.notify(of_a_plugin(7, "queue-board.called",
                               {{"office", "hall"}, {"ticket", "A101"}, {"window", "9"}, {"waiting", 2}}));
    session.notify(of_a_plugin(8, "queue-board.window_free", {{"office", "hall"}, {"waiting", 0}}));
    session.notify(of_a_plugin(9, "plugin.called",
                               {{"plugin", "queue-board"}, {"method", "call_next"}, {"staff", "clerk-7"}}));
  });
  EXPECT_EQ(madoguchi({"events"}).out,
            "6  T  ticket taken  hall  A101 (3 waiting)\n"
            "7  T  called  hall  Now calling A101 to window 9 (2 waiting)\n"
            "8  T  window free  hall  0 waiting\n"
            "9  T  plugin used    queue-board.call_next, clerk-7\n");
  EXPECT_EQ(madoguchi({"events", "--lang", "ja"}).out,
            "6  T  整理券発行  hall  整理券 A101(待ち人数 3人)\n"
            "7  T  呼び出し  hall  呼び出し番号 A101: 窓口 9(待ち人数 2人)\n"
            "8  T  窓口空き  hall  待ち人数 0人\n"
            "9  T  追加機能の操作    queue-board.call_next、担当 clerk-7\n");
}

TEST_F(Commands, EventsAreInWordsAndPeoplesTime) {
  auto up = event(9, "service.up");
  up["at"] = "2026-04-20T10:00:00.123+09:00";
  counter_.server.on("events.subscribe",
                     [&](const FakeServer::Session& session, const json::object& request) {
                       session.result(request, {{"subscription", "s"}, {"seq", 9}});
                       session.notify(up);
                     });
  EXPECT_EQ(madoguchi({"events"}).out, "9  2026-04-20 10:00:00  reader service reached  Reader A  \n");
}

TEST_F(Commands, EventsAreFollowedUntilCtrlC) {
  Program program(counter_.arguments({"events", "--follow", "--json"}));
  ASSERT_TRUE(counter_.server.wait_for_calls("events.subscribe", 1));
  EXPECT_EQ(counter_.server.calls("events.subscribe").at(0), json::object());
  counter_.server.notify_all(event(7, "card.inserted"));
  ASSERT_TRUE(program.prints("\n"));
  EXPECT_EQ(json::parse(program.out), event(7, "card.inserted"));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), interrupted);
  EXPECT_EQ(program.err, "Go on where it stopped: madoguchi events --follow --since 7\n");
}

TEST_F(Commands, ALostDaemonIsSaidWithTheWayBack) {
  Program program(counter_.arguments({"events", "-f"}));
  ASSERT_TRUE(counter_.server.wait_for_calls("events.subscribe", 1));
  counter_.server.notify_all(event(7, "card.inserted"));
  ASSERT_TRUE(program.prints("card placed"));
  counter_.server.die();
  EXPECT_EQ(program.wait(), lost);
  EXPECT_THAT(program.err, HasSubstr("connection to the counter service was lost"));
  EXPECT_THAT(program.err, HasSubstr("--since 7"));
}

TEST_F(Commands, AReaderOfTheOutputThatGoesAwayEndsIt) {
  Program program(counter_.arguments({"events", "--follow"}));
  ASSERT_TRUE(counter_.server.wait_for_calls("events.subscribe", 1));
  counter_.server.notify_all(event(7, "card.inserted"));
  ASSERT_TRUE(program.prints("card placed"));
  program.close_output();
  counter_.server.notify_all(event(8, "card.removed"));
  EXPECT_EQ(program.wait(), output_closed);
  EXPECT_THAT(program.err, HasSubstr("Nobody reads the output"));
}

TEST_F(Commands, AReaderThatGoesAwayIsNoticedWhileNothingHappens) {
  Program program(counter_.arguments({"events", "--follow"}));
  ASSERT_TRUE(counter_.server.wait_for_calls("events.subscribe", 1));
  program.close_output();
  EXPECT_EQ(program.wait(), output_closed);
  EXPECT_THAT(program.err, HasSubstr("Nobody reads the output"));
}

TEST_F(Commands, CompletionKnowsEveryCommandAndTheDaemonsMethods) {
  const auto script = madoguchi({"completion"});
  EXPECT_EQ(script.status, done);
  EXPECT_THAT(script.out, HasSubstr("\"cases resume\") words=\"--help --reader"));
  counter_.server.answer("rpc.discover", {{"methods", {{{"name", "a.b"}}, {{"name", "c.d"}}}}});
  EXPECT_EQ(madoguchi({"completion", "--methods"}).out, "a.b\nc.d\n");
}

}  // namespace
}  // namespace madoguchi::cli
