#include "renewal/transitions.hpp"

#include <gtest/gtest.h>

#include <set>

#include "renewal/words.hpp"

namespace madoguchi::renewal {
namespace {

TEST(Transitions, every_phase_is_reached_and_left_except_the_ends) {
  std::set<Phase> left;
  std::set<Phase> reached{Phase::planned};
  for (const auto& row : transitions()) {
    left.insert(row.from);
    reached.insert(row.to);
  }
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    const auto phase = static_cast<Phase>(i);
    EXPECT_TRUE(reached.contains(phase)) << name(phase);
    EXPECT_EQ(left.contains(phase), phase != Phase::done) << name(phase);
  }
}

TEST(Transitions, every_record_has_words_in_both_languages) {
  for (const auto& row : transitions()) {
    const auto words = words_for(row.record);
    ASSERT_TRUE(words) << row.record;
    EXPECT_FALSE(words->ja.empty());
    EXPECT_FALSE(words->en.empty());
  }
  EXPECT_FALSE(words_for("no.such.record"));
}

TEST(Transitions, names_lead_back_to_their_phases) {
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    const auto phase = static_cast<Phase>(i);
    EXPECT_EQ(phase_named(name(phase)), phase);
  }
  EXPECT_FALSE(phase_named("elsewhere"));
}

// One that the authority has revoked, or that is done at the official terminal, takes no other here.
TEST(Transitions, a_key_may_yet_be_made_wherever_the_table_leads_to_one) {
  std::set<Phase> leads{Phase::key_intended};
  for (std::size_t before = 0; before != leads.size();) {
    before = leads.size();
    for (const auto& row : transitions()) {
      const bool for_good = row.happening == Happening::status_revoked || row.from == Phase::handed_over;
      if (!for_good && leads.contains(row.to)) leads.insert(row.from);
    }
  }
  for (int i = 0; i <= static_cast<int>(Phase::failed); ++i) {
    Saga saga;
    saga.phase = static_cast<Phase>(i);
    if (saga.phase == Phase::failed) saga.failure = Failure{base::Code::internal, {}, Remedy::same_key};
    EXPECT_EQ(may_yet_make_a_key(saga), leads.contains(saga.phase)) << name(saga.phase);
  }
  Saga ended;
  ended.phase = Phase::failed;
  ended.failure = Failure{base::Code::internal, {}, Remedy::issue_anew};
  EXPECT_FALSE(may_yet_make_a_key(ended));
}

TEST(Transitions, what_the_table_does_not_have_is_a_conflict) {
  Saga saga;
  const auto refused = apply(saga, {Happening::activated, {}, {}, {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::conflict);
}

}  // namespace
}  // namespace madoguchi::renewal
