// The whole sequence without card, authority or clock, and every interruption of it.
#include <gtest/gtest.h>

#include <random>

#include "model.hpp"
#include "renewal/judgement.hpp"

namespace madoguchi::renewal {
namespace {

using model::World;

// Where a power cut strikes in one step: before it is taken, after it but before its outcome is durable, or
// not.
enum class Cut { none, before, after };

// What a counter does when it reads a case from its store: phases that announce a step are unknown again.
Saga read_back_from_store(Saga saga) {
  if (saga.phase == Phase::key_intended || saga.phase == Phase::activation_intended) {
    saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
  }
  return saga;
}

// Runs to the end; `cut(n)` says what strikes at the n-th step. Returns how many steps were taken.
template <class CutAt>
int run(World& world, Saga& saga, CutAt cut) {
  int step_number = 0;
  for (; !saga.ended(); ++step_number) {
    if (step_number > 200) throw std::runtime_error("the saga does not end");
    const Cut strikes = cut(step_number);
    if (strikes == Cut::before) {
      saga = read_back_from_store(saga);
      continue;
    }
    const Event event = model::act(world, saga, next(saga, world.now));
    if (strikes == Cut::after) {
      saga = read_back_from_store(saga);
      continue;
    }
    saga = apply(saga, event).value();
  }
  return step_number;
}

void expect_renewed(const World& world, const Saga& saga) {
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_FALSE(saga.new_certificate.empty());
  EXPECT_EQ(world.card.certificate.at(Slot::active), saga.new_certificate);
  EXPECT_EQ(world.card.key.at(Slot::active), saga.key);
  EXPECT_EQ(world.ca.issued.size(), 1u) << "one serial";
  EXPECT_TRUE(world.ca.confirmed.contains(saga.new_certificate));
  EXPECT_TRUE(world.ca.revoked.contains(saga.old_certificate));
}

class SagaInBothLayouts : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Layouts, SagaInBothLayouts, testing::Bool(),
                         [](const auto& layout) { return layout.param ? "spare_slot" : "single_slot"; });

TEST_P(SagaInBothLayouts, runs_to_its_end) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  run(world, saga, [](int) { return Cut::none; });
  expect_renewed(world, saga);
  EXPECT_EQ(world.card.generated, 1u);
}

TEST_P(SagaInBothLayouts, resumes_from_every_single_interruption) {
  World unharmed;
  auto first = model::fresh_saga(unharmed, GetParam());
  const int steps = run(unharmed, first, [](int) { return Cut::none; });
  for (int at = 0; at < steps; ++at) {
    for (const Cut kind : {Cut::before, Cut::after}) {
      SCOPED_TRACE(testing::Message() << "step " << at << (kind == Cut::before ? " before" : " after"));
      World world;
      auto saga = model::fresh_saga(world, GetParam());
      run(world, saga, [&](int n) { return n == at ? kind : Cut::none; });
      expect_renewed(world, saga);
      EXPECT_EQ(world.card.generated, 1u) << "no second key where the first is known to have been made";
      EXPECT_GE(world.ca.enrolments_seen, 1);
    }
  }
}

TEST_P(SagaInBothLayouts, resumes_from_any_number_of_interruptions) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    World world;
    auto saga = model::fresh_saga(world, GetParam());
    run(world, saga, [&](int) {
      const auto roll = random() % 6;
      return roll == 0 ? Cut::before : roll == 1 ? Cut::after : Cut::none;
    });
    expect_renewed(world, saga);
    EXPECT_EQ(world.card.generated, 1u);
  }
}

TEST_P(SagaInBothLayouts, a_key_whose_certificate_was_given_back_is_replaced_once_whatever_interrupts) {
  for (int at = -1; at < 40; ++at) {
    for (const Cut kind : {Cut::before, Cut::after}) {
      SCOPED_TRACE(testing::Message() << "step " << at << (kind == Cut::before ? " before" : " after"));
      World world;
      world.ca.to_spoil = 1;
      auto saga = model::fresh_saga(world, GetParam());
      int taken = 0;
      const auto cut = [&](int) { return taken++ == at ? kind : Cut::none; };
      run(world, saga, cut);
      ASSERT_EQ(saga.phase, Phase::failed);
      EXPECT_EQ(saga.failure->code, base::Code::authority_mismatch);
      EXPECT_EQ(world.card.certificate.at(Slot::active), saga.old_certificate) << "nothing was written";
      EXPECT_FALSE(apply(saga, {Happening::restarted, {}, {}, {}})) << "a burnt key is not used again";
      saga = apply(saga, {restart_of(saga).value(), {}, {}, {}}).value();
      EXPECT_EQ(saga.phase, Phase::planned);
      run(world, saga, cut);
      expect_renewed(world, saga);
      EXPECT_EQ(world.card.generated, 2u);
    }
  }
}

