// A card with a single slot whose old key is gone, and which has not got a new one.
#include <gtest/gtest.h>

#include "model.hpp"
#include "renewal/case.hpp"

namespace madoguchi::renewal {
namespace {

using model::World;

class EmptiedSlot : public testing::Test {
 protected:
  void act() { saga = apply(saga, model::act(world, saga, next(saga, world.now))).value(); }
  void until(Phase phase) {
    for (int steps = 0; saga.phase != phase; ++steps) {
      if (steps > 100) throw std::runtime_error("the saga does not come there");
      act();
    }
  }
  // The card is taken away in the middle of the command: the old key is gone, and there is no new one.
  void lose_the_key() {
    until(Phase::key_intended);
    world.card.key.erase(Slot::active);
    saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
    act();
    ASSERT_EQ(saga.phase, Phase::key_intended);
  }
  void expect_lost() const {
    EXPECT_FALSE(nothing_lost(saga));
    EXPECT_TRUE(begun(saga));
    expect_told(saga);
    // The day that its key is made on decides about it, and does not make the loss undone.
    const auto left = apply(saga, put_off(saga).value()).value();
    EXPECT_EQ(left.phase, Phase::planned);
    EXPECT_TRUE(key_to_be_made(left));
    EXPECT_FALSE(nothing_lost(left));
    EXPECT_TRUE(begun(left));
    expect_told(left);
  }
  static void expect_told(const Saga& saga) {
    Case visit;
    visit.state = State::issuing;
    visit.sagas = {saga};
    settle_after_run(visit, base::make_fault(base::Code::pin_required));
    EXPECT_EQ(visit.state, State::attention);
    EXPECT_NE(visit.attention.value().look_en.find("has lost its old key"), std::string::npos);
    EXPECT_FALSE(may_cancel(visit));
    EXPECT_TRUE(may_cancel(visit, true));
  }

  World world;
  Saga saga = model::fresh_saga(world, false);
};

TEST_F(EmptiedSlot, is_a_lost_key_however_often_it_is_interrupted_and_gets_another) {
  for (int times = 0; times < 3; ++times) {
    lose_the_key();
    expect_lost();
  }
  until(Phase::done);
  EXPECT_EQ(world.card.generated, 1u);
}

TEST_F(EmptiedSlot, does_not_forget_the_key_of_this_cases_own_that_it_held) {
  world.ca.to_spoil = 1;
  until(Phase::failed);
  saga = apply(saga, {restart_of(saga).value(), {}, {}, {}}).value();
  world.card.key.erase(Slot::active);
  until(Phase::key_intended);
  expect_lost();
  lose_the_key();
  expect_lost();
  until(Phase::done);
}

TEST_F(EmptiedSlot, that_is_left_to_another_day_gets_its_key_then) {
  for (int days = 0; days < 2; ++days) {
    lose_the_key();
    saga = apply(saga, put_off(saga).value()).value();
  }
  until(Phase::done);
  EXPECT_EQ(world.card.generated, 1u);
}

TEST_F(EmptiedSlot, that_shows_its_key_after_all_has_lost_nothing) {
  const auto key = world.card.key.at(Slot::active);
  lose_the_key();
  world.card.key[Slot::active] = key;
  saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
  act();
  EXPECT_TRUE(nothing_lost(saga));
  EXPECT_TRUE(put_off(saga));
}

TEST_F(EmptiedSlot, that_was_empty_when_the_case_began_has_lost_nothing_by_it) {
  world.card.key.erase(Slot::active);
  lose_the_key();
  EXPECT_TRUE(nothing_lost(saga));
  EXPECT_TRUE(put_off(saga));
}

}  // namespace
}  // namespace madoguchi::renewal
