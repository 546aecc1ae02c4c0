#include "spdlog_log.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "base/utf8.hpp"

namespace madoguchi::app {
namespace {

namespace json = boost::json;
using base::Level;
using settings::LogFormat;
using settings::LogLevel;
using testing::MatchesRegex;

// What comes from outside, at its worst.
const std::string hostile = "a\n{} {0} %v \"b\" \\ \x1b[31m あ \x7F\u0085\u009B\u2028\u202E\u2066";

std::string written(LogFormat format, LogLevel level = LogLevel::debug) {
  testing::internal::CaptureStderr();
  const auto log = make_log({.level = level, .format = format});
  log->write(Level::warning, "reader.gone", {{"reader", hostile}, {"count", 3}});
  return testing::internal::GetCapturedStderr();
}

TEST(Log, IsOneJsonObjectALine) {
  const auto line = written(LogFormat::json);
  ASSERT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  const auto object = json::parse(line).as_object();
  EXPECT_EQ(object.at("id"), "reader.gone");
  EXPECT_EQ(object.at("level"), "warning");
  EXPECT_EQ(object.at("reader").as_string(), hostile);
  EXPECT_EQ(object.at("count"), 3);
  EXPECT_THAT(std::string(object.at("at").as_string()), MatchesRegex(R"(....-..-..T..:..:..\....[+-]..:..)"));
}

TEST(Log, IsOneLineForPeople) {
  const auto line = written(LogFormat::text);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  EXPECT_NE(line.find(" warning reader.gone reader=\"a\\n{} {0} %v"), std::string::npos) << line;
  EXPECT_EQ(line.find('\x1b'), std::string::npos) << "no terminal is steered from outside";
  EXPECT_EQ(base::find_hidden(line), line.size() - 1) << "but for its own end nothing in it hides";
}

TEST(Log, TellsJournaldThePriority) {
  EXPECT_EQ(written(LogFormat::journald).substr(0, 14), "<4>reader.gone");
}

std::string explained(LogFormat format, Level level) {
  testing::internal::CaptureStderr();
  make_log({.level = LogLevel::debug, .format = format})
      ->write(level, "plugin.failed", {{"plugin", hostile}});
  return testing::internal::GetCapturedStderr();
}

TEST(Log, SaysWhatAWarningOrAnErrorMeans) {
  const auto line = explained(LogFormat::text, Level::error);
  EXPECT_NE(line.find(" # プラグイン「{plugin}」が正しく答えませんでした。"), std::string::npos) << line;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
  const auto object = json::parse(explained(LogFormat::json, Level::warning)).as_object();
  EXPECT_EQ(object.at("en").as_string(), "The plugin \"" + hostile + "\" did not answer as it should.");
  EXPECT_EQ(explained(LogFormat::text, Level::info).find('#'), std::string::npos);
}

TEST(Log, LeavesOutWhatIsLessThanItsLevel) {
  EXPECT_EQ(written(LogFormat::text, LogLevel::error), "");
  EXPECT_NE(written(LogFormat::text, LogLevel::warning), "");
}

}  // namespace
}  // namespace madoguchi::app
