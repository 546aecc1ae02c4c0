#include "simulated_card/trace.hpp"

#include <gtest/gtest.h>

#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

TEST(Trace, HidesPins) {
  const auto pin = text("ABC123");
  for (const auto* header : {"0020009B", "0024019B", "002C029B", "8032009C", "0C20009B"}) {
    const auto line = trace_command(command(header, pin));
    EXPECT_EQ(line.find(base::to_hex(pin)), std::string::npos) << line;
    EXPECT_EQ(line.find("[6 bytes hidden]"), 9U) << line;
  }
  // A wrong Lc does not let the value through either.
  auto bytes = hex("0020009B 07");
  bytes.insert(bytes.end(), pin.begin(), pin.end());
  EXPECT_EQ(trace_command(bytes), "0020009b malformed, 11 bytes");
  auto extended = hex("0020009B 000006");
  extended.insert(extended.end(), pin.begin(), pin.end());
  EXPECT_EQ(trace_command(extended), "0020009b [6 bytes hidden]");
}

TEST(Trace, ShowsTheRest) {
  EXPECT_EQ(trace_command(hex("00A4020C 02 000A")), "00a4020c 000a");
  EXPECT_EQ(trace_command(hex("00B00000 00")), "00b00000 le=256");
  EXPECT_EQ(trace_answer(hex("63C2")), "63c2");
  EXPECT_EQ(trace_answer(hex("8F8F00 9000")), "9000 8f8f00");
  EXPECT_EQ(trace_answer(hex("90")), "cut to 90");
}

}  // namespace
}  // namespace madoguchi::simulated_card
