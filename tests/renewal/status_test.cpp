// After an unclear confirmation the authority's word about the new certificate says what becomes of the old
// one.
#include <gtest/gtest.h>

#include "model.hpp"
#include "renewal/case.hpp"
#include "renewal/codec.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::renewal {
namespace {

using authority::Standing;
using model::World;

constexpr Offers offers_status{.status = true};

template <class S>
bool is(const Step& step) {
  return std::holds_alternative<S>(step);
}

class StatusInBothLayouts : public testing::TestWithParam<bool> {
 protected:
  StatusInBothLayouts() : saga(model::fresh_saga(world, GetParam())) {
    while (saga.phase != Phase::confirming) take(next(saga, world.now));
    saga = apply(saga, {Happening::confirmation_unclear, {}, {}, {}}).value();
  }
  void take(const Step& step) { saga = apply(saga, model::act(world, saga, step)).value(); }
  void hear(const Event& event) { saga = apply(saga, event).value(); }
  void in_vain() { hear(status_unanswered(base::make_fault(base::Code::authority_unreachable, "away"))); }
  // Stored and read again, as after each step.
  Saga read_back() {
    Case visit;
    visit.state = State::issuing;
    visit.sagas = {saga};
    return from_stored(to_stored(visit)).value().sagas.at(0);
  }
  void run() {
    while (!saga.ended()) take(next(saga, world.now, offers_status));
  }

  World world;
  Saga saga;
};
INSTANTIATE_TEST_SUITE_P(Layouts, StatusInBothLayouts, testing::Bool(),
                         [](const auto& layout) { return layout.param ? "spare_slot" : "single_slot"; });

TEST_P(StatusInBothLayouts, is_asked_for_by_nobody_where_it_is_offered) {
  const auto step = next(saga, world.now, offers_status);
  EXPECT_TRUE(is<AskStatus>(step));
  EXPECT_TRUE(needs_nobody(step));
  EXPECT_FALSE(needs_card(step));
  EXPECT_TRUE(is<SkipRevocation>(next(saga, world.now))) << "where it is not";
}

TEST_P(StatusInBothLayouts, good_is_as_confirmed) {
  hear(judge_standing(Standing::good));
  EXPECT_FALSE(saga.confirmation_unclear);
  run();
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_TRUE(world.ca.revoked.contains(saga.old_certificate));
  EXPECT_FALSE(saga.revocation_unclear);
}

TEST_P(StatusInBothLayouts, unknown_leaves_the_old_certificate_to_a_person) {
  hear(judge_standing(Standing::unknown));
  saga = read_back();
  EXPECT_FALSE(is<AskStatus>(next(saga, world.now, offers_status))) << "not again";
  run();
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_TRUE(world.ca.revoked.empty());
  EXPECT_TRUE(saga.confirmation_unclear);
  EXPECT_TRUE(saga.revocation_unclear);
}

TEST_P(StatusInBothLayouts, revoked_ends_without_a_further_word_to_the_authority) {
  hear(judge_standing(Standing::revoked));
  saga = read_back();
  ASSERT_EQ(saga.phase, Phase::failed);
  EXPECT_EQ(saga.failure->remedy, Remedy::revoked_there);
  EXPECT_TRUE(world.ca.revoked.empty());
  EXPECT_TRUE(saga.revocation_unclear);
  EXPECT_FALSE(restart_of(saga));
  EXPECT_TRUE(lets_the_next_go_on(saga));
  Case visit;
  visit.state = State::issuing;
  visit.sagas = {saga};
  settle_after_run(visit, base::make_fault(base::Code::authority_rejected));
  EXPECT_EQ(visit.state, State::attention);
  EXPECT_TRUE(may_cancel(visit));
  EXPECT_FALSE(waits_for_authority(visit, world.now));
}

TEST_P(StatusInBothLayouts, that_nobody_tells_is_asked_for_so_often_and_then_withheld) {
  EXPECT_FALSE(lets_the_next_go_on(saga));
  for (int tries = 0; tries < max_status_unanswered; ++tries) {
    ASSERT_TRUE(is<AskStatus>(next(saga, world.now, offers_status))) << tries;
    in_vain();
    saga = read_back();
    EXPECT_EQ(saga.phase, Phase::confirmed);
    EXPECT_FALSE(saga.failure);
    EXPECT_TRUE(lets_the_next_go_on(saga)) << "the card is done";
  }
  run();
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_TRUE(world.ca.revoked.empty());
  EXPECT_TRUE(saga.revocation_unclear);
}

TEST_P(StatusInBothLayouts, that_comes_late_still_counts) {
  in_vain();
  in_vain();
  hear(judge_standing(Standing::good));
  run();
  EXPECT_TRUE(world.ca.revoked.contains(saga.old_certificate));
  EXPECT_FALSE(saga.confirmation_unclear);
}

TEST(Status, is_not_asked_for_where_the_confirmation_is_clear) {
  World world;
  auto saga = model::fresh_saga(world, true);
  while (!saga.ended()) {
    const auto step = next(saga, world.now, offers_status);
    EXPECT_FALSE(is<AskStatus>(step));
    saga = apply(saga, model::act(world, saga, step)).value();
  }
  EXPECT_TRUE(world.ca.revoked.contains(saga.old_certificate));
}

TEST(Status, matters_also_where_the_old_certificate_has_ended) {
  World world;
  auto saga = model::fresh_saga(world, true, "2025-04-10");
  while (saga.phase != Phase::confirming) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  saga = apply(saga, {Happening::confirmation_unclear, {}, {}, {}}).value();
  ASSERT_TRUE(is<AskStatus>(next(saga, world.now, offers_status)));
  saga = apply(saga, judge_standing(Standing::good)).value();
  saga = apply(saga, model::act(world, saga, next(saga, world.now, offers_status))).value();
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_FALSE(saga.confirmation_unclear);
  EXPECT_FALSE(saga.revocation_unclear);
}

}  // namespace
}  // namespace madoguchi::renewal
