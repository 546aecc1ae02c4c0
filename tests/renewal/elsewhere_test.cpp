// A case that slept while another counter renewed the same card.
#include <gtest/gtest.h>

#include "model.hpp"
#include "renewal/case.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::renewal {
namespace {

using model::World;

enum class Cut { before, after };

Saga read_back_from_store(Saga saga) {
  if (saga.phase == Phase::key_intended || saga.phase == Phase::activation_intended) {
    saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
  }
  return saga;
}

void finish(World& world, Saga& saga) {
  for (int steps = 0; !saga.ended(); ++steps) {
    if (steps > 100) throw std::runtime_error("the saga does not end");
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
}

// Goes on until step number `at`, which is taken or not, but never recorded. False: it ended before.
bool sleep_at(World& world, Saga& saga, int at, Cut cut) {
  for (int step = 0; step < at; ++step) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
    if (saga.ended()) return false;
  }
  if (cut == Cut::after) model::act(world, saga, next(saga, world.now));
  return true;
}

class Elsewhere : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Layouts, Elsewhere, testing::Bool(),
                         [](const auto& layout) { return layout.param ? "spare_slot" : "single_slot"; });

TEST_P(Elsewhere, the_other_counters_pair_stays_in_use_wherever_this_case_slept) {
  std::set<Phase> slept_in;
  for (int at = 0; at < 30; ++at) {
    for (const Cut cut : {Cut::before, Cut::after}) {
      SCOPED_TRACE(testing::Message() << "step " << at << (cut == Cut::before ? " before" : " after"));
      World world;
      auto sleeper = model::fresh_saga(world, GetParam());
      if (!sleep_at(world, sleeper, at, cut)) continue;
      // Once the card is known to hold this case's pair, it is another's business what replaces that.
      if (sleeper.phase >= Phase::in_use) continue;
      slept_in.insert(sleeper.phase);
      world.now += std::chrono::hours(24 * 7);

      auto other = model::saga_for_the_card_as_it_is(world, GetParam());
      finish(world, other);
      ASSERT_EQ(other.phase, Phase::done);
      const auto card = world.card.certificate;
      const auto keys_made = world.card.generated;

      sleeper = read_back_from_store(sleeper);
      finish(world, sleeper);
      EXPECT_EQ(world.card.certificate.at(Slot::active), other.new_certificate);
      EXPECT_EQ(world.card.key.at(Slot::active), other.key);
      EXPECT_EQ(world.card.certificate, card) << "nothing was written";
      EXPECT_EQ(world.card.generated, keys_made) << "no key was made";
      EXPECT_FALSE(world.ca.revoked.contains(other.new_certificate));
      ASSERT_EQ(sleeper.phase, Phase::failed);
      EXPECT_EQ(sleeper.failure->remedy, Remedy::renewed_elsewhere);
      EXPECT_TRUE(looks_before_restart(sleeper));
      const Sight seen{card.at(Slot::active), world.card.key.at(sleeper.slot)};
      EXPECT_EQ(judge_key(sleeper, seen).happening, Happening::key_lost) << "and again";
      EXPECT_TRUE(GetParam() || works_without(sleeper, seen));

      Case visit;
      visit.state = State::issuing;
      visit.sagas = {sleeper};
      settle_after_run(visit, base::make_fault(sleeper.failure->code));
      EXPECT_EQ(visit.state, State::attention);
      EXPECT_TRUE(may_cancel(visit)) << "it ends, and the card is another case's";
      const auto told = [&](std::string_view words) {
        return visit.attention->look_en.find(words) != std::string::npos;
      };
      // Looked at where a single slot's key was about to be made, nobody knows whether it was.
      const bool at_stake = !GetParam() && (!sleeper.key.empty() || !sleeper.key_before.empty());
      EXPECT_EQ(told("Where the card has no pair that works it cannot be cancelled"), at_stake);
      EXPECT_EQ(told("this case changes nothing"), sleeper.key.empty() && !at_stake);
      EXPECT_EQ(told("on the day of the reception"), !at_stake) << "it goes on on any day";
      EXPECT_NE(visit.attention->look_ja.find("取り消してください"), std::string::npos);
    }
  }
  for (const auto phase : {Phase::planned, Phase::key_intended, Phase::key_made, Phase::request_signed,
                           Phase::enrolling, Phase::write_intended, Phase::written}) {
    EXPECT_TRUE(slept_in.contains(phase)) << name(phase);
  }
  EXPECT_EQ(slept_in.contains(Phase::activation_intended), GetParam());
}

TEST_P(Elsewhere, a_card_that_had_no_certificate_must_still_have_none) {
  Saga saga;
  saga.slot = GetParam() ? Slot::spare : Slot::active;
  EXPECT_TRUE(still_ours(saga, {{}, {}}));
  EXPECT_FALSE(still_ours(saga, {{1, 2, 3}, {}}));
  saga.phase = Phase::key_unknown;
  EXPECT_EQ(judge_key(saga, {{}, base::Bytes{9}}).happening, Happening::key_seen_new);
  EXPECT_EQ(judge_key(saga, {{1}, base::Bytes{9}}).happening, Happening::key_lost);
}

// What was read as another's may have been altered on its way, so that a case ends by it only as long as the
// card goes on to show it.
TEST_P(Elsewhere, a_card_that_shows_its_old_certificate_after_all_is_gone_on_with) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  const auto honest = world.card.certificate.at(Slot::active);
  saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  world.card.certificate[Slot::active].back() ^= 1;
  saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  ASSERT_TRUE(looks_before_restart(saga));
  EXPECT_EQ(model::act(world, saga, ReadKey{saga.slot}).happening, Happening::key_lost);
  world.card.certificate[Slot::active] = honest;
  saga = apply(saga, model::act(world, saga, ReadKey{saga.slot})).value();
  EXPECT_EQ(saga.phase, Phase::planned);
  finish(world, saga);
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_EQ(world.card.generated, 1u);
}

