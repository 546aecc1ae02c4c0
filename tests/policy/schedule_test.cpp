// Intervals of a day, and changes found by office and day.
#include "policy/schedule.hpp"

#include <gmock/gmock.h>

#include <random>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Intervals, overlapping_and_touching_ones_are_one) {
  EXPECT_THAT(united({{600, 720}, {510, 600}, {780, 1035}, {800, 900}}),
              ElementsAre(Interval{510, 720}, Interval{780, 1035}));
  EXPECT_THAT(united({{600, 600}, {-1, 5}, {1400, 1441}, {700, 600}}), IsEmpty());
}

TEST(Intervals, a_closure_cuts) {
  EXPECT_THAT(without({{510, 1035}}, {{720, 780}}), ElementsAre(Interval{510, 720}, Interval{780, 1035}));
  EXPECT_THAT(without({{510, 720}, {780, 1035}}, {whole_day}), IsEmpty());
  EXPECT_THAT(without({{510, 720}}, {{0, 510}, {720, 800}}), ElementsAre(Interval{510, 720}));
}

TEST(Intervals, whoever_ends_last_says_until_when_somebody_is_received) {
  EXPECT_THAT(united({{510, 720, 700}, {720, 1035}}), ElementsAre(Interval{510, 1035}));
  EXPECT_THAT(united({{510, 720}, {700, 1035, 1000}}), ElementsAre(Interval{510, 1035, 1000}));
  EXPECT_THAT(united({{510, 1035}, {600, 1035, 990}, {700, 1035, 960}}),
              ElementsAre(Interval{510, 1035, 990}));
  EXPECT_THAT(without({{510, 1035, 1000}}, {{720, 780}}),
              ElementsAre(Interval{510, 720}, Interval{780, 1035, 1000}));
  EXPECT_THAT(without({{510, 1035, 900}}, {{960, 1035}}), ElementsAre(Interval{510, 960, 900}));
  EXPECT_THAT(without({{510, 1035, 1000}}, {{960, 1035}}), ElementsAre(Interval{510, 960}));
}

TEST(Intervals, nothing_is_left_after_the_last_reception) {
  EXPECT_THAT(without({{510, 960, 870}}, {{900, 930}}), ElementsAre(Interval{510, 900, 870}));
  EXPECT_THAT(without({{510, 960, 910}}, {{900, 930}}), ElementsAre(Interval{510, 900})) << "while closed";
  EXPECT_THAT(without({{510, 960, 930}}, {{900, 930}}),
              ElementsAre(Interval{510, 900}, Interval{930, 960, 930}))
      << "in its first minute somebody is";
  EXPECT_THAT(without({{510, 960, 870}}, {{500, 930}}), IsEmpty());
}

TEST(Intervals, agree_with_minutes_counted_one_by_one) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<Interval> open;
    std::vector<Interval> closed;
    std::vector<bool> minutes(1440, false);
    for (auto* list : {&open, &closed}) {
      for (auto n = random() % 4; n > 0; --n) {
        const int from = static_cast<int>(random() % 1440);
        const int to = from + 1 + static_cast<int>(random() % static_cast<unsigned>(1440 - from));
        list->push_back({from, to});
        for (int m = from; m < to; ++m) minutes[static_cast<std::size_t>(m)] = list == &open;
      }
    }
    std::vector<bool> got(1440, false);
    for (const auto i : without(open, closed)) {
      for (int m = i.from; m < i.to; ++m) got[static_cast<std::size_t>(m)] = true;
    }
    ASSERT_EQ(got, minutes);
  }
}

TEST(Schedule, finds_what_every_plugin_says_about_an_office_and_day) {
  const Schedule schedule({{"b", day("2026-02-14"), {{510, 960}}, {}, "one"},
                           {"a", day("2026-02-14"), {{510, 960}}, {}, "two"},
                           {"a", day("2026-02-15"), {}, {whole_day}, "two"},
                           {"a", day("2026-02-14"), {}, {{600, 660}}, "one"}});
  EXPECT_THAT(schedule.on("a", day("2026-02-14")), SizeIs(2));
  EXPECT_EQ(schedule.on("a", day("2026-02-14")).front().source, "one");
  EXPECT_THAT(schedule.on("a", day("2026-02-15")), SizeIs(1));
  EXPECT_THAT(schedule.on("b", day("2026-02-15")), IsEmpty());
  EXPECT_THAT(schedule.on("c", day("2026-02-14")), IsEmpty());
  EXPECT_THAT(Schedule().on("a", day("2026-02-14")), IsEmpty());
}

}  // namespace
}  // namespace madoguchi::policy