TEST_P(SagaInBothLayouts, nothing_touches_the_card_before_the_authority_has_answered) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  const auto step = [&] { return next(saga, world.now); };
  const auto take = [&] { saga = apply(saga, model::act(world, saga, step())).value(); };
  ASSERT_TRUE(std::holds_alternative<AskAuthority>(step()));
  EXPECT_FALSE(needs_card(step()));
  take();
  EXPECT_EQ(saga.phase, Phase::planned);
  EXPECT_TRUE(std::holds_alternative<ReadKey>(step()));
  take();
  ASSERT_EQ(saga.phase, Phase::key_intended);
  EXPECT_TRUE(std::holds_alternative<GenerateKey>(step()));
  // An answer counts for a while only, and not before it came.
  const auto answered = world.now;
  world.now = answered + answer_counts_for - std::chrono::milliseconds(1);
  EXPECT_TRUE(std::holds_alternative<GenerateKey>(step()));
  world.now = answered + answer_counts_for;
  EXPECT_TRUE(std::holds_alternative<AskAuthority>(step()));
  world.now = answered - std::chrono::milliseconds(1);
  EXPECT_TRUE(std::holds_alternative<AskAuthority>(step()));
  take();
  EXPECT_EQ(saga.phase, Phase::key_intended);
  EXPECT_TRUE(std::holds_alternative<GenerateKey>(step()));
  // Looking at the card harms nothing, so that after an interruption it comes first.
  saga = apply(saga, {Happening::interrupted, {}, {}, {}}).value();
  world.now += answer_counts_for;
  EXPECT_TRUE(std::holds_alternative<ReadKey>(step()));
  take();
  EXPECT_TRUE(std::holds_alternative<AskAuthority>(step()));
  EXPECT_EQ(world.card.generated, 0u);
}

TEST(Saga, every_answer_of_the_authority_shows_that_it_is_there) {
  World world;
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != Phase::enrolling) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  const auto began = world.now;
  world.now += std::chrono::seconds(30);
  saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  EXPECT_EQ(saga.authority_seen, began + std::chrono::seconds(30));
}

TEST_P(SagaInBothLayouts, the_old_certificate_is_revoked_only_after_the_new_one_is_confirmed) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  while (!saga.ended()) {
    if (!world.ca.revoked.empty()) {
      EXPECT_TRUE(world.ca.confirmed.contains(saga.new_certificate));
    }
    if (!world.ca.confirmed.empty()) {
      EXPECT_EQ(world.card.certificate.at(Slot::active), saga.new_certificate);
    }
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
}

TEST_P(SagaInBothLayouts, the_old_certificate_stays_good_while_the_new_one_is_not_known_to_be) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  while (saga.phase != Phase::confirming) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  saga = apply(saga, {Happening::confirmation_unclear, {}, {}, {}}).value();
  run(world, saga, [](int) { return Cut::none; });
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_TRUE(world.ca.revoked.empty());
  EXPECT_TRUE(saga.confirmation_unclear);
  EXPECT_TRUE(saga.revocation_unclear) << "a person asks the authority for both";
}

TEST(Saga, a_certificate_that_has_ended_needs_no_revocation) {
  World world;
  auto saga = model::fresh_saga(world, true, "2025-04-10");
  run(world, saga, [](int) { return Cut::none; });
  EXPECT_EQ(saga.phase, Phase::done);
  EXPECT_TRUE(world.ca.revoked.empty());
}

TEST(Saga, the_spare_slot_keeps_the_old_key_until_activation) {
  World world;
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != Phase::in_use) {
    EXPECT_EQ(world.card.key.at(Slot::active), model::keys()[0]);
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  EXPECT_EQ(world.card.key.at(Slot::spare), model::keys()[0]) << "exchanged, not destroyed";
}

TEST_P(SagaInBothLayouts, a_torn_write_is_recorded_given_up_after_three_and_may_be_tried_again) {
  World world;
  auto saga = model::fresh_saga(world, GetParam());
  while (saga.phase != Phase::write_intended) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  const auto certificate = saga.new_certificate;
  for (int round = 0; round < 2; ++round) {
    int torn = 0;
    while (!saga.ended()) {
      saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
      if (saga.phase == Phase::written && ++torn > 0) world.card.certificate[saga.slot] = {0xFF};
    }
    EXPECT_EQ(torn, 3);
    ASSERT_EQ(saga.phase, Phase::failed);
    EXPECT_EQ(saga.failure->code, base::Code::card_refused);
    EXPECT_FALSE(apply(saga, {Happening::restarted, {}, {}, {}})) << "nothing is applied for again";
    ASSERT_EQ(restart_of(saga), Happening::restarted_writing);
    saga = apply(saga, {Happening::restarted_writing, {}, {}, {}}).value();
    EXPECT_EQ(saga.phase, Phase::write_intended);
    EXPECT_EQ(saga.new_certificate, certificate);
  }
  run(world, saga, [](int) { return Cut::none; });
  expect_renewed(world, saga);
  EXPECT_EQ(world.ca.enrolments_seen, 1);
}

