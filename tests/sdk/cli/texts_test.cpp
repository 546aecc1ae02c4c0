#include "texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <set>

namespace madoguchi::cli {
namespace {

std::set<char> placeholders(std::string_view text) {
  std::set<char> found;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') found.insert(text[i + 1]);
  }
  return found;
}

TEST(Texts, EveryTextIsInBothLanguagesAndTellsTheSame) {
  std::set<std::string_view> names;
  for (const auto& entry : catalogue) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name << " is there twice";
    EXPECT_FALSE(entry.en.empty()) << entry.name;
    EXPECT_FALSE(entry.ja.empty()) << entry.name;
    EXPECT_EQ(placeholders(entry.en), placeholders(entry.ja)) << entry.name;
  }
}

TEST(Texts, PlaceholdersAreReplacedOnceAndOnlyThose) {
  EXPECT_EQ(say(Lang::en, "decision.certificate.until", {"A", "{2}", "C"}), "  A: {2}, new until C");
  EXPECT_EQ(say(Lang::ja, "decision.certificate.until", {"A", "B", "C"}), "  A: B、新しい有効期限 C");
  EXPECT_EQ(say(Lang::en, "timeline.line", {"only one"}), "only one  {1}");
}

TEST(Texts, WordsOfANewerDaemonAreShownAsTheyAre) {
  EXPECT_EQ(word(Lang::ja, "state", "ready"), "発行できます");
  EXPECT_EQ(word(Lang::ja, "state", "brand_new"), "brand_new");
}

class Language : public ::testing::Test {
 protected:
  Language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
  }
  ~Language() override {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
  }
  static Lang choose(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "madoguchi");
    return choose_language(static_cast<int>(arguments.size()), arguments.data());
  }
};

TEST_F(Language, ComesFromTheLocaleUnlessNamed) {
  EXPECT_EQ(choose({}), Lang::en);
  ::setenv("LANG", "ja_JP.UTF-8", 1);
  EXPECT_EQ(choose({}), Lang::ja);
  ::setenv("LC_MESSAGES", "C.UTF-8", 1);
  EXPECT_EQ(choose({}), Lang::en);
  ::setenv("LC_ALL", "ja", 1);
  EXPECT_EQ(choose({}), Lang::ja);
  EXPECT_EQ(choose({"readers", "--lang", "en"}), Lang::en);
  EXPECT_EQ(choose({"--lang=en", "readers"}), Lang::en);
}

}  // namespace
}  // namespace madoguchi::cli
