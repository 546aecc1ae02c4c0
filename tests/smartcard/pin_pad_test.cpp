#include "smartcard/pin_pad.hpp"

#include <gtest/gtest.h>
#include <reader.h>

#include <cstddef>
#include <cstring>

namespace madoguchi::smartcard {
namespace {

using base::Code;

constexpr Command::Header verify{.cla = 0x00, .ins = 0x20, .p1 = 0x00, .p2 = 0x80};

std::string hex(const base::Bytes& bytes) {
  return base::to_hex(bytes);
}

// As GnuPG and OpenSC build it for libccid: min and max in the computer's own order.
TEST(PinPad, a_pin_of_four_digits_byte_by_byte) {
  EXPECT_EQ(hex(verify_structure({verify, 4, 4, std::chrono::seconds(30)})),
            "1e0a"        // seconds until it gives up
            "82"          // bytes, behind Lc, left, ASCII
            "0400"        // four bytes, no length field
            "0404"        // at most and at least
            "03"          // ends by key or when full
            "ff110400"    // its own messages, in Japanese
            "000000"      // T=1 prologue
            "09000000"    // of the command:
            "0020008004"  // VERIFY
            "ffffffff");
}

TEST(PinPad, a_pin_whose_length_is_open_grows_in_the_command) {
  const auto bytes = verify_structure({verify, 6, 16, std::chrono::seconds(1000)});
  EXPECT_EQ(hex(bytes),
            "ff0a"
            "82"
            "0000"
            "1006"
            "02"
            "ff110400"
            "000000"
            "05000000"
            "0020008000");
}

// The same seen through PC/SC-Lite's own declaration.
TEST(PinPad, is_what_the_systems_header_declares) {
  const auto bytes = verify_structure({verify, 4, 4, std::chrono::seconds(30)});
  PIN_VERIFY_STRUCTURE seen{};
  ASSERT_GE(bytes.size(), sizeof(seen));
  std::memcpy(&seen, bytes.data(), sizeof(seen));
  EXPECT_EQ(seen.bTimerOut, 30);
  EXPECT_EQ(static_cast<int>(seen.wPINMaxExtraDigit), 0x0404);
  EXPECT_EQ(static_cast<int>(seen.wLangId), 0x0411);
  EXPECT_EQ(static_cast<std::size_t>(seen.ulDataLength), bytes.size() - sizeof(seen));
}

TEST(PinPad, is_found_among_a_readers_features) {
  const auto code = [](const char* features) { return verify_direct_code(*base::from_hex(features)); };
  EXPECT_EQ(code("120442330012"
                 "060442330006"),
            0x42330006U);
  for (const char* none :
       {"", "070442330007", "06", "0604423300", "06034233000607", "0605423300061204423300120600"}) {
    EXPECT_EQ(code(none), std::nullopt) << none;
  }
}

TEST(PinPad, says_by_itself_why_nothing_was_sent) {
  const auto said = [](std::uint16_t word) { return not_entered({word}); };
  EXPECT_EQ(said(0x6400)->code, Code::pin_timeout);
  EXPECT_EQ(said(0x6401)->code, Code::pin_cancelled);
  EXPECT_EQ(said(0x6403)->code, Code::pin_malformed);
  EXPECT_EQ(said(0x6B80)->code, Code::conflict);
  EXPECT_EQ(said(0x6B80)->details.at("cannot"), "pinpad");
  for (const std::uint16_t cards :
       std::initializer_list<std::uint16_t>{0x9000, 0x63C2, 0x6983, 0x6984, 0x6982, 0x6402}) {
    EXPECT_FALSE(said(cards)) << cards;
  }
}

}  // namespace
}  // namespace madoguchi::smartcard
