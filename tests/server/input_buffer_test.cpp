#include "input_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace madoguchi::server {
namespace {

// Feeds the text in pieces and collects the lines.
std::vector<std::string> lines(InputBuffer& buffer, std::string_view text, std::size_t piece) {
  std::vector<std::string> all;
  while (!text.empty() && !buffer.overlong()) {
    const auto room = buffer.room();
    const auto size = std::min({piece, text.size(), room.size()});
    std::memcpy(room.data(), text.data(), size);
    text.remove_prefix(size);
    buffer.commit(size);
    while (const auto line = buffer.next_line()) all.emplace_back(*line);
    buffer.settle();
  }
  return all;
}

TEST(InputBuffer, CutsLinesWhereverThePiecesEnd) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    expected.push_back(std::string(static_cast<std::size_t>(i * 37 % 301), static_cast<char>('a' + i % 26)));
    text += expected.back() + "\n";
  }
  for (const std::size_t piece : {1U, 2U, 7U, 300U, 4095U, 4096U, 100'000U}) {
    InputBuffer buffer(1024UL * 1024);
    EXPECT_EQ(lines(buffer, text, piece), expected) << piece;
  }
}

TEST(InputBuffer, GrowsForALongLineAndShrinksAgain) {
  InputBuffer buffer(1024UL * 1024);
  const auto before = buffer.capacity();
  const std::string line(1024UL * 1024, 'a');
  EXPECT_EQ(lines(buffer, line + "\nb\n", 10'000), (std::vector<std::string>{line, "b"}));
  EXPECT_LE(buffer.capacity(), std::size_t(64 * 1024));
  EXPECT_GE(buffer.capacity(), before);
}

TEST(InputBuffer, KnowsALineThatIsTooLong) {
  for (const std::size_t longest : {10U, 4095U, 4096U, 70'000U}) {
    InputBuffer fits(longest);
    EXPECT_EQ(lines(fits, std::string(longest, 'a') + "\n", 1000).size(), 1U) << longest;
    EXPECT_FALSE(fits.overlong());
    InputBuffer too_long(longest);
    EXPECT_TRUE(lines(too_long, std::string(longest + 1, 'a') + "\n", 1000).empty()) << longest;
    EXPECT_TRUE(too_long.overlong());
    EXPECT_LE(too_long.capacity(), longest + 1);
  }
}

TEST(InputBuffer, WipesWhatIsUsedUp) {
  InputBuffer buffer(1024UL * 1024);
  const auto* memory = buffer.room().data();
  const std::string_view text = "{\"value\":\"1357\"}\nhalf a l";
  std::memcpy(buffer.room().data(), text.data(), text.size());
  buffer.commit(text.size());
  ASSERT_TRUE(buffer.next_line());
  EXPECT_FALSE(buffer.next_line());
  buffer.settle();
  EXPECT_EQ(std::string_view(memory, 8), "half a l");
  EXPECT_TRUE(std::all_of(memory + 8, memory + text.size(), [](char c) { return c == 0; }));
  buffer.clear();
  EXPECT_TRUE(std::all_of(memory, memory + text.size(), [](char c) { return c == 0; }));
}

}  // namespace
}  // namespace madoguchi::server
