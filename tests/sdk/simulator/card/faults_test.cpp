#include "simulated_card/faults.hpp"

#include <gtest/gtest.h>

#include "test_card.hpp"

namespace madoguchi::simulated_card {
namespace {

const auto select = hex("00A4040C 02 0001");
const auto verify = hex("00200098 04 31323334");

TEST(Faults, StrikeTheNthCommand) {
  FaultPlan plan;
  ASSERT_TRUE(plan.arm("vanish-before:count=2"));
  EXPECT_FALSE(plan.next(select).vanish_before);
  EXPECT_TRUE(plan.next(select).vanish_before);
  EXPECT_FALSE(plan.next(select).vanish_before);
  EXPECT_TRUE(plan.armed().empty());
}

TEST(Faults, StrikeByInstruction) {
  FaultPlan plan;
  ASSERT_TRUE(plan.arm("vanish-after:ins=20,count=2"));
  EXPECT_FALSE(plan.next(verify).vanish_after);
  EXPECT_FALSE(plan.next(select).vanish_after);
  EXPECT_TRUE(plan.next(verify).vanish_after);
}

TEST(Faults, HappenAsOftenAsWished) {
  FaultPlan plan;
  ASSERT_TRUE(plan.arm("delay:ms=5,times=2"));
  ASSERT_TRUE(plan.arm("status:sw=6F00,ins=A4,times=0"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(plan.next(verify).delay.count(), 5);
  EXPECT_EQ(plan.next(verify).delay.count(), 0);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(plan.next(select).status, 0x6F00);
}

TEST(Faults, TearTheWriteThatCoversTheByte) {
  FaultPlan plan;
  ASSERT_TRUE(plan.arm("torn-write:byte=300"));
  const base::Bytes data(255, 1);
  EXPECT_FALSE(plan.next(command("00D60000", data)).disturbance.cut_write);
  const auto verdict = plan.next(command("00D600FF", data));
  EXPECT_EQ(verdict.disturbance.cut_write, 300U - 255U);
  EXPECT_TRUE(verdict.vanish_after);
  EXPECT_FALSE(plan.next(command("00D600FF", data)).disturbance.cut_write);
}

TEST(Faults, WriteAndKeyFailuresKnowTheirCommands) {
  FaultPlan plan;
  ASSERT_TRUE(plan.arm("write-failure"));
  ASSERT_TRUE(plan.arm("keygen-failure"));
  EXPECT_FALSE(plan.next(select).disturbance.refuse_write);
  EXPECT_TRUE(plan.next(hex("00468000 05 A403840117 00")).disturbance.refuse_key);
  EXPECT_TRUE(plan.next(hex("00D60000 01 00")).disturbance.refuse_write);
}

TEST(Faults, MuteLastsUntilCleared) {
  FaultPlan plan;
  EXPECT_FALSE(plan.mute());
  ASSERT_TRUE(plan.arm("mute"));
  plan.next(select);
  EXPECT_TRUE(plan.mute());
  plan.clear();
  EXPECT_FALSE(plan.mute());
}

TEST(Faults, RefuseWhatTheyDoNotUnderstand) {
  FaultPlan plan;
  for (const auto* spec :
       {"", "explode", "delay", "delay:ms", "delay:ms=x", "delay:ms=5,when=now", "torn-write",
        "truncate:keep=0", "status:sw=10000", "vanish-before:count=0", "vanish-before:ins=100"}) {
    EXPECT_FALSE(plan.arm(spec)) << spec;
  }
  EXPECT_TRUE(plan.armed().empty());
}

}  // namespace
}  // namespace madoguchi::simulated_card
