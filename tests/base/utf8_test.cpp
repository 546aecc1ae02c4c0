#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace madoguchi::base {
namespace {

using namespace std::string_view_literals;

TEST(Hidden, IsEveryControlSeparatorAndBidirectionalControlAndNothingElse) {
  for (const auto sequence :
       {"\0"sv, "\a"sv, "\t"sv, "\n"sv, "\r"sv, "\x1B"sv, "\x1F"sv, "\x7F"sv, "\u0080"sv, "\u0085"sv,
        "\u009B"sv, "\u009F"sv, "\u2028"sv, "\u2029"sv, "\u202A"sv, "\u202E"sv, "\u2066"sv, "\u2069"sv}) {
    EXPECT_EQ(hidden_length(sequence, 0), sequence.size()) << on_one_line(sequence);
    EXPECT_EQ(find_hidden("受付" + std::string(sequence) + "x"), "受付"sv.size()) << on_one_line(sequence);
  }
  for (const auto sequence : {" "sv, "~"sv, "\u00A0"sv, "é"sv, "\u2027"sv, "\u202F"sv, "\u2065"sv, "\u206A"sv,
                              "\u3000"sv, "受"sv, "𠮷"sv}) {
    EXPECT_EQ(hidden_length(sequence, 0), 0U) << sequence;
    EXPECT_EQ(find_hidden(sequence), std::string_view::npos) << sequence;
  }
}

TEST(Hidden, IsNotSeenWhereTheTextEndsOrIsNoUtf8) {
  EXPECT_EQ(hidden_length("", 0), 0U);
  EXPECT_EQ(hidden_length("\xC2", 0), 0U);
  EXPECT_EQ(hidden_length("\xE2\x80", 0), 0U);
  EXPECT_EQ(find_hidden("\xE2\x80\n"), 2U);
}

TEST(OnOneLine, WritesOutWhatHides) {
  EXPECT_EQ(on_one_line("\x1B]0;a\a\u009B1m\u202E受付\n\x7F"),
            R"(\u001B]0;a\u0007\u009B1m\u202E受付\u000A\u007F)");
  EXPECT_EQ(on_one_line("a\xFFz\xE2\x80"), "a?z??");
}

TEST(OnOneLine, IsCutBetweenCharacters) {
  EXPECT_EQ(on_one_line("受付窓口", 7), "受付...");
  EXPECT_EQ(on_one_line("受付", 6), "受付");
  EXPECT_EQ(on_one_line("ab\n", 4), "ab...");
}

}  // namespace
}  // namespace madoguchi::base
