// What goes on by itself: only words with the authority about what has begun, and never with a card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using renewal::Phase;
using renewal::State;

// A case whose message with this number was lost; the citizen has taken the card home, and the daemon began
// anew.
std::string left_behind(World& world, int lost) {
  auto id = world.ready();
  world.line->posts = 0;
  world.line->fate = [lost](int number) { return number == lost ? Fate::lost_before : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->fate = nullptr;
  world.pull();
  world.restart();
  return id;
}

constexpr int the_request = 2;
constexpr int the_confirmation = 3;
constexpr int the_revocation = 4;

TEST(Resume, tells_the_authority_what_it_is_still_to_be_told) {
  for (const int lost : {the_confirmation, the_revocation}) {
    SCOPED_TRACE(lost);
    World world(only_authentication());
    const auto id = left_behind(world, lost);
    const auto executed = world.card->executed.size();
    world.resume_until([&] { return world.desk->load(id)->state == State::completed; });
    world.expect_renewed(world.desk->load(id).value());
    EXPECT_EQ(world.card->executed.size(), executed);
    EXPECT_EQ(world.published.back().type, "case.completed");
  }
}

TEST(Resume, fetches_the_certificate_and_waits_for_the_card) {
  World world(only_authentication());
  const auto id = left_behind(world, the_request);
  world.resume_until([&] { return world.desk->load(id)->sagas.at(0).phase == Phase::write_intended; });
  const int posts = world.line->posts;
  world.restart();
  int rounds = 0;
  world.resume_until([&] { return ++rounds > 20; });
  EXPECT_EQ(world.line->posts, posts) << "nothing more can be said";
  EXPECT_EQ(world.desk->load(id)->state, State::issuing);
  world.restart();
  world.expect_renewed(world.finish(id));
}

TEST(Resume, tries_again_while_the_authority_is_away) {
  World world(only_authentication());
  const auto id = left_behind(world, the_confirmation);
  world.line->down = true;
  world.line->posts = 0;
  world.resume_until([&] {
    if (world.line->posts == 3) world.line->down = false;
    return world.desk->load(id)->state == State::completed;
  });
  EXPECT_GE(world.line->posts, 4);
  world.expect_renewed(world.desk->load(id).value());
}

TEST(Resume, asks_a_waiting_authority_once_a_round_and_not_before_its_time) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "waiting", "body": "cr", "polls": 3, "check_after": 3600})");
  ASSERT_EQ(code_of(world.issue(id)), Code::authority_waiting);
  world.pull();
  for (int poll = 0; poll < 3; ++poll) {
    world.restart();
    const int posts = world.line->posts;
    int rounds = 0;
    world.resume_until([&] { return ++rounds > 20; });
    EXPECT_EQ(world.line->posts, posts) << "it said when";
    EXPECT_LE(world.desk->load(id)->sagas.at(0).enrolment.exchanges.size(), 2u);
    world.restart();
    world.clock.advance(std::chrono::hours(1));
    world.resume_until([&] { return world.line->posts > posts; });
    EXPECT_EQ(world.line->posts, posts + 1);
  }
  world.restart();
  world.resume_until([&] { return world.desk->load(id)->sagas.at(0).phase == Phase::write_intended; });
}

TEST(Resume, leaves_what_a_person_has_to_decide) {
  // Refused, for a clerk to begin again; planned, for the card; and one that is only ready.
  for (const auto* trouble : {R"({"fault": "reject", "body": "cr", "failure": "badPOP"})",
                              R"({"fault": "http_500", "body": "genm"})", ""}) {
    SCOPED_TRACE(trouble);
    World world(only_authentication());
    const auto id = world.ready();
    if (*trouble != 0) {
      world.order(trouble);
      EXPECT_FALSE(world.issue(id));
    }
    world.pull();
    world.restart();
    const int posts = world.line->posts;
    const int commits = world.store.commits;
    int rounds = 0;
    world.resume_until([&] { return ++rounds > 20; });
    EXPECT_EQ(world.line->posts, posts);
    EXPECT_EQ(world.store.commits, commits);
  }
}

TEST(Resume, and_a_clerk_who_comes_meanwhile_do_it_once) {
  World world(only_authentication());
  const auto id = left_behind(world, the_confirmation);
  world.line->held = true;
  world.line->posts = 0;
  std::shared_ptr<std::optional<base::Result<renewal::Case>>> clerk;
  world.resume_until([&] {
    if (world.line->posts > 0 && !clerk) {
      clerk = world.start(world.desk->issue(id, "clerk-7"));
      world.line->release();
    }
    return clerk && clerk->has_value();
  });
  ASSERT_TRUE(**clerk) << base::describe((*clerk)->error());
  world.expect_renewed(***clerk);
  const auto kinds = world.store.kinds(id);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "case.completed"), 1);
}

}  // namespace
}  // namespace madoguchi::counter::test
