#include "smartcard/tlv.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <random>

namespace madoguchi::smartcard {
namespace {

using base::Bytes;

Bytes hex(std::string_view text) {
  return base::from_hex(text).value();
}

// "tag=value" pairs, and "!" at the end of malformed input.
std::string read_all(base::ByteView bytes) {
  TlvReader reader(bytes);
  std::string text;
  while (const auto tlv = reader.next()) {
    text += base::to_hex(make_tlv(tlv->tag, {})).substr(0, base::to_hex(make_tlv(tlv->tag, {})).size() - 2);
    text += "=" + base::to_hex(tlv->value) + ";";
  }
  if (reader.malformed()) text += "!";
  EXPECT_FALSE(reader.next());
  return text;
}

struct ReadCase {
  const char* bytes;
  const char* wanted;
};

void PrintTo(const ReadCase& read, std::ostream* out) {
  *out << read.bytes;
}

class TlvTable : public testing::TestWithParam<ReadCase> {};

constexpr ReadCase reads[] = {
    {"", ""},
    {"0400", "04=;"},
    {"0402aabb0501cc", "04=aabb;05=cc;"},
    {"5f24020102", "5f24=0102;"},
    {"7f49028101", "7f49=8101;"},
    {"df810501aa", "df8105=aa;"},
    {"ff20020102", "ff20=0102;"},
    {"ff100131ffff", "ff10=31;"},
    {"0400ff", "04=;"},
    {"000004010100ffffff", "04=01;"},
    {"ffff00040101", "04=01;"},
    {"048101aa", "04=aa;"},
    {"04820001aa", "04=aa;"},
    {"0484000000 01aa", "04=aa;"},
    {"04", "!"},
    {"5f", "!"},
    {"0401", "!"},
    {"0480aa0000", "!"},
    {"0481", "!"},
    {"048201", "!"},
    {"0484ffffffffaa", "!"},
    {"048500000000 01aa", "!"},
    {"df81818101aa", "!"},
    {"0401aa0402bb", "04=aa;!"},
};

TEST_P(TlvTable, Reads) {
  std::string text = GetParam().bytes;
  std::erase(text, ' ');
  EXPECT_EQ(read_all(hex(text)), GetParam().wanted);
}

INSTANTIATE_TEST_SUITE_P(Ber, TlvTable, testing::ValuesIn(reads));

TEST(TlvReader, StaysInsideAnyBytes) {
  std::mt19937 random(2);  // the same bytes in every run, so that a failure can be repeated
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes(random() % 40);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 8);
    TlvReader reader(bytes);
    std::size_t steps = 0;
    while (const auto tlv = reader.next()) {
      ASSERT_GE(tlv->value.data(), bytes.data());
      ASSERT_LE(tlv->value.data() + tlv->value.size(), bytes.data() + bytes.size());
      ASSERT_LE(++steps, bytes.size());
    }
    const auto length = der_sequence_length(bytes);
    if (length) {
      ASSERT_GE(*length, 2U);
      ASSERT_EQ(bytes[0], 0x30);
    }
  }
}

TEST(FindTlv, FindsTheFirstAtThisLevelOnly) {
  const auto bytes = hex("7f49038101558201aa8201bb");
  ASSERT_TRUE(find_tlv(bytes, 0x82));
  EXPECT_EQ(base::to_hex(find_tlv(bytes, 0x82)->value), "aa");
  EXPECT_FALSE(find_tlv(bytes, 0x81));
  EXPECT_FALSE(find_tlv(hex("0402aa"), 0x04));
}

TEST(MakeTlv, UsesTheShortestLength) {
  EXPECT_EQ(base::to_hex(make_tlv(0x04, hex("aabb"))), "0402aabb");
  EXPECT_EQ(base::to_hex(make_tlv(0xFF20, {})), "ff2000");
  EXPECT_EQ(base::to_hex(make_tlv(0xDF8105, {})), "df810500");
  for (const auto& [size, lead] : {std::pair<std::size_t, const char*>{127, "047f"},
                                   {128, "048180"},
                                   {255, "0481ff"},
                                   {256, "04820100"},
                                   {65535, "0482ffff"},
                                   {65536, "0483010000"}}) {
    const Bytes value(size, 0x5A);
    const Bytes made = make_tlv(0x04, value);
    EXPECT_EQ(base::to_hex(base::ByteView(made).first(made.size() - size)), lead);
    const auto found = find_tlv(made, 0x04);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->value.size(), size);
  }
}

TEST(DerSequenceLength, CountsTheHeader) {
  EXPECT_EQ(der_sequence_length(hex("30820482")), 0x0482U + 4);
  EXPECT_EQ(der_sequence_length(hex("308182")), 0x82U + 3);
  EXPECT_EQ(der_sequence_length(hex("3000")), 2U);
  EXPECT_EQ(der_sequence_length(hex("3084ffffffff")), 0xFFFFFFFFU + std::size_t{6});
  for (const auto* text : {"", "30", "3082", "308204", "3080", "3085", "31820482", "ffffffff", "00000000"}) {
    EXPECT_FALSE(der_sequence_length(hex(text))) << text;
  }
}

}  // namespace
}  // namespace madoguchi::smartcard
