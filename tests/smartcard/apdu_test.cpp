#include "smartcard/apdu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <random>

namespace madoguchi::smartcard {
namespace {

using base::Bytes;

Bytes hex(std::string_view text) {
  return base::from_hex(text).value();
}

Bytes encode(const Command& command) {
  Bytes out(command.encoded_size());
  EXPECT_EQ(command.encode(out), out.size());
  return out;
}

struct FormCase {
  const char* name;
  std::size_t data;
  std::optional<std::uint32_t> expected;
  const char* lead;  // header and what stands before the data
  const char* tail;  // what stands behind the data
};

void PrintTo(const FormCase& form, std::ostream* out) {
  *out << form.name;
}

class CommandForms : public testing::TestWithParam<FormCase> {};

// ISO/IEC 7816-3 12.1.3: cases 1, 2S-4S, 2E-4E and the borders between them.
constexpr FormCase forms[] = {
    {"case_1", 0, std::nullopt, "00200080", ""},
    {"case_2_short", 0, 1, "0020008001", ""},
    {"case_2_short_largest", 0, 256, "0020008000", ""},
    {"case_2_extended_smallest", 0, 257, "00200080000101", ""},
    {"case_2_extended_largest", 0, 65536, "00200080000000", ""},
    {"case_3_short", 1, std::nullopt, "0020008001", ""},
    {"case_3_short_largest", 255, std::nullopt, "00200080ff", ""},
    {"case_3_extended_smallest", 256, std::nullopt, "00200080000100", ""},
    {"case_3_extended_largest", 65535, std::nullopt, "0020008000ffff", ""},
    {"case_4_short", 2, 256, "0020008002", "00"},
    {"case_4_extended_by_expected", 2, 257, "00200080000002", "0101"},
    {"case_4_extended_by_data", 256, 16, "00200080000100", "0010"},
    {"case_4_extended_largest", 65535, 65536, "0020008000ffff", "0000"},
};

TEST_P(CommandForms, EncodesAndIsParsedBack) {
  const auto& form = GetParam();
  const Bytes data(form.data, 0xA5);
  const Bytes encoded = encode(Command({0x00, 0x20, 0x00, 0x80}, data, form.expected));

  Bytes wanted = hex(form.lead);
  wanted.insert(wanted.end(), data.begin(), data.end());
  const Bytes tail = hex(form.tail);
  wanted.insert(wanted.end(), tail.begin(), tail.end());
  EXPECT_EQ(encoded, wanted);

  const auto parsed = parse_command(encoded);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header.ins, 0x20);
  EXPECT_EQ(parsed->header.p2, 0x80);
  EXPECT_EQ(parsed->data, data);
  EXPECT_EQ(parsed->expected, form.expected);
}

INSTANTIATE_TEST_SUITE_P(Iso7816, CommandForms, testing::ValuesIn(forms),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Command, RefusesWhatCannotBeEncoded) {
  EXPECT_THROW(Command({}, Bytes(65536)), std::invalid_argument);
  EXPECT_THROW(Command({}, Bytes{}, 0), std::invalid_argument);
  EXPECT_THROW(Command({}, Bytes{}, 65537), std::invalid_argument);
  EXPECT_THROW(Command({}, base::Secret()), std::invalid_argument);
  EXPECT_THROW(Command({}, base::Secret(std::string(65, '1'))), std::invalid_argument);
  Bytes small(4);
  EXPECT_THROW(Command({}, hex("01")).encode(small), std::invalid_argument);
}

TEST(Command, SecretIsEncodedButNotDescribed) {
  const Command verify({0x00, 0x20, 0x00, 0x80}, base::Secret("1234"));
  EXPECT_TRUE(verify.secret());
  EXPECT_TRUE(verify.data().empty());
  EXPECT_EQ(encode(verify), hex("002000800431323334"));
  EXPECT_EQ(verify.describe(), "00200080 secret");
  EXPECT_EQ(encode(verify.with_expected(256)), hex("00200080043132333400"));
}

TEST(Command, IsDescribedWithItsData) {
  EXPECT_EQ(Command({0x00, 0xA4, 0x02, 0x0C}, hex("000a")).describe(), "00a4020c Lc=2 000a");
  EXPECT_EQ(Command({0x00, 0xB0, 0x00, 0x00}, {}, 256).describe(), "00b00000 Ne=256");
}

TEST(ParseCommand, RefusesLengthsThatDoNotAddUp) {
  for (const auto* text :
       {"", "00", "002000", "0020008002", "002000800201", "00200080020102030405", "002000800000",
        "0020008000000001", "002000800000020102030405", "00200080000002010203", "00200080000002aa"}) {
    const auto parsed = parse_command(hex(text));
    const bool case_2 = std::string_view(text).size() == 10;  // five bytes are always Le
    EXPECT_EQ(parsed.has_value(), case_2) << text;
  }
}

TEST(ParseCommand, SurvivesAnyBytes) {
  std::mt19937 random(1);  // the same bytes in every run, so that a failure can be repeated
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes(random() % 24);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? 0 : random() % 32);
    const auto parsed = parse_command(bytes);
    if (!parsed) continue;
    ASSERT_LE(parsed->data.size(), bytes.size());
    const auto& head = parsed->header;
    const Bytes again =
        encode(Command({head.cla, head.ins, head.p1, head.p2}, parsed->data, parsed->expected));
    const auto reparsed = parse_command(again);
    ASSERT_TRUE(reparsed);
    EXPECT_EQ(reparsed->data, parsed->data);
    EXPECT_EQ(reparsed->expected, parsed->expected);
  }
}

TEST(ParseResponse, CutsTheStatusOff) {
  const auto response = parse_response(hex("aabb9000"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->data, hex("aabb"));
  EXPECT_TRUE(response->status.ok());
  EXPECT_TRUE(parse_response(hex("6a82"))->data.empty());
}

TEST(ParseResponse, FewerThanTwoBytesIsACardThatVanished) {
  for (const auto* text : {"", "90"}) {
    const auto response = parse_response(hex(text));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, base::Code::card_removed);
  }
}

TEST(StatusWord, KnowsItsCounterAndName) {
  EXPECT_EQ(StatusWord{0x63C3}.counter(), 3);
  EXPECT_EQ(StatusWord{0x63C0}.counter(), 0);
  EXPECT_EQ(StatusWord{0x63CF}.counter(), 15);
  EXPECT_EQ(StatusWord{0x6300}.counter(), std::nullopt);
  EXPECT_EQ(StatusWord{0x9000}.counter(), std::nullopt);
  EXPECT_EQ(to_string(StatusWord{0x6A82}), "6A82");
  EXPECT_EQ(to_string(StatusWord{0x000F}), "000F");
}

}  // namespace
}  // namespace madoguchi::smartcard
