// Cases whose card is lost, broken or replaced: they end, and no certificate is left at the authority that
// nobody will ever use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "renewal/codec.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using simulated_card::Layout;

class Gone : public testing::TestWithParam<Layout> {
 protected:
  static Options only_authentication() {
    Options options;
    options.layout = GetParam();
    options.wanted = {CertificateName::authentication};
    return options;
  }
  // The key is made then, and no request is sent.
  static void refuse_to_sign(World& world) {
    world.card->instead = [](const smartcard::Command::Header& header) -> std::optional<base::Bytes> {
      if (header.ins != instruction::sign) return std::nullopt;
      return base::Bytes{0x6F, 0x00};
    };
  }
  static base::Result<renewal::Case> cancel(World& world, const std::string& id, bool card_gone = true) {
    return world.run(world.desk->cancel({id, "the card was lost", "clerk-7", card_gone}));
  }
  // The old certificate is as good as it was, and none of the new ones is left without one that uses it.
  static void expect_ended(World& world, const std::string& id, int given_back) {
    const auto visit = world.desk->load(id).value();
    EXPECT_EQ(visit.state, State::cancelled);
    EXPECT_EQ(visit.cancel_reason, "the card was lost");
    EXPECT_FALSE(visit.attention);
    EXPECT_EQ(renewal::to_public(visit).at("card_gone"), true);
    const auto kinds = world.store.kinds(id);
    EXPECT_EQ(kinds.back(), "case.cancelled");
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "case.cancelled"), 1);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "refusal.done"), given_back);
    EXPECT_EQ(world.published.back().type, "case.cancelled");
    const auto last = boost::json::parse(world.store.journal(id)->back().body);
    EXPECT_EQ(last.at("card_gone"), true);
    EXPECT_EQ(last.at("reason"), "the card was lost");
    EXPECT_FALSE(world.desk->held(reader_name));
    for (const auto& entry : world.issued(CertificateName::authentication)) {
      EXPECT_TRUE(entry.revocation);
    }
    EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "it does not come back";
  }
};
INSTANTIATE_TEST_SUITE_P(Layouts, Gone, testing::Values(Layout::spare, Layout::single),
                         [](const auto& layout) {
                           return layout.param == Layout::spare ? "spare_slot" : "single_slot";
                         });

TEST_P(Gone, before_the_request_nobody_needs_to_be_told) {
  World world(only_authentication());
  const auto id = world.ready();
  refuse_to_sign(world);
  EXPECT_FALSE(world.issue(id));
  world.card->instead = nullptr;
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_made);
  const int posts = world.line->posts;
  if (GetParam() == Layout::single) {
    const auto refused = cancel(world, id, false);
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_EQ(refused.error().details.at("needs"), "card_gone") << "how it can be ended all the same";
  }
  ASSERT_TRUE(cancel(world, id));
  EXPECT_EQ(world.line->posts, posts);
  expect_ended(world, id, 0);
}

// Where the old key is not gone.
class GoneBesideASpareSlot : public Gone {};
INSTANTIATE_TEST_SUITE_P(Layouts, GoneBesideASpareSlot, testing::Values(Layout::spare));

TEST_P(GoneBesideASpareSlot, nothing_is_lost_before_the_request) {
  World world(only_authentication());
  const auto id = world.ready();
  refuse_to_sign(world);
  EXPECT_FALSE(world.issue(id));
  world.card->instead = nullptr;
  ASSERT_TRUE(cancel(world, id, false)) << "the old pair works";
  world.put_back();
  world.expect_renewed(world.finish(world.ready()));
}

TEST_P(Gone, a_certificate_that_the_card_does_not_keep_is_given_back) {
  World world(only_authentication());
  const auto id = world.ready();
  world.card->keeps_writes = false;
  EXPECT_FALSE(world.issue(id));
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::failed);
  const auto ended = cancel(world, id);
  ASSERT_TRUE(ended) << base::describe(ended.error());
  EXPECT_EQ(ended->state, State::cancelled);
  expect_ended(world, id, 1);
}

TEST_P(Gone, a_certificate_that_waits_for_its_card_is_given_back_once_the_authority_is_there) {
  World world(only_authentication());
  const auto id = world.ready();
  world.card->disturb = [&](int) {
    return world.card->count(instruction::update) > 0 ? Act::gone_before : Act::answer;
  };
  EXPECT_FALSE(world.issue(id));
  world.card->disturb = nullptr;
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::write_intended);
  EXPECT_EQ(code_of(cancel(world, id, false)), Code::conflict);
  world.line->down = true;
  const auto given_up = cancel(world, id);
  ASSERT_TRUE(given_up) << base::describe(given_up.error());
  EXPECT_EQ(given_up->state, State::issuing);
  EXPECT_FALSE(given_up->attention);
  EXPECT_TRUE(given_up->card_gone);
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable) << "nothing else can be done with it";
  const auto again = cancel(world, id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, State::issuing);
  world.restart();
  world.line->down = false;
  const auto executed = world.card->executed.size();
  world.resume_until([&] { return world.desk->load(id)->state == State::cancelled; });
  EXPECT_EQ(world.card->executed.size(), executed);
  world.restart();
  expect_ended(world, id, 1);
}

TEST_P(Gone, what_the_authority_has_still_to_answer_is_given_back_when_it_comes) {
  World world(only_authentication());
  const auto id = world.ready();
  world.line->posts = 0;
  world.line->fate = [](int number) { return number == 2 ? Fate::lost_after : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->fate = nullptr;
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::enrolling);
  const auto ended = cancel(world, id);
  ASSERT_TRUE(ended) << base::describe(ended.error());
  EXPECT_EQ(ended->state, State::cancelled);
  EXPECT_EQ(world.issued(CertificateName::authentication).size(), 1u);
  expect_ended(world, id, 1);
}

TEST_P(Gone, what_is_in_use_ends_by_itself) {
  World world(only_authentication());
  const auto id = world.ready();
  world.line->posts = 0;
  world.line->fate = [](int number) { return number == 3 ? Fate::lost_before : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->fate = nullptr;
  EXPECT_EQ(code_of(cancel(world, id)), Code::conflict);
  world.restart();
  world.resume_until([&] { return world.desk->load(id)->state == State::completed; });
}

TEST_P(Gone, the_certificate_that_is_done_stays_so) {
  Options options;
  options.layout = GetParam();
  World world(options);
  const auto id = world.ready();
  // The signature certificate's request is lost on its way.
  world.line->posts = 0;
  world.line->fate = [](int number) { return number == 5 ? Fate::lost_before : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->fate = nullptr;
  ASSERT_EQ(world.desk->load(id)->state, State::partly_completed);
  ASSERT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::enrolling);
  const auto ended = cancel(world, id);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, State::cancelled);
  EXPECT_EQ(ended->sagas.at(0).phase, Phase::done);
  EXPECT_FALSE(world.issued(CertificateName::authentication).at(0).revocation);
  EXPECT_TRUE(world.issued(CertificateName::signature).at(0).revocation);
  EXPECT_EQ(world.on_card(CertificateName::authentication), ended->sagas.at(0).new_certificate);
}

}  // namespace
}  // namespace madoguchi::counter::test
