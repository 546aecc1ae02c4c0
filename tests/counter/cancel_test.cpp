// Ending a case, and what cannot be changed in one that has begun.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::State;
using simulated_card::Layout;

TEST(Cancel, is_possible_while_the_old_key_works) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  const auto cancelled = world.run(world.desk->cancel({id, "the holder left", "clerk-7"}));
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->state, State::cancelled);
  EXPECT_FALSE(world.desk->held(reader_name)) << "the card is free";
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  EXPECT_EQ(code_of(world.run(world.desk->cancel({id, "again", "clerk-7"}))), Code::conflict);

  // Nothing has been done to the card while the authority was away; once a key is made it is another matter.
  const auto next = world.ready();
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(next)), Code::authority_unreachable);
  EXPECT_TRUE(world.run(world.desk->cancel({next, "the authority is away", "clerk-7"})));
  world.line->down = false;
  const auto begun = world.ready();
  world.line->posts = 0;
  world.line->fate = [](int number) { return number == 2 ? Fate::lost_before : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(begun)), Code::authority_unreachable);
  EXPECT_EQ(code_of(world.run(world.desk->cancel({begun, "-", "clerk-7"}))), Code::conflict);
  world.expect_renewed(world.finish(begun));
}

TEST(Update, what_was_decided_is_not_changed_once_it_has_begun) {
  World world(only_authentication());
  const auto id = world.ready();
  const auto stale = world.run(world.desk->update({id, 1, {}, {}, "clerk-7"}));
  EXPECT_EQ(code_of(stale), Code::conflict);
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  const auto facts = boost::json::object{{"visit", 2}};
  EXPECT_EQ(code_of(world.run(world.desk->update({id, {}, facts, {}, "clerk-7"}))), Code::conflict);
}

TEST(Cancel, of_a_card_that_did_not_keep_its_certificate_gives_it_back) {
  World world(only_authentication());
  const auto id = world.ready();
  const auto old = world.on_card(CertificateName::authentication);
  world.card->keeps_writes = false;
  EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
  world.card->keeps_writes = true;
  const auto ended = world.run(world.desk->cancel({id, "the card is replaced later", "clerk-7"}));
  ASSERT_TRUE(ended) << base::describe(ended.error());
  EXPECT_EQ(ended->state, State::cancelled);
  EXPECT_FALSE(ended->card_gone);
  const auto kinds = world.store.kinds(id);
  EXPECT_EQ(
      std::vector<std::string>(kinds.end() - 7, kinds.end()),
      (std::vector<std::string>{"case.stopped", "case.given_up", "certificate.withdrawn", "refusal.sending",
                                "refusal.answered", "refusal.done", "case.cancelled"}));
  ASSERT_EQ(world.issued(CertificateName::authentication).size(), 1u);
  EXPECT_TRUE(world.issued(CertificateName::authentication).front().revocation);
  EXPECT_EQ(world.on_card(CertificateName::authentication), old);
  EXPECT_FALSE(world.desk->held(reader_name));
  world.expect_renewed(world.finish(world.ready()), 1);
}

TEST(Cancel, that_the_authority_does_not_hear_of_is_told_later_and_never_goes_on_meanwhile) {
  World world(only_authentication());
  const auto id = world.ready();
  world.card->keeps_writes = false;
  EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
  world.card->keeps_writes = true;
  world.line->down = true;
  const auto begun = world.run(world.desk->cancel({id, "the holder left", "clerk-7"}));
  ASSERT_TRUE(begun) << base::describe(begun.error());
  EXPECT_EQ(begun->state, State::issuing);
  EXPECT_FALSE(begun->attention);
  const auto executed = world.card->executed.size();
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "the holder left", "clerk-7"}))) << "as often as one likes";
  EXPECT_EQ(code_of(world.verify(id, mynumber::PinName::authentication)), Code::conflict);
  world.let_reset(mynumber::PinName::authentication);
  const auto request = [&] { return world.pin_request(id, mynumber::PinName::authentication, "2468"); };
  EXPECT_EQ(code_of(world.run(world.desk->reset_pin(request()))), Code::conflict);
  EXPECT_EQ(world.card->executed.size(), executed) << "the card is not touched any more";
  const auto next = world.open();
  ASSERT_TRUE(next) << "it is in no other case's way: " << base::describe(next.error());
  EXPECT_TRUE(next->begun_beside.empty());
  world.restart();
  world.line->down = false;
  world.resume_until([&] { return world.desk->load(id)->state == State::cancelled; });
  EXPECT_TRUE(world.issued(CertificateName::authentication).front().revocation);
}

}  // namespace
}  // namespace madoguchi::counter::test
