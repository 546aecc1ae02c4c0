// After a confirmation whose fate is unclear: the authority is asked whether it stands by the new
// certificate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulated_issuer/register.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Options offering(std::set<CertificateName> wanted = {CertificateName::authentication}) {
  Options options;
  options.wanted = std::move(wanted);
  options.offers_status = true;
  return options;
}

// Away at first, the authority will say no to a confirmation that may have counted before.
std::string unclear(World& world) {
  auto id = world.ready();
  world.order(R"({"fault": "http_500", "body": "certConf"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.order(R"({"fault": "reject", "body": "certConf", "failure": "badRequest"})");
  return id;
}

// As World::expect_renewed(), but for one thing: the authority has counted no confirmation.
void expect_replaced(World& world, const renewal::Case& visit) {
  EXPECT_EQ(visit.state, State::completed);
  const auto folder = simulated_issuer::CaFolder::load(world.folder.path() / "ca").value();
  const auto entries = simulated_issuer::Register::open(folder).value();
  for (const auto& saga : visit.sagas) {
    EXPECT_EQ(world.on_card(saga.certificate), saga.new_certificate);
    EXPECT_FALSE(saga.confirmation_unclear);
    EXPECT_FALSE(saga.revocation_unclear);
    const auto revoked = [&](const base::Bytes& certificate) {
      const auto serial = mynumber::parse_certificate(certificate).value().serial;
      return entries.find(serial).value().value().revocation.has_value();
    };
    EXPECT_TRUE(revoked(saga.old_certificate));
    EXPECT_FALSE(revoked(saga.new_certificate));
  }
}

renewal::Saga saga_of(World& world, const std::string& id) {
  return world.desk->load(id)->sagas.at(0);
}

TEST(Status, good_and_the_old_certificate_is_revoked) {
  World world(offering());
  const auto id = unclear(world);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  expect_replaced(world, *done);
  EXPECT_FALSE(done->attention);
  EXPECT_EQ(world.status_line->posts, 1);
  const auto kinds = world.store.kinds(id);
  EXPECT_THAT(kinds, Contains("confirmation.unclear"));
  EXPECT_THAT(kinds, Contains("status.good"));
  EXPECT_THAT(kinds, Contains("revocation.done"));
}

TEST(Status, is_asked_for_only_where_it_matters) {
  World world(offering());
  world.expect_renewed(world.issue(world.ready()).value());
  EXPECT_EQ(world.status_line->posts, 0);
}

TEST(Status, that_nobody_offers_leaves_both_to_the_back_office) {
  World world(Options{.wanted = {CertificateName::authentication}});
  const auto id = unclear(world);
  const auto done = world.issue(id).value();
  EXPECT_EQ(done.state, State::completed);
  EXPECT_TRUE(done.sagas.at(0).confirmation_unclear);
  EXPECT_TRUE(done.sagas.at(0).revocation_unclear);
  EXPECT_EQ(world.status_line->posts, 0);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("revocation.sending")));
}

TEST(Status, revoked_ends_the_case_with_words_and_another_issues_anew) {
  World world(offering());
  const auto id = unclear(world);
  world.revoke(mynumber::parse_certificate(saga_of(world, id).new_certificate)->serial);
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  const auto stopped = world.desk->load(id).value();
  EXPECT_EQ(stopped.state, State::attention);
  EXPECT_THAT(stopped.attention->look_en, HasSubstr("authority has it as revoked"));
  EXPECT_TRUE(stopped.sagas.at(0).revocation_unclear);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("revocation.sending")));
  const int asked = world.status_line->posts;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  EXPECT_EQ(world.status_line->posts, asked) << "nothing is asked again";
  ASSERT_TRUE(world.run(world.desk->cancel({id, "revoked at the authority", "clerk-7"})));

  world.options.action = "issue_new";
  const auto done = world.finish(world.ready());
  EXPECT_EQ(done.state, State::completed);
  EXPECT_EQ(world.on_card(CertificateName::authentication), done.sagas.at(0).new_certificate);
}

