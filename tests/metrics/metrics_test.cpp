#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "metrics/counts.hpp"

namespace madoguchi::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Exposition, IsAsTheFormatSays) {
  Exposition all;
  all.family("a_total", Type::counter, "of a \\ and\na line");
  all.sample({}, std::int64_t{3});
  all.sample({{"name", "a \"quoted\" \\ value\nand more"}, {"b", "c"}}, 0.5);
  all.sample({{"x", "y"}}, std::numeric_limits<double>::infinity());
  EXPECT_EQ(all.text(),
            "# HELP a_total of a \\\\ and\\na line\n"
            "# TYPE a_total counter\n"
            "a_total 3\n"
            "a_total{name=\"a \\\"quoted\\\" \\\\ value\\nand more\",b=\"c\"} 0.5\n"
            "a_total{x=\"y\"} +Inf\n");
}

TEST(Counter, CountsByItsLabels) {
  Counter counter("pins_total", "PINs", {"pin", "outcome"});
  counter.add({"signature", "matched"});
  counter.add({"signature", "matched"});
  counter.add({"authentication", "locked"}, 5);
  Exposition to;
  counter.write(to);
  EXPECT_THAT(to.text(), HasSubstr("pins_total{pin=\"signature\",outcome=\"matched\"} 2\n"));
  EXPECT_THAT(to.text(), HasSubstr("pins_total{pin=\"authentication\",outcome=\"locked\"} 5\n"));
}

TEST(Counter, DoesNotGrowWithoutBound) {
  Counter counter("x_total", "x", {"word"});
  for (int i = 0; i < 1'000; ++i) counter.add({std::to_string(i)});
  counter.add({"0"});
  Exposition to;
  counter.write(to);
  EXPECT_THAT(to.text(), HasSubstr("x_total{word=\"other\"} 744\n"));
  EXPECT_THAT(to.text(), HasSubstr("x_total{word=\"0\"} 2\n"));
}

TEST(Durations, AreCountedInEveryBucketThatHoldsThem) {
  Durations durations("took_seconds", "how long", {"outcome"});
  durations.add({"ok"}, 1ms);
  durations.add({"ok"}, 30ms);
  durations.add({"ok"}, 90s);
  Exposition to;
  durations.write(to);
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_bucket{outcome=\"ok\",le=\"0.001\"} 1\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_bucket{outcome=\"ok\",le=\"0.025\"} 1\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_bucket{outcome=\"ok\",le=\"0.05\"} 2\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_bucket{outcome=\"ok\",le=\"60\"} 2\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_bucket{outcome=\"ok\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_sum{outcome=\"ok\"} 90.031\n"));
  EXPECT_THAT(to.text(), HasSubstr("took_seconds_count{outcome=\"ok\"} 3\n"));
}

}  // namespace
}  // namespace madoguchi::metrics
