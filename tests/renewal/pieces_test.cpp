#include "renewal/pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "model.hpp"
#include "renewal/codec.hpp"

namespace madoguchi::renewal {
namespace {

namespace json = boost::json;

Case at_phase(Phase phase) {
  model::World world;
  Case visit;
  visit.id = "261123-7K3F92QD";
  visit.state = State::issuing;
  visit.opened_at = visit.updated_at = visit.received_at = model::at("2026-02-12T10:00:00+09:00");
  visit.facts = {{"office", "citizens-division"}};
  visit.decision = {{"outcome", "complete_today"}};
  auto saga = model::fresh_saga(world, true);
  while (saga.phase != phase) saga = apply(saga, model::act(world, saga, next(saga, world.now))).value();
  visit.sagas = {saga, saga};
  return visit;
}

TEST(Pieces, make_the_whole_again) {
  for (const auto phase :
       {Phase::planned, Phase::key_made, Phase::enrolling, Phase::confirming, Phase::done}) {
    const auto stored = to_stored(at_phase(phase));
    const auto made = take_apart(stored);
    const auto whole = put_together(made.body, made.apart);
    ASSERT_TRUE(whole) << whole.error().inner;
    auto expected = stored;
    expected["pieces"] = static_cast<std::int64_t>(made.apart.size());
    EXPECT_EQ(*whole, expected) << name(phase);
  }
}

TEST(Pieces, leave_little_in_the_body_whatever_was_said_to_the_authority) {
  auto visit = at_phase(Phase::confirming);
  for (auto& saga : visit.sagas)
    saga.enrolment.exchanges.at(0) = {base::Bytes(3000, 1), base::Bytes(5000, 2)};
  const auto made = take_apart(to_stored(visit));
  EXPECT_LT(json::serialize(made.body).size(), 2500U);
  EXPECT_THAT(made.apart, testing::Contains(testing::Key("/facts")));
  EXPECT_THAT(made.apart, testing::Contains(testing::Key("/sagas/0/old_certificate")));
  EXPECT_THAT(made.apart, testing::Contains(testing::Key("/sagas/1/enrolment/exchanges/0/response")));
}

TEST(Pieces, change_no_piece_that_a_step_has_not_changed) {
  auto visit = at_phase(Phase::confirming);
  const auto before = take_apart(to_stored(visit));
  visit.sagas[0].enrolment.exchanges.push_back({base::Bytes(900, 1), {}});
  const auto after = take_apart(to_stored(visit));
  ASSERT_EQ(after.apart.size(), before.apart.size() + 1);
  for (const auto& [pointer, text] : before.apart) EXPECT_EQ(after.apart.at(pointer), text) << pointer;
}

// What releases before 3 of the store's tables have written.
TEST(Pieces, a_body_that_was_never_taken_apart_is_whole) {
  const auto stored = to_stored(at_phase(Phase::confirming));
  EXPECT_EQ(put_together(stored, {}).value(), stored);
}

TEST(Pieces, a_missing_or_foreign_piece_is_a_fault) {
  const auto made = take_apart(to_stored(at_phase(Phase::confirming)));
  auto fewer = made.apart;
  fewer.erase("/sagas/0/old_certificate");
  EXPECT_FALSE(put_together(made.body, fewer));
  for (const char* elsewhere : {"/sagas/7/old_certificate", "nowhere", "/sagas/0/phase/key", "/id/x"}) {
    auto foreign = fewer;
    foreign[elsewhere] = "\"x\"";
    EXPECT_FALSE(put_together(made.body, foreign)) << elsewhere;
  }
  auto damaged = made.apart;
  damaged["/facts"] = "{";
  EXPECT_FALSE(put_together(made.body, damaged));
}

}  // namespace
}  // namespace madoguchi::renewal
