// Issuers that are configured and issue nothing that is on a card are found out while the card has its key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using simulated_card::Layout;

// The administrator has put another file there, or the right one, and has started the daemon anew.
void configure(World& world, std::vector<base::Bytes> issuers) {
  world.issuers = std::move(issuers);
  world.restart();
}

void expect_refused_with_the_card_as_it_was(World& world, const std::string& id) {
  const int before = world.card->changes;
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::authority_mismatch);
  EXPECT_EQ(refused.error().details.at("differs"), "issuers");
  EXPECT_EQ(std::string(refused.error().details.at("case").as_string()), id);
  EXPECT_THAT(std::string(refused.error().details.at("en").as_string()), testing::HasSubstr("`issuers`"));
  EXPECT_EQ(world.card->changes, before);
  const auto kept = world.desk->load(id).value();
  EXPECT_EQ(kept.state, State::issuing);
  for (const auto& saga : kept.sagas) EXPECT_EQ(saga.phase, Phase::planned);
  EXPECT_THAT(world.store.kinds(id), testing::Not(testing::Contains("key.intent")));
  EXPECT_THAT(world.log.text, testing::HasSubstr("authority.issuers_unfit"));
}

TEST(Issuers, of_the_other_certificate_are_found_out_before_a_key_is_made_and_mended) {
  for (const auto layout : {Layout::single, Layout::spare}) {
    World world(only_authentication(layout));
    const auto right = world.issuers;
    configure(world, {right.front()});
    const auto id = world.ready();
    expect_refused_with_the_card_as_it_was(world, id);
    expect_refused_with_the_card_as_it_was(world, id);
    configure(world, right);
    world.expect_renewed(world.finish(id));
  }
}

TEST(Issuers, of_one_certificate_alone_are_found_out_before_either_has_begun) {
  for (const auto layout : {Layout::single, Layout::spare}) {
    World world({.layout = layout});
    const auto right = world.issuers;
    configure(world, {right.back()});
    const auto id = world.ready();
    expect_refused_with_the_card_as_it_was(world, id);
    EXPECT_EQ(world.issue(id).error().details.at("certificate"), "signature");
    configure(world, right);
    world.expect_renewed(world.finish(id));
  }
}

// The certificate was given back with the slot's key; meanwhile somebody has configured others.
TEST(Issuers, of_a_card_that_has_lost_its_key_are_refused_without_saying_that_it_is_as_it_was) {
  World world(only_authentication(Layout::single));
  const auto right = world.issuers;
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  ASSERT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).failure->remedy, renewal::Remedy::another_key);
  configure(world, {right.front()});
  const int before = world.card->changes;
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::authority_mismatch);
  EXPECT_EQ(refused.error().details.at("differs"), "issuers");
  EXPECT_THAT(std::string(refused.error().details.at("en").as_string()),
              testing::AllOf(testing::HasSubstr("stopped before a new key was made"),
                             testing::Not(testing::HasSubstr("as it was"))));
  EXPECT_THAT(std::string(refused.error().details.at("ja").as_string()),
              testing::Not(testing::HasSubstr("変更していません")));
  EXPECT_EQ(world.card->changes, before);
  EXPECT_THAT(world.desk->load(id)->attention.value().look_en, testing::HasSubstr("lost its old key"));
  configure(world, right);
  const auto done = world.finish(id);
  EXPECT_EQ(done.state, State::completed);
  EXPECT_EQ(world.on_card(CertificateName::authentication), done.sagas.at(0).new_certificate);
}

TEST(Issuers, that_are_not_the_authoritys_are_found_out_where_it_shows_none) {
  World world(only_authentication(Layout::single));
  configure(world, {world.issuers.front()});
  world.protocol->shown = authority::ShownIssuers{};
  const auto id = world.ready();
  expect_refused_with_the_card_as_it_was(world, id);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "the configuration", "clerk-7"})));
}

TEST(Issuers, that_the_authority_shows_in_place_of_the_old_ones_are_believed) {
  World world(only_authentication(Layout::single));
  configure(world, {world.issuers.front()});
  world.protocol->shown = authority::ShownIssuers{world.issuers, {}};
  const auto id = world.ready();
  // The development CA has not changed its name after all, so that what it issues is found not to fit.
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  EXPECT_THAT(world.store.kinds(id), testing::Contains("certificate.refused"));
}

TEST(Issuers, nobody_is_asked_about_where_one_has_issued_what_is_on_the_card) {
  World world(only_authentication());
  const auto id = world.ready();
  world.protocol->shown = authority::ShownIssuers{};
  world.expect_renewed(world.issue(id).value());
  EXPECT_EQ(world.line->posts, 4) << "whether it is there, the request, the confirmation and the revocation";
}

TEST(Issuers, are_not_judged_while_the_authority_does_not_answer) {
  World world(only_authentication(Layout::single));
  const auto right = world.issuers;
  configure(world, {right.front()});
  const auto id = world.ready();
  // Whether it is there has been answered, and what it shows is not.
  world.line->fate = [](int number) { return number == 1 ? Fate::delivered : Fate::lost_after; };
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  EXPECT_EQ(world.card->changes, before);
  EXPECT_THAT(world.log.text, testing::Not(testing::HasSubstr("authority.issuers_unfit")));
}

}  // namespace
}  // namespace madoguchi::counter::test