TEST(Saga, another_try_after_a_refusal_keeps_the_key) {
  World world;
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != Phase::enrolling) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  const auto key = saga.key;
  saga =
      apply(
          saga,
          {Happening::rejected, {}, {}, Failure{base::Code::authority_rejected, "badPOP", Remedy::same_key}})
          .value();
  EXPECT_EQ(saga.phase, Phase::failed);
  EXPECT_FALSE(apply(saga, {Happening::restarted_anew, {}, {}, {}})) << "a good key is not replaced";
  ASSERT_EQ(restart_of(saga), Happening::restarted);
  saga = apply(saga, {Happening::restarted, {}, {}, {}}).value();
  EXPECT_EQ(saga.phase, Phase::key_made);
  EXPECT_EQ(saga.key, key);
  EXPECT_TRUE(saga.enrolment.exchanges.empty()) << "a new transaction";
  run(world, saga, [](int) { return Cut::none; });
  expect_renewed(world, saga);
  EXPECT_EQ(world.card.generated, 1u);
}

TEST(Saga, what_a_person_must_look_at_first_is_not_restarted) {
  World world;
  auto saga = model::fresh_saga(world, true);
  EXPECT_FALSE(restart_of(saga));
  saga.phase = Phase::failed;
  saga.failure = Failure{base::Code::authority_rejected, "duplicateCertReq", Remedy::ask};
  EXPECT_FALSE(restart_of(saga));
  EXPECT_FALSE(apply(saga, {Happening::restarted, {}, {}, {}}));
  EXPECT_FALSE(apply(saga, {Happening::restarted_anew, {}, {}, {}}));
  saga.slot = Slot::active;
  EXPECT_EQ(restart_of(saga), Happening::restarted_anew) << "the old key is gone: only forward";
}

TEST(Saga, a_refusal_says_what_is_left_to_be_done) {
  Saga saga;
  EXPECT_EQ(remedy_of(saga, {}), Remedy::same_key);
  EXPECT_EQ(remedy_of(saga, {.fault = {}, .reconcile = true}), Remedy::ask);
  EXPECT_EQ(remedy_of(saga, {.fault = {}, .revoked = true}), Remedy::issue_anew);
  saga.action = Action::issue_new;
  EXPECT_EQ(remedy_of(saga, {.fault = {}, .revoked = true}), Remedy::another_key);
}

TEST(Saga, only_a_renewal_names_the_old_certificate) {
  Saga saga;
  saga.subject_der = {1};
  saga.old_certificate = {2};
  EXPECT_EQ(enrolment_of(saga)->old_certificate, saga.old_certificate);
  saga.action = Action::issue_new;
  EXPECT_TRUE(enrolment_of(saga)->old_certificate.empty());
}

TEST(Saga, a_message_sent_again_is_the_same_exchange) {
  World world;
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != Phase::enrolling) {
    saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  }
  const auto message = saga.enrolment.exchanges.back().request;
  saga = apply(saga, {Happening::message_outgoing, message, {}, {}}).value();
  EXPECT_EQ(saga.enrolment.exchanges.size(), 1u);
  saga = apply(saga, {Happening::message_incoming, {1}, {}, {}}).value();
  EXPECT_FALSE(apply(saga, {Happening::message_incoming, {2}, {}, {}})) << "an answer without a question";
}

TEST_P(SagaInBothLayouts, a_key_that_was_not_made_is_left_to_another_day_and_one_that_was_is_not) {
  World world;
  auto saga = fresh_saga(world, GetParam());
  const auto until = [&](Phase phase) {
    while (saga.phase != phase) saga = apply(saga, act(world, saga, next(saga, world.now))).value();
  };
  until(Phase::key_intended);
  const auto event = put_off(saga);
  ASSERT_TRUE(event);
  const auto planned = apply(saga, *event).value();
  EXPECT_EQ(planned.phase, Phase::planned);
  EXPECT_TRUE(planned.key_before.empty()) << "as if it had not begun";
  until(Phase::key_made);
  EXPECT_FALSE(put_off(saga));
  EXPECT_FALSE(apply(saga, *event));
}

TEST_P(SagaInBothLayouts, what_is_lost_already_is_decided_on_another_day_and_stays_lost) {
  World world;
  world.ca.to_spoil = 1;
  auto saga = fresh_saga(world, GetParam());
  while (saga.phase != Phase::failed) saga = apply(saga, act(world, saga, next(saga, world.now))).value();
  saga = apply(saga, {restart_of(saga).value(), {}, {}, {}}).value();
  while (saga.phase != Phase::key_intended)
    saga = apply(saga, act(world, saga, next(saga, world.now))).value();
  EXPECT_EQ(nothing_lost(saga), saga.slot == Slot::spare);
  const auto burnt = saga.key_before;
  saga = apply(saga, put_off(saga).value()).value();
  EXPECT_EQ(saga.phase, Phase::planned);
  EXPECT_TRUE(key_to_be_made(saga));
  EXPECT_EQ(begun(saga), saga.slot == Slot::active);
  EXPECT_EQ(saga.key_before, saga.slot == Slot::active ? burnt : base::Bytes());
  while (saga.phase != Phase::done) saga = apply(saga, act(world, saga, next(saga, world.now))).value();
  EXPECT_EQ(world.card.generated, 2u);
}

}  // namespace
}  // namespace madoguchi::renewal
