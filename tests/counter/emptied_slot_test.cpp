// A single slot that has lost its old key to an interruption, and has not got a new one. The simulated card
// makes a key whole or not at all, so that what it says is played.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_at_the_key.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using renewal::State;
using simulated_card::Layout;

constexpr std::uint8_t makes_a_key = 0x80;  // P1; 81 reads it

// It answers so often that it has no key, or until it makes one.
void empty_the_slot(World& world, int answers) {
  world.card->instead = [answers](const smartcard::Command::Header& header) mutable {
    if (header.ins == instruction::generate && header.p1 == makes_a_key) answers = 0;
    if (header.ins != instruction::generate || answers == 0) return std::optional<base::Bytes>();
    --answers;
    return std::optional(base::Bytes{0x6A, 0x88});
  };
}

class EmptiedSlot : public testing::Test {
 protected:
  void expect_told() {
    const auto visit = world.desk->load(id).value();
    EXPECT_EQ(visit.state, State::attention);
    ASSERT_TRUE(visit.attention);
    EXPECT_THAT(visit.attention->look_en, testing::HasSubstr("has lost its old key"));
    EXPECT_FALSE(world.run(world.desk->cancel({id, "another day", "clerk-7"})));
    EXPECT_FALSE(renewal::nothing_lost(visit.sagas.at(0)));
  }

  World world{only_authentication(Layout::single)};
  std::string id = world.ready();
};

TEST_F(EmptiedSlot, is_no_reason_to_send_the_holder_away_with_it_on_the_same_day_nor_on_another) {
  end_at_the_key(world, id, false);
  empty_the_slot(world, 1000);
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  expect_told();
  world.clock.advance(std::chrono::hours(24));
  EXPECT_FALSE(world.issue(id));
  expect_told();
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}))) << "by the other day's last day";
  world.expect_renewed(world.finish(id));
}

TEST_F(EmptiedSlot, is_told_of_as_soon_as_an_update_has_looked) {
  end_at_the_key(world, id, false);
  world.pull();
  EXPECT_EQ(code_of(world.issue(id)), Code::card_absent);
  EXPECT_THAT(world.desk->load(id)->attention.value().look_en,
              testing::HasSubstr("whether the card still has its old key"));
  world.put_back();
  empty_the_slot(world, 1000);
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, reader_name, "clerk-7"})));
  expect_told();
  world.expect_renewed(world.finish(id));
}

TEST_F(EmptiedSlot, gets_its_key_by_the_decision_of_the_day_that_it_is_made_on) {
  end_at_the_key(world, id, false);
  empty_the_slot(world, 1000);
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  expect_told();
  EXPECT_EQ(world.card->changes, before) << "no key is made before";
  const auto anew = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
  ASSERT_TRUE(anew) << base::describe(anew.error());
  EXPECT_EQ(anew->decision.at("certificates").at("authentication").at("action"), "issue_new");
  expect_told();
  world.verify_all(id);
  const auto done = world.finish(id);
  EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
  EXPECT_EQ(world.on_card(mynumber::CertificateName::authentication), done.sagas.at(0).new_certificate);
}

TEST_F(EmptiedSlot, is_got_going_by_whoever_comes_for_it) {
  end_at_the_key(world, id, false);
  empty_the_slot(world, 1000);
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  const boost::json::object proxy{{"visitor", boost::json::object{{"role", "proxy"}}}};
  const auto unread = world.run(world.desk->update({id, {}, proxy, {}, "clerk-7"}));
  ASSERT_EQ(code_of(unread), Code::conflict);
  EXPECT_EQ(unread.error().details.at("needs"), "reader");
  const auto told = world.run(world.desk->update({id, {}, proxy, reader_name, "clerk-7"}));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->facts.at("visitor").at("role"), "proxy");
  expect_told();
  world.expect_renewed(world.finish(id));
}

// It is seen to be empty while the card is open by the PINs of the one before.
TEST_F(EmptiedSlot, gets_no_key_by_the_pins_of_somebody_who_has_left) {
  end_at_the_key(world, id, false);
  world.verify_all(id);
  ASSERT_TRUE(world.desk->held(reader_name));
  empty_the_slot(world, 1000);
  UpdateRequest request{id, {}, {}, reader_name, "clerk-7"};
  request.visitor_changed = true;
  const auto told = world.run(world.desk->update(std::move(request)));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_TRUE(told->pins.empty());
  expect_told();
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.expect_renewed(world.finish(id));
}

TEST_F(EmptiedSlot, is_believed_only_twice_before_anything_was_done) {
  empty_the_slot(world, 1);
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::card_mute);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.expect_renewed(world.finish(id));
}

}  // namespace
}  // namespace madoguchi::counter::test