// It may be another counter's, which waits for its certificate.
TEST_P(Elsewhere, another_key_that_has_signed_is_not_taken_for_the_cases_own) {
  Saga saga;
  saga.slot = GetParam() ? Slot::spare : Slot::active;
  saga.phase = Phase::key_made;
  saga.old_certificate = {1};
  saga.key = {7};
  const Sight read_again{{1}, base::Bytes{8}};
  EXPECT_FALSE(judge_signer(saga, {{1}, base::Bytes{7}}, false)) << "a signature that was not right";
  EXPECT_FALSE(judge_signer(saga, read_again, false)) << "nothing proves either";
  EXPECT_EQ(judge_signer(saga, read_again, true)->failure->remedy, Remedy::another_key);
  EXPECT_EQ(judge_signer(saga, {{2}, base::Bytes{8}}, true)->failure->remedy, Remedy::renewed_elsewhere);
}

// A single slot has lost its old key: without another one's certificate the case stays open until it has one.
TEST_P(Elsewhere, a_lost_key_without_another_certificate_is_made_anew) {
  for (const auto phase : {Phase::write_intended, Phase::written}) {
    Saga saga;
    saga.slot = GetParam() ? Slot::spare : Slot::active;
    saga.phase = phase;
    saga.old_certificate = {1};
    saga.key = {7};
    saga.new_certificate = {2};
    saga = apply(saga, key_lost(saga, {{1}, base::Bytes{8}})).value();
    ASSERT_EQ(saga.phase, Phase::refusing) << "the authority is told";
    EXPECT_FALSE(has_new_certificate(saga));
    saga = apply(saga, {Happening::refusal_told, {}, {}, {}}).value();
    EXPECT_EQ(restart_of(saga), Happening::restarted_anew);
    EXPECT_FALSE(looks_before_restart(saga));
    Case visit;
    visit.state = State::issuing;
    visit.sagas = {saga};
    settle_after_run(visit, base::make_fault(saga.failure->code));
    EXPECT_EQ(may_cancel(visit), GetParam());
    EXPECT_TRUE(may_cancel(visit, true));
    EXPECT_NE(visit.attention->look_en.find("makes another key"), std::string::npos);
    EXPECT_FALSE(has_new_certificate(saga)) << "it was given back";
    saga = apply(saga, {Happening::restarted_anew, {}, {}, {}}).value();
    EXPECT_FALSE(has_new_certificate(saga));
    // What it had written itself, whole or torn, is no other's.
    for (const auto& own : {base::Bytes{2}, base::Bytes{}})
      EXPECT_EQ(still_ours(saga, {own, base::Bytes{8}}), !GetParam());
    EXPECT_FALSE(still_ours(saga, {{3}, base::Bytes{8}}));
  }
}

TEST(ElsewhereSingle, a_card_works_without_the_case_by_a_pair_that_is_not_the_cases_own) {
  const auto pair_of = [](std::size_t key, const char* name) {
    const auto last_day = base::parse_date("2031-04-10").value();
    return model::certificate_for(model::keys()[key], last_day, model::at("2026-02-12T10:00:00+09:00"), name);
  };
  Saga saga;
  saga.phase = Phase::failed;
  saga.old_certificate = pair_of(0, "CN-1");
  saga.new_certificate = pair_of(1, "CN-1");
  saga.key_before = model::keys()[1];
  saga.key = model::keys()[2];
  EXPECT_TRUE(works_without(saga, {saga.old_certificate, model::keys()[0]})) << "nothing was lost";
  EXPECT_TRUE(works_without(saga, {pair_of(3, "CN-1"), model::keys()[3]})) << "another counter's";
  EXPECT_FALSE(works_without(saga, {saga.old_certificate, model::keys()[2]}));
  EXPECT_FALSE(works_without(saga, {pair_of(0, "CN-2"), model::keys()[2]})) << "altered on its way";
  EXPECT_FALSE(works_without(saga, {saga.new_certificate, model::keys()[1]})) << "given back";
  EXPECT_FALSE(works_without(saga, {pair_of(2, "CN-2"), model::keys()[2]})) << "its own, altered";
  EXPECT_FALSE(works_without(saga, {{}, model::keys()[3]}));
  EXPECT_FALSE(works_without(saga, {pair_of(3, "CN-1"), std::nullopt}));
}

TEST(ElsewhereActivation, an_activation_is_believed_by_key_and_certificate_together) {
  Saga saga;
  saga.slot = Slot::spare;
  saga.phase = Phase::activation_unknown;
  saga.key = {7};
  saga.old_certificate = {1};
  saga.new_certificate = {2};
  EXPECT_EQ(judge_key(saga, {{2}, base::Bytes{7}}).happening, Happening::activated);
  EXPECT_EQ(judge_key(saga, {{1}, base::Bytes{6}}).happening, Happening::not_activated);
  EXPECT_EQ(judge_key(saga, {{3}, base::Bytes{7}}).happening, Happening::key_lost);
  EXPECT_EQ(judge_key(saga, {{3}, base::Bytes{8}}).happening, Happening::key_lost);
  EXPECT_EQ(judge_key(saga, {{}, std::nullopt}).happening, Happening::key_lost);
}

}  // namespace
}  // namespace madoguchi::renewal
