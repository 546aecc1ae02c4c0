#include "sqlite/cursor.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace madoguchi::storage {
namespace {

TEST(Cursor, ComesBackAsItWas) {
  for (const std::int64_t time : {std::int64_t{0}, std::int64_t{1775523600123}, std::int64_t{-1},
                                  std::numeric_limits<std::int64_t>::max()}) {
    const auto back = decode_cursor(encode_cursor({time, "case-窓口"}));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->opened_at, time);
    EXPECT_EQ(back->id, "case-窓口");
  }
}

TEST(Cursor, RefusesWhatItDidNotMake) {
  const auto whole = encode_cursor({1775523600123, "c-0123456789"});
  for (const char* text :
       {"", "AAAA", "====", "not base64", "eyJhIjoxfQ==", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(decode_cursor(text)) << text;
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_cursor(whole.substr(0, size))) << size;
  }
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    auto other = whole;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(decode_cursor(other)) << other;
  }
}

}  // namespace
}  // namespace madoguchi::storage
