#include "audit/refusals.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace madoguchi::audit {
namespace {

using namespace std::chrono_literals;

const base::Actor outsider{.uid = 1007, .role = {}, .staff = {}};

TEST(Refusals, the_first_is_an_entry_and_the_others_are_counted) {
  Refusals refusals;
  const auto first = refusals.refused(at(0), outsider, "");
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].what(), "access.connection_refused");
  EXPECT_EQ(first[0].get(Field::uid), "1007");
  for (int i = 1; i <= 5000; ++i) EXPECT_TRUE(refusals.refused(at(i), outsider, "").empty());
  EXPECT_TRUE(refusals.settle(at(5001)).empty());
  const auto counted = refusals.settle(at(0) + 10min);
  ASSERT_EQ(counted.size(), 1U);
  EXPECT_EQ(counted[0].get(Field::count), "5000");
  EXPECT_TRUE(refusals.settle(at(0) + 20min).empty());
  EXPECT_FALSE(refusals.counting());
}

TEST(Refusals, tells_methods_and_callers_apart) {
  Refusals refusals;
  EXPECT_EQ(refusals.refused(at(0), outsider, "policy.reload").front().get(Field::method), "policy.reload");
  EXPECT_EQ(refusals.refused(at(1), outsider, "audit.query").size(), 1U);
  EXPECT_EQ(refusals.refused(at(2), {.uid = 1008, .role = "display", .staff = {}}, "audit.query").size(), 1U);
  EXPECT_EQ(refusals.refused(at(3), outsider, "audit.query").size(), 0U);
}

// However inventive somebody is, a window has a bounded number of entries.
TEST(Refusals, nobody_fills_the_disk) {
  Refusals refusals({.window = 10min, .kinds = 16});
  std::size_t written = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    written +=
        refusals.refused(at(i), {.uid = i, .role = {}, .staff = {}}, "m" + std::to_string(i % 50)).size();
  }
  EXPECT_EQ(written, 16U);
  const auto rest = refusals.settle_all(at(20'000));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].what(), "access.others_refused");
  EXPECT_EQ(rest[0].get(Field::count), "19984");
}

TEST(Refusals, a_clock_set_back_ends_the_window) {
  Refusals refusals;
  refusals.refused(at(0), outsider, "");
  refusals.refused(at(1), outsider, "");
  EXPECT_EQ(refusals.settle(at(0) - 1h).size(), 1U);
}

}  // namespace
}  // namespace madoguchi::audit
