#include "simulated_card/frames.hpp"

#include <gtest/gtest.h>

#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

TEST(Frames, AreCutAsTheyArrive) {
  FrameReader reader;
  const auto bytes = hex("0001 04 0005 00A4040C00 0000 0002 CA");
  for (const auto byte : bytes) reader.feed(base::ByteView(&byte, 1));
  EXPECT_EQ(reader.next(), hex("04"));
  EXPECT_EQ(reader.next(), hex("00A4040C00"));
  EXPECT_EQ(reader.next(), base::Bytes{});
  EXPECT_FALSE(reader.next());
  reader.feed(hex("FE"));
  EXPECT_EQ(reader.next(), hex("CAFE"));
  EXPECT_FALSE(reader.next());
}

TEST(Frames, AreNeverEmpty) {
  EXPECT_EQ(make_frame(hex("9000")), hex("0002 9000"));
  EXPECT_THROW(make_frame({}), std::logic_error);
  EXPECT_THROW(make_frame(base::Bytes(65536)), std::logic_error);
}

}  // namespace
}  // namespace madoguchi::simulated_card
