#include "refusal_notes.hpp"

#include <gtest/gtest.h>

namespace madoguchi::rpc {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(RefusalNotes, TellKindsApartUpToABound) {
  RefusalNotes notes;
  const RefusalNotes::Time now{};
  int written = 0;
  for (std::uint32_t uid = 0; uid < 100; ++uid) {
    for (int i = 0; i < 100; ++i) written += notes.write(now, uid, "cases.get") ? 1 : 0;
  }
  EXPECT_EQ(written, 16 * 10);
  EXPECT_TRUE(notes.counting());
  std::int64_t counted = 0;
  const auto all = notes.settle_all();
  EXPECT_EQ(all.size(), 17U);
  for (const auto& more : all) counted += more.count;
  EXPECT_EQ(written + counted, 100 * 100) << "none is lost";
  EXPECT_TRUE(all.back().method.empty());
  EXPECT_FALSE(notes.counting());
}

TEST(RefusalNotes, BeginAnewWhenTheirTimeIsOver) {
  RefusalNotes notes;
  RefusalNotes::Time now{};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(notes.write(now, 1, "a"));
  EXPECT_FALSE(notes.counting()) << "all of them are written";
  now += minutes(1);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(notes.write(now, 1, "a"));
  EXPECT_FALSE(notes.write(now, 1, "a"));
  EXPECT_TRUE(notes.settle(now + seconds(59)).empty());
  const auto all = notes.settle(now + minutes(1));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].uid, 1U);
  EXPECT_EQ(all[0].method, "a");
  EXPECT_EQ(all[0].count, 1);
}

}  // namespace
}  // namespace madoguchi::rpc
