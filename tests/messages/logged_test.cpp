// Every warning and error that the daemon's sources log has a row in the book, and no row is of none.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "messages/book.hpp"

namespace madoguchi::messages {
namespace {

namespace fs = std::filesystem;

struct Source {
  fs::path file;
  std::string text;
};

std::vector<Source> sources() {
  std::vector<Source> all;
  for (const auto& entry : fs::recursive_directory_iterator(DAEMON_SOURCES)) {
    if (entry.path().extension() != ".cpp" || entry.path().string().find("/messages/") != std::string::npos)
      continue;
    std::ifstream file(entry.path());
    all.push_back({entry.path(), {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}});
  }
  return all;
}

// Ids in calls with a level of warning or error: everything quoted and dotted between the level and the
// fields. In a choice of two the ids stand in the order of their levels.
std::set<std::string> logged(const std::string& text) {
  static const std::regex call(R"(Level::(warning|error)\b([^;{]*))");
  static const std::regex chosen(R"(Level::(info|debug) : (?:base::)?Level::(warning|error)\b([^;{]*))");
  static const std::regex id("\"([a-z_]+(?:\\.[a-z_]+)+)\"");
  std::set<std::string> ids;
  for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
    const std::string arguments = (*at)[2];
    for (std::sregex_iterator word(arguments.begin(), arguments.end(), id); word != end; ++word)
      ids.insert((*word)[1]);
  }
  for (std::sregex_iterator at(text.begin(), text.end(), chosen), end; at != end; ++at) {
    const std::string arguments = (*at)[3];
    std::sregex_iterator word(arguments.begin(), arguments.end(), id);
    // The first of two is logged when all is well.
    if (std::distance(word, end) == 2) ids.erase((*word)[1]);
  }
  return ids;
}

TEST(Logged, AnIdIsFoundHoweverItsCallIsWritten) {
  EXPECT_EQ(logged(R"(log_.write(Level::error, "a.b", {{"why", "c.d"}});)"), std::set<std::string>{"a.b"});
  EXPECT_EQ(logged("log->write(base::Level::warning,\n  \"a.b_c\");"), std::set<std::string>{"a.b_c"});
  EXPECT_EQ(logged(R"(write(ok ? Level::info : Level::error, ok ? "x.done" : "x.refused", {}))"),
            std::set<std::string>{"x.refused"});
  EXPECT_TRUE(logged(R"(log_.write(Level::info, "a.b");)").empty());
}

TEST(Logged, EveryWarningAndErrorIsInTheBook) {
  std::size_t calls = 0;
  for (const auto& source : sources()) {
    for (const auto& id : logged(source.text)) {
      ++calls;
      const auto* message = find(id);
      EXPECT_TRUE(message != nullptr && message->origin == Origin::log)
          << id << " (" << source.file << ") has no row in daemon/messages/logged.cpp";
    }
  }
  EXPECT_GT(calls, 40U);
}

// An id that comes by way of a variable stands somewhere as well.
TEST(Logged, NoRowIsOfAMessageThatNobodyWrites) {
  std::string all;
  for (const auto& source : sources()) all += source.text;
  for (const auto* message : book()) {
    if (message->origin != Origin::log) continue;
    EXPECT_NE(all.find("\"" + std::string(message->id) + "\""), std::string::npos) << message->id;
  }
}

}  // namespace
}  // namespace madoguchi::messages
