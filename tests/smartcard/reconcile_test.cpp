#include "smartcard/reconcile.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "listener.hpp"

namespace madoguchi::smartcard {
namespace {

using Kind = ReaderEvent::Kind;

std::string text(const std::vector<ReaderEvent>& events) {
  static constexpr const char* names[] = {"+", "-", "in", "out", "down", "up"};
  std::string all;
  for (const auto& event : events) all += event.reader + names[static_cast<int>(event.kind)] + " ";
  return all;
}

Observation empty(std::uint16_t counter) {
  return {.present = false, .mute = false, .counter = counter, .atr = {}};
}
Observation card(std::uint16_t counter) {
  return {.present = true, .mute = false, .counter = counter, .atr = {}};
}

Observation lost(Observation seen) {
  seen.losses = 1;
  return seen;
}

TEST(Reconcile, TellsWhatHappened) {
  const std::pair<std::pair<Snapshot, Snapshot>, const char*> cases[] = {
      {{{}, {}}, ""},
      {{{}, {{"A", empty(0)}}}, "A+ "},
      {{{}, {{"A", card(1)}}}, "A+ Ain "},
      {{{{"A", card(1)}}, {}}, "Aout A- "},
      {{{{"A", empty(0)}}, {{"A", card(1)}}}, "Ain "},
      {{{{"A", card(1)}}, {{"A", empty(2)}}}, "Aout "},
      {{{{"A", card(1)}}, {{"A", card(1)}}}, ""},
      {{{{"A", card(1)}}, {{"A", card(3)}}}, "Aout Ain "},
      {{{{"A", empty(2)}}, {{"A", empty(4)}}}, "Ain Aout "},
      {{{{"A", card(65535)}}, {{"A", card(1)}}}, "Aout Ain "},
      {{{{"A", empty(2)}}, {{"A", card(5)}}}, "Ain "},
      {{{{"A", card(1)}}, {{"A", lost(card(1))}}}, "Aout Ain "},
      {{{{"A", lost(card(1))}}, {{"A", lost(card(1))}}}, ""},
      {{{{"A", card(1)}}, {{"A", lost(empty(2))}}}, "Aout "},
      {{{{"A", card(1)}}, {{"B", card(1)}}}, "Aout A- B+ Bin "},
      {{{{"A", empty(0)}, {"C", card(1)}}, {{"A", card(1)}, {"B", empty(0)}}}, "Cout C- Ain B+ "},
  };
  for (const auto& [snapshots, wanted] : cases) {
    EXPECT_EQ(text(reconcile(snapshots.first, snapshots.second)), wanted);
  }
}

TEST(Reconcile, AMuteCardIsACard) {
  const Snapshot before{{"A", empty(0)}};
  const Snapshot after{{"A", {.present = true, .mute = true, .counter = 1, .atr = {}}}};
  EXPECT_EQ(text(reconcile(before, after)), "Ain ");
}

bool agree(const Listener& listener, const Snapshot& snapshot) {
  std::map<std::string, bool> cards;
  for (const auto& [reader, observation] : snapshot) cards[reader] = observation.present;
  return listener.cards == cards;
}

// A desk with readers at which things happen faster than anybody looks.
class Desk {
 public:
  explicit Desk(unsigned seed) : random_(seed) {}

  void happen() {
    const std::string reader(1, static_cast<char>('A' + random_() % 4));
    const auto found = readers.find(reader);
    if (found == readers.end()) {
      readers[reader] = {.present = false,
                         .mute = false,
                         .counter = static_cast<std::uint16_t>(random_() % 2 ? 0 : 65534),
                         .atr = {}};
    } else if (random_() % 8 == 0) {
      if (found->second.present) card_left.insert(reader);
      readers.erase(found);
    } else {
      if (found->second.present) card_left.insert(reader);
      found->second.present = !found->second.present;
      ++found->second.counter;
    }
  }
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  Snapshot readers;
  std::set<std::string> card_left;  // since it was last cleared

 private:
  std::mt19937 random_;
};

class RandomSequences : public testing::TestWithParam<unsigned> {};

TEST_P(RandomSequences, LoseNothingAndDoubleNothing) {
  Desk desk(GetParam());
  Listener listener;
  Snapshot seen;
  for (int look = 0; look < 2000; ++look) {
    const Snapshot before = desk.readers;
    desk.card_left.clear();
    listener.removed.clear();
    for (unsigned steps = desk.pick(5); steps > 0; --steps) desk.happen();

    for (const auto& event : reconcile(seen, desk.readers)) listener.hear(event);
    ASSERT_TRUE(agree(listener, desk.readers));
    ASSERT_FALSE(HasFailure());
    ASSERT_TRUE(reconcile(desk.readers, desk.readers).empty());
    // R2: a card that was there and left is never missed, unless its reader was exchanged for one with the
    // same counter, which no snapshot can show.
    for (const auto& [reader, observation] : before) {
      const auto now = desk.readers.find(reader);
      const bool shows = now == desk.readers.end() || now->second.counter != observation.counter;
      if (observation.present && desk.card_left.contains(reader) && shows) {
        ASSERT_TRUE(listener.removed.contains(reader)) << reader;
      }
    }
    seen = desk.readers;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSequences, testing::Range(1U, 9U));

}  // namespace
}  // namespace madoguchi::smartcard