TEST(Status, revoked_does_not_stop_the_other_certificate) {
  World world(offering({CertificateName::authentication, CertificateName::signature}));
  const auto id = unclear(world);
  world.revoke(mynumber::parse_certificate(saga_of(world, id).new_certificate)->serial);
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  const auto stopped = world.desk->load(id).value();
  EXPECT_EQ(stopped.state, State::partly_completed);
  EXPECT_EQ(stopped.sagas.at(1).phase, Phase::done);
  EXPECT_TRUE(stopped.attention);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "revoked at the authority", "clerk-7"})));
}

TEST(Status, that_nobody_answers_does_not_keep_the_citizen) {
  World world(offering({CertificateName::authentication, CertificateName::signature}));
  const auto id = unclear(world);
  world.status_line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  EXPECT_EQ(world.status_line->posts, 1) << "once a run";
  auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::confirmed);
  EXPECT_EQ(visit.sagas.at(1).phase, Phase::done) << "the other one is done meanwhile";
  EXPECT_FALSE(visit.attention);
  // The card goes home, the daemon asks again by itself.
  world.pull();
  world.restart();
  world.resume_until([&] {
    if (world.status_line->posts == 3) world.status_line->down = false;
    return world.desk->load(id)->state == State::completed;
  });
  EXPECT_EQ(world.status_line->posts, 4);
  expect_replaced(world, world.desk->load(id).value());
}

TEST(Status, that_nobody_ever_answers_is_left_to_the_back_office) {
  for (const bool clerk : {true, false}) {
    World world(offering());
    const auto id = unclear(world);
    world.status_line->down = true;
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
    if (clerk) {
      for (int tries = 2; tries < renewal::max_status_unanswered; ++tries) {
        EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
      }
      EXPECT_TRUE(world.issue(id));
    } else {
      world.resume_until([&] { return world.desk->load(id)->state == State::completed; });
    }
    EXPECT_EQ(world.status_line->posts, renewal::max_status_unanswered);
    const auto saga = saga_of(world, id);
    EXPECT_EQ(saga.phase, Phase::done);
    EXPECT_TRUE(saga.confirmation_unclear);
    EXPECT_TRUE(saga.revocation_unclear);
    const auto kinds = world.store.kinds(id);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "status.unanswered"), renewal::max_status_unanswered);
    EXPECT_THAT(kinds, Contains("revocation.withheld"));
  }
}

TEST(Status, an_answer_that_cannot_be_believed_is_asked_for_again_and_is_none) {
  World world(offering());
  const auto id = unclear(world);
  world.status_line->fate = [](int number) { return number == 1 ? Fate::spoilt : Fate::delivered; };
  expect_replaced(world, world.issue(id).value());
  EXPECT_EQ(world.status_line->posts, 2);
  EXPECT_THAT(world.log.text, HasSubstr("authority.answer_set_aside"));

  World worse(offering());
  const auto other = unclear(worse);
  worse.status_line->fate = [](int) { return Fate::spoilt; };
  EXPECT_EQ(code_of(worse.issue(other)), Code::authority_unreachable);
  EXPECT_EQ(saga_of(worse, other).status_unanswered, 1);
  EXPECT_EQ(saga_of(worse, other).phase, Phase::confirmed);
}

TEST(Status, that_the_daemons_end_cuts_short_was_not_asked) {
  World world(offering());
  const auto id = unclear(world);
  world.status_line->held = true;
  const auto under_way = world.start(world.desk->issue(id, "clerk-7"));
  world.until([&] { return world.status_line->posts > 0; });
  world.desk->stop();
  world.status_line->cancel();
  world.until([&] { return under_way->has_value(); });
  EXPECT_EQ(code_of(**under_way), Code::shutting_down);
  EXPECT_EQ(saga_of(world, id).status_unanswered, 0);
  EXPECT_EQ(saga_of(world, id).phase, Phase::confirmed);
}

}  // namespace
}  // namespace madoguchi::counter::test
