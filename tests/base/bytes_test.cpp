#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace madoguchi::base {
namespace {

TEST(Bytes, hexadecimal_both_ways) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xA4, 0xFF}), "00a4ff");
  EXPECT_EQ(from_hex("00A4ff"), (Bytes{0x00, 0xA4, 0xFF}));
  EXPECT_EQ(from_hex(""), Bytes{});
  for (const auto* bad : {"0", "0g", "00 a4", "0x00", "-1"}) EXPECT_FALSE(from_hex(bad)) << bad;
}

TEST(Bytes, base64_both_ways_at_every_padding) {
  Bytes bytes;
  for (int size = 0; size < 70; ++size) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << size;
    bytes.push_back(static_cast<std::uint8_t>(size * 37));
  }
  EXPECT_EQ(to_base64(Bytes{'f', 'o', 'o', 'b'}), "Zm9vYg==");  // RFC 4648 section 10
  for (const auto* bad : {"Zm9vYg=", "Zm9v\nYg==", "Zm9*", "Z"}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Bytes, sha256_of_the_standards_example) {
  EXPECT_EQ(to_hex(sha256(Bytes{'a', 'b', 'c'})),  // FIPS 180-4
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Bytes, random_bytes_differ) {
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace madoguchi::base
