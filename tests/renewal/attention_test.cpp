// Whatever went wrong, the case goes on or ends, and the words say which.
#include <gtest/gtest.h>

#include "model.hpp"
#include "renewal/case.hpp"

namespace madoguchi::renewal {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

class AttentionInBothLayouts : public testing::TestWithParam<Slot> {};
INSTANTIATE_TEST_SUITE_P(Layouts, AttentionInBothLayouts, testing::Values(Slot::spare, Slot::active),
                         [](const auto& slot) {
                           return slot.param == Slot::spare ? "spare_slot" : "single_slot";
                         });

TEST_P(AttentionInBothLayouts, no_failure_is_a_dead_end_and_the_words_name_the_way_on) {
  std::set<std::string> words;
  for (const auto remedy :
       {Remedy::ask, Remedy::same_key, Remedy::another_key, Remedy::write_again, Remedy::renewed_elsewhere,
        Remedy::issue_anew, Remedy::no_subject, Remedy::revoked_there, Remedy::another_size}) {
    SCOPED_TRACE(name(remedy));
    Case visit;
    visit.state = State::issuing;
    Saga saga;
    saga.slot = GetParam();
    saga.phase = Phase::failed;
    saga.key = {1};
    saga.failure = Failure{base::Code::authority_rejected, "", remedy};
    visit.sagas = {saga};
    settle_after_run(visit, base::make_fault(base::Code::authority_rejected));
    ASSERT_EQ(visit.state, State::attention);
    const auto& look = visit.attention.value();
    words.insert(look.look_en);
    const bool goes_on = restart_of(saga).has_value();
    EXPECT_TRUE(goes_on || may_cancel(visit));
    EXPECT_EQ(contains(look.look_ja, "「発行」"), goes_on);
    EXPECT_EQ(contains(look.look_en, "ssuing again"), goes_on);
    EXPECT_TRUE(may_cancel(visit, true));
    // Whoever is told to have the card replaced is told how the case ends.
    if (!goes_on || contains(look.look_en, "card replaced")) {
      EXPECT_TRUE(contains(look.look_ja, "取り消し"));
      EXPECT_TRUE(contains(look.look_en, "ancel this case"));
    }
  }
  EXPECT_EQ(words.size(), 9u) << "each its own";
}

TEST(Attention, nobody_is_told_that_a_key_is_lost_that_may_still_be_there) {
  model::World world;
  auto saga = model::fresh_saga(world, false);
  while (saga.phase != Phase::key_intended)
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
  const auto fault = base::make_fault(base::Code::card_removed);
  const auto unknown = attention_after({saga}, fault).value();
  EXPECT_FALSE(contains(unknown.look_en, "lost its old key"));
  EXPECT_TRUE(contains(unknown.look_en, "whether the card still has its old key"));
  EXPECT_FALSE(contains(unknown.look_ja, "失っており"));
  EXPECT_TRUE(contains(unknown.look_en, "cancel this case as one whose card is gone"));
  saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  ASSERT_EQ(saga.phase, Phase::key_intended) << "looked at, it was still there";
  EXPECT_FALSE(attention_after({saga}, fault));
}

// The words stay with the case, whatever the day.
TEST(Attention, a_look_that_only_the_day_of_the_reception_allows_is_promised_for_no_other) {
  for (const auto& key : {base::Bytes(), base::Bytes{1}}) {
    Saga saga;
    saga.slot = Slot::spare;  // a single slot's old key may be at stake: that goes on on any day
    saga.key = key;
    saga.phase = Phase::failed;
    saga.failure = Failure{base::Code::conflict, "", Remedy::renewed_elsewhere};
    const auto look = attention_after({saga}, base::make_fault(base::Code::conflict)).value();
    EXPECT_TRUE(contains(look.look_en, "issuing again on the day of the reception"));
    EXPECT_TRUE(contains(look.look_en, "On a later day, open another case"));
    EXPECT_TRUE(contains(look.look_ja, "受付をした当日に限り"));
    EXPECT_FALSE(contains(look.look_ja, "本日"));
  }
}

// A key of the case's own, one that was about to be made, and the next after one that was given up.
TEST(Attention, whoever_may_have_cost_a_card_its_only_key_is_not_told_that_nothing_was_changed) {
  for (const auto& [key, before] : {std::pair<base::Bytes, base::Bytes>{{1}, {}}, {{}, {2}}, {{1}, {2}}}) {
    SCOPED_TRACE(testing::Message() << key.size() << before.size());
    Saga saga;
    saga.key = key;
    saga.key_before = before;
    saga.phase = Phase::failed;
    saga.failure = Failure{base::Code::conflict, "", Remedy::renewed_elsewhere};
    const auto look = attention_after({saga}, base::make_fault(base::Code::conflict)).value();
    EXPECT_FALSE(contains(look.look_en, "this case changes nothing"));
    EXPECT_FALSE(contains(look.look_en, "on the day of the reception"));
    EXPECT_TRUE(contains(look.look_en, "Where the card has no pair that works it cannot be cancelled"));
    EXPECT_FALSE(contains(look.look_ja, "当日に限り"));
    EXPECT_TRUE(contains(look.look_ja, "使える鍵と証明書がないときは取り消せません"));
  }
}

TEST(Attention, a_certificate_that_is_too_large_is_no_reason_to_try_at_once) {
  for (const auto slot : {Slot::spare, Slot::active}) {
    Saga saga;
    saga.slot = slot;
    saga.phase = Phase::failed;
    saga.key = {1};
    saga.failure = Failure{base::Code::authority_mismatch, "", Remedy::another_size};
    const auto look = attention_after({saga}, base::make_fault(base::Code::authority_mismatch)).value();
    EXPECT_TRUE(contains(look.look_en, "too large for the card"));
    EXPECT_TRUE(contains(look.look_en, "issuing again comes to the same end"));
    EXPECT_TRUE(contains(look.look_ja, "同じ結果"));
    EXPECT_EQ(restart_of(saga), Happening::restarted_anew);
  }
}

TEST(Attention, a_single_slot_that_lost_its_key_is_told_of_whatever_stops_the_next_try) {
  model::World world;
  world.ca.to_spoil = 1;
  auto saga = model::fresh_saga(world, false);
  const auto act = [&] { saga = apply(saga, model::act(world, saga, next(saga, world.now))).value(); };
  const auto stopped = [&] {
    Case visit;
    visit.state = State::issuing;
    visit.sagas = {saga};
    settle_after_run(visit, base::make_fault(base::Code::authority_unreachable));
    return visit;
  };
  while (saga.phase != Phase::failed) {
    const bool gone = saga.phase == Phase::key_unknown || !saga.key.empty();
    EXPECT_EQ(stopped().attention.has_value(), gone) << "the first time round: " << name(saga.phase);
    act();
  }
  saga = apply(saga, {restart_of(saga).value(), {}, {}, {}}).value();
  for (const auto phase : {Phase::planned, Phase::key_intended, Phase::key_made, Phase::enrolling,
                           Phase::write_intended, Phase::written}) {
    while (saga.phase != phase) act();
    const auto visit = stopped();
    EXPECT_EQ(visit.state, State::attention) << name(phase);
    ASSERT_TRUE(visit.attention) << name(phase);
    EXPECT_EQ(visit.attention->code, base::Code::authority_unreachable);
    EXPECT_TRUE(contains(visit.attention->look_en, "lost its old key"));
    EXPECT_FALSE(may_cancel(visit));
    EXPECT_TRUE(contains(visit.attention->look_en, "cancel this case as one whose card is gone"));
    EXPECT_TRUE(may_cancel(visit, true));
  }
  while (saga.phase != Phase::in_use) act();
  EXPECT_FALSE(stopped().attention);
}

}  // namespace
}  // namespace madoguchi::renewal
