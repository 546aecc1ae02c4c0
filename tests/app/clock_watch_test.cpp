#include "clock_watch.hpp"

#include <gtest/gtest.h>

namespace madoguchi::app {
namespace {

using namespace std::chrono_literals;

// After this program was written: what is earlier no clock can rightly say.
constexpr base::Instant begin{std::chrono::hours(24 * 365 * 60)};

TEST(ClockSteps, SeesNoneWhileBothClocksGoAlike) {
  ClockSteps steps;
  EXPECT_FALSE(steps.look(begin, 100s));
  EXPECT_FALSE(steps.look(begin + 10s, 110s));
  EXPECT_FALSE(steps.look(begin + 3'610s + 400ms, 3'710s));  // asleep for an hour, and slewed
  EXPECT_EQ(steps.health(begin + 3'611s).at("state"), "ok");
}

TEST(ClockSteps, TellsByHowMuchAndInWhichDirection) {
  ClockSteps steps;
  steps.look(begin, 100s);
  EXPECT_EQ(steps.look(begin + 40s, 110s), 30s);
  const auto forward = steps.health(begin + 41s);
  EXPECT_EQ(forward.at("state"), "degraded");
  EXPECT_EQ(forward.at("seconds"), 30);
  EXPECT_EQ(steps.look(begin - 50s, 120s), -100s);
  EXPECT_EQ(steps.health(begin - 50s).at("seconds"), -100);
}

TEST(ClockSteps, IsNotWellWhileItIsBehindWhatWasRecorded) {
  ClockSteps steps;
  steps.look(begin, 100s);
  steps.began_after({{begin + 24h * 365, true}});
  const auto behind = steps.health(begin);
  EXPECT_EQ(behind.at("state"), "degraded");
  EXPECT_EQ(behind.at("why"), "behind");
  EXPECT_EQ(steps.health(begin + 71h).at("why"), "behind");
  EXPECT_EQ(steps.health(begin + 72h).at("state"), "ok");
  steps.began_after({{begin - 1h, true}});
  EXPECT_EQ(steps.health(begin).at("state"), "ok");
}

TEST(ClockSteps, IsNotWellWhileItIsAheadOfWhatWasRecordedUntilItWasUsedOnTwoDays) {
  ClockSteps steps;
  steps.began_after({{begin - 24h * 365 * 3, true}});
  steps.look(begin, 100s);
  const auto ahead = steps.health(begin);
  EXPECT_EQ(ahead.at("state"), "degraded");
  EXPECT_EQ(ahead.at("why"), "ahead");
  EXPECT_EQ(ahead.at("days"), 1095);
  EXPECT_EQ(steps.health(begin + 24h * 100).at("why"), "ahead") << "that it runs shows nothing";
  for (const auto use : {24h * 100, 24h * 100 + 1h, 24h * 103}) {
    EXPECT_EQ(steps.health(begin + use).at("why"), "ahead");
    steps.used(begin + use);
    EXPECT_EQ(steps.health(begin + use).at("why"), "ahead") << "a day counts when it is over";
  }
  EXPECT_EQ(steps.health(begin + 24h * 104).at("state"), "ok");
  EXPECT_EQ(steps.health(begin + 24h * 200).at("state"), "ok") << "a daemon that runs makes no gap";
}

TEST(ClockSteps, AStepOfYearsIsDoubtedUntilItWasUsedOnTwoDays) {
  ClockSteps steps;
  steps.look(begin, 100s);
  for (const auto use : {0h, 24h, 48h}) steps.used(begin + use);
  EXPECT_FALSE(steps.look(begin + 49h, 100s + 49h));
  const auto later = begin + 24h * 365 * 3;
  steps.look(later, 110s + 49h);
  EXPECT_EQ(steps.health(later + 23h).at("why"), "jumped");
  EXPECT_EQ(steps.health(later + 25h).at("why"), "ahead");
  EXPECT_EQ(steps.health(later + 24h * 9).at("why"), "ahead") << "what was used is the clock of before";
  for (const auto use : {24h * 7, 24h * 8}) steps.used(later + use);
  EXPECT_EQ(steps.health(later + 24h * 9).at("state"), "ok");
}

TEST(ClockSteps, IsForgottenAfterADay) {
  ClockSteps steps;
  steps.look(begin, 100s);
  steps.look(begin + 40s, 110s);
  EXPECT_EQ(steps.health(begin + 23h).at("state"), "degraded");
  EXPECT_EQ(steps.health(begin + 25h).at("state"), "ok");
}

}  // namespace
}  // namespace madoguchi::app
