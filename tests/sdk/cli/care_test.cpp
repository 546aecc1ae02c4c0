// For whoever looks after a counter: what may leave the house, archives, programs that are read, and
// messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "captured_program.hpp"
#include "examination.hpp"
#include "fake_server.hpp"
#include "log_lines.hpp"
#include "program.hpp"
#include "tar.hpp"

namespace madoguchi::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::HasSubstr;

std::string kept(std::string_view log) {
  return json::serialize(log_without_texts(log, 10));
}

TEST(LogLines, KeepOnlyWhatTheBookKnowsAndNumbers) {
  EXPECT_EQ(kept("2026-11-28 10:00:00.123 error plugin.failed plugin=\"p\" why=\"x\" failures=3\n"),
            R"([{"at":"2026-11-28 10:00:00.123","level":"error","id":"plugin.failed","failures":3}])");
  EXPECT_EQ(kept("<4>connection.stalled uid=1000 pid=77 connected_seconds=30 connections=2\n"),
            R"([{"id":"connection.stalled","connected_seconds":30,"connections":2}])");
  EXPECT_EQ(kept("no.such.id count=3\nfree text\n\n"), "[]");
}

TEST(LogLines, NoTextPassesForAField) {
  EXPECT_EQ(kept(R"(<3>rpc.internal inner="a \" count=739 \\" count=5)"),
            R"([{"id":"rpc.internal","count":5}])");
  EXPECT_EQ(kept(R"(<3>rpc.internal inner="no end count=739)"), R"([{"id":"rpc.internal"}])");
  EXPECT_EQ(kept(R"(<3>rpc.internal count="739" count=7x)"), R"([{"id":"rpc.internal"}])");
  EXPECT_EQ(kept(R"({"id":"rpc.internal","at":"yamada","level":"taro","count":"739","seconds":3})"),
            R"([{"id":"rpc.internal","seconds":3}])");
}

TEST(LogLines, TheLastOnesStay) {
  std::string log;
  for (int i = 0; i < 30; ++i) log += "<3>audit.damaged seq=" + std::to_string(i) + "\n";
  const auto last = log_without_texts(log, 10);
  ASSERT_EQ(last.size(), 10U);
  EXPECT_EQ(last.front().at("seq"), 20);
}

TEST(Captured, IsReadToItsEnd) {
  const Interrupts interrupts;
  const auto done = capture({"sh", "-c", "echo a; echo hidden >&2; exit 3"}, 10s, interrupts);
  EXPECT_EQ(done.how, Captured::How::exited);
  EXPECT_EQ(done.status, 3);
  EXPECT_EQ(done.output, "a\n");
}

TEST(Captured, WhatHangsIsKilledAndWhatItSaidIsKept) {
  const Interrupts interrupts;
  const auto done = capture({"sh", "-c", "echo a; exec sleep 600"}, 1s, interrupts);
  EXPECT_EQ(done.how, Captured::How::overdue);
  EXPECT_EQ(done.output, "a\n");
  EXPECT_EQ(capture({"/nowhere/program"}, 1s, interrupts).how, Captured::How::not_started);
  EXPECT_EQ(capture({"sh", "-c", "kill -SEGV $$"}, 10s, interrupts).how, Captured::How::killed);
}

TEST(Captured, IsToldLineByLineAndHasItsTimeForEach) {
  const Interrupts interrupts;
  std::vector<std::string> lines;
  const auto done = capture_lines({"sh", "-c", "echo a; echo b; sleep 2; printf c"}, 10s, interrupts,
                                  [&](const std::string& line) {
                                    lines.push_back(line);
                                    return 10s;
                                  });
  EXPECT_EQ(done.how, Captured::How::exited);
  EXPECT_THAT(lines, testing::ElementsAre("a", "b", "c"));
  const auto slow = capture_lines({"sh", "-c", "echo a; exec sleep 600"}, 10s, interrupts,
                                  [](const std::string&) { return 10ms; });
  EXPECT_EQ(slow.how, Captured::How::overdue);
}

ExaminerLines lines_of(const std::string& output) {
  ExaminerLines lines;
  std::istringstream text(output);
  for (std::string line; std::getline(text, line);) lines.read(line);
  return lines;
}

std::vector<std::string> ids_of(const ExaminerLines& lines) {
  std::vector<std::string> ids;
  for (const auto& finding : lines.findings) ids.emplace_back(finding.at("id").as_string());
  return ids;
}

// What cannot be read was said all the same, and a part that says nothing is not well.
TEST(ExaminerLines, NothingThatWasSaidIsDropped) {
  const auto lines = lines_of(
      "{\"begin\":\"config\"}\n{\"finding\":{\"id\":\"config.ok\",\"state\":\"ok\"}}\n"
      "{\"begin\":\"store\"}\n{\"finding\":{\"id\":\"store.damaged\",\"facts\":\"\xff\"}}\nnonsense\n"
      "{\"begin\":\"socket\"}\n{\"begin\":\"readers\"}\n{\"finding\":{\"id\":\"reader.ok\"}}\n");
  EXPECT_THAT(ids_of(lines), testing::ElementsAre("config.ok", "examiner.garbled", "reader.ok"));
  EXPECT_EQ(lines.findings[1].at("state"), "wrong");
  EXPECT_THAT(json::serialize(lines.findings[1]), HasSubstr("--part store"));
  EXPECT_THAT(lines.silent, testing::ElementsAre("socket"));
  EXPECT_EQ(lines.last_part, "readers");
  EXPECT_THAT(lines_of("{\"begin\":\"store\"}\n").silent, testing::ElementsAre("store"));
}

TEST(ExaminerLines, SayByWhoseRightsTheyAre) {
  EXPECT_FALSE(lines_of("{\"begin\":\"store\"}\n").as_service);
  const auto lines =
      lines_of("{\"as_service\":true}\n{\"begin\":\"store\"}\n{\"finding\":{\"id\":\"a.b\"}}\n");
  EXPECT_TRUE(lines.as_service);
  EXPECT_THAT(ids_of(lines), testing::ElementsAre("a.b"));
}

TEST(TarArchive, IsReadByTar) {
  Tar tar;
  tar.add("folder/a.json", "{}", 1'700'000'000);
  tar.add("folder/b.txt", std::string(1'000, 'b'), 1'700'000'000);
  const auto bytes = tar.finish();
  EXPECT_EQ(bytes.size() % 512, 0U);
  const auto file = testing::TempDir() + "/madoguchi-tar-test.tar";
  std::ofstream(file, std::ios::binary) << bytes;
  const Interrupts interrupts;
  EXPECT_EQ(capture({"tar", "-xOf", file, "folder/a.json"}, 10s, interrupts).output, "{}");
  EXPECT_EQ(capture({"tar", "-xOf", file, "folder/b.txt"}, 10s, interrupts).output, std::string(1'000, 'b'));
  EXPECT_THAT(capture({"tar", "-tvf", file}, 10s, interrupts).output, HasSubstr("-rw------- "));
  std::filesystem::remove(file);
}

TEST(Messages, AreLookedUpById) {
  const auto one = run({"--lang", "ja", "messages", "disk.full"});
  EXPECT_EQ(one.status, 0);
  EXPECT_THAT(one.out, HasSubstr("保存先のディスクに空きがありません"));
  EXPECT_THAT(one.out, HasSubstr("journalctl --vacuum-size"));
  const auto all = run({"--json", "messages"});
  EXPECT_GT(json::parse(all.out).at("messages").as_array().size(), 100U);
  EXPECT_EQ(run({"messages", "no.such"}).status, 2);
}

// What is served elsewhere than by default is not looked for where it is by default.
TEST(Doctor, LooksForTheServiceWhereItsConfigurationPutsIt) {
  std::ifstream sample(SAMPLE_CONFIG);
  std::string text{std::istreambuf_iterator<char>(sample), std::istreambuf_iterator<char>()};
  const std::string usual = "path: /run/madoguchi/madoguchi.sock";
  ASSERT_NE(text.find(usual), std::string::npos);
  text.replace(text.find(usual), usual.size(), "path: elsewhere.sock");
  const auto file = testing::TempDir() + "/madoguchi-elsewhere.yaml";
  std::ofstream(file) << text;
  const auto ran = run({"--json", "doctor", "--config", file}, {}, {{"MADOGUCHI_SOCKET", ""}});
  EXPECT_THAT(ran.out, HasSubstr("elsewhere.sock"));
  EXPECT_THAT(ran.out, HasSubstr("\"daemon.down\""));
  EXPECT_THAT(ran.out, testing::Not(HasSubstr("\"socket\":\"/run/madoguchi/madoguchi.sock\"")));
  std::filesystem::remove(file);
}

TEST(Doctor, WorksWhereThereIsNothingAtAll) {
  const auto ran = run({"--json", "--socket", "/nowhere/s.sock", "doctor", "--config", "/nowhere/c.yaml"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("\"daemon.down\""));
  EXPECT_THAT(ran.out, HasSubstr("\"config.missing\""));
  const auto words =
      run({"--lang", "ja", "--socket", "/nowhere/s.sock", "doctor", "--config", "/nowhere/c.yaml"});
  EXPECT_THAT(words.out, HasSubstr("[異常] サービス(madoguchid)が動いていません"));
  EXPECT_THAT(words.out, HasSubstr("systemctl enable --now madoguchid.socket"));
}

// A daemon whose loop does not turn takes connections and answers nothing; so does a pcscd that is frozen.
TEST(Doctor, NamesWhatHangsAndSaysAtOnceWhatItKnows) {
  client::FakeServer daemon, pcscd;
  daemon.on("system.info", [](const auto&, const auto&) {});
  const auto begun = std::chrono::steady_clock::now();
  Program doctor({"--lang", "en", "--socket", daemon.socket(), "doctor", "--config", SAMPLE_CONFIG}, {},
                 {{"PCSCLITE_CSOCK_NAME", pcscd.socket()}});
  ASSERT_TRUE(doctor.prints("[daemon.silent]")) << doctor.out;
  ASSERT_TRUE(doctor.prints("systemctl restart madoguchid")) << doctor.out;
  EXPECT_EQ(doctor.out.find("[pcscd.stuck]"), std::string::npos) << "told before the rest was looked at";
  EXPECT_EQ(doctor.wait(), 1);
  const auto stuck = doctor.out.find("[pcscd.stuck]");
  ASSERT_NE(stuck, std::string::npos) << doctor.out;
  EXPECT_NE(doctor.out.find("[authority.", stuck), std::string::npos)
      << "what is behind it is looked at, too";
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
}

}  // namespace
}  // namespace madoguchi::cli
