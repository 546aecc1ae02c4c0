#include "messages/book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace madoguchi::messages {
namespace {

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> found;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
    found.emplace(text.substr(open, text.find('}', open) - open));
  return found;
}

TEST(Book, EveryMessageIsThereOnceAndSaysTheSameInBothLanguages) {
  std::string_view before;
  for (const auto* message : book()) {
    EXPECT_LT(before, message->id);
    before = message->id;
    EXPECT_FALSE(message->ja.empty()) << message->id;
    EXPECT_FALSE(message->en.empty()) << message->id;
    EXPECT_EQ(placeholders(message->ja), placeholders(message->en)) << message->id;
    EXPECT_EQ(placeholders(message->do_ja), placeholders(message->do_en)) << message->id;
    EXPECT_EQ(find(message->id), message);
  }
  EXPECT_EQ(find("no.such"), nullptr);
}

TEST(Book, SaysWhatToDoAboutWhateverIsNotWell) {
  for (const auto* message : book()) {
    const auto end = message->id.substr(message->id.find('.'));
    const bool well = end == ".ok" || end == ".none" || end == ".absent" || end == ".handed_over";
    if (well && message->id != "reader.none") continue;
    EXPECT_FALSE(message->do_ja.empty()) << message->id;
    EXPECT_FALSE(message->do_en.empty()) << message->id;
  }
}

TEST(Book, FillsInFactsAndLeavesWhatItDoesNotKnow) {
  EXPECT_EQ(filled("{a} of {b}, {c}", {{"a", 3}, {"b", "x{a}"}}), "3 of x{a}, {c}");
  EXPECT_EQ(filled("no end {a", {{"a", 3}}), "no end {a");
}

TEST(Book, GivesTheRemedyWithItsFacts) {
  const auto told = remedy("disk.full", {{"path", "/var/lib/madoguchi"}});
  EXPECT_EQ(told.at("id"), "disk.full");
  EXPECT_THAT(std::string(told.at("en").as_string()), testing::HasSubstr("/var/lib/madoguchi"));
  EXPECT_TRUE(remedy("disk.ok").empty());
  EXPECT_TRUE(remedy("no.such").empty());
}

}  // namespace
}  // namespace madoguchi::messages
