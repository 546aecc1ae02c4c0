// What the authority refuses, and what this counter refuses of the authority's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "renewal/codec.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using simulated_card::Layout;

TEST(Refused, a_certificate_that_was_given_back_is_followed_by_another_key) {
  for (const auto* fault : {R"({"fault": "wrong_subject", "body": "cr"})",
                            R"({"fault": "wrong_dates", "body": "cr", "days": 1})"}) {
    SCOPED_TRACE(fault);
    World world(only_authentication());
    const auto id = world.ready();
    world.order(fault);
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
    const auto stopped = world.desk->load(id).value();
    EXPECT_EQ(stopped.state, State::attention);
    const auto burnt = stopped.sagas.at(0).key;
    const auto done = world.issue(id);
    ASSERT_TRUE(done) << base::describe(done.error());
    EXPECT_NE(done->sagas.at(0).key, burnt);
    world.expect_renewed(*done, 1);
  }
}

TEST(Refused, a_certificate_that_is_too_large_for_the_card_is_given_back_before_anything_is_written) {
  auto options = only_authentication(Layout::single);
  options.certificate_size = 600;
  World world(options);
  const auto id = world.ready();
  const auto old = world.on_card(CertificateName::authentication);
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  EXPECT_EQ(world.on_card(CertificateName::authentication), old);
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::attention);
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::failed);
  const auto issued = world.issued(CertificateName::authentication);
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_TRUE(issued.front().revocation) << "the authority knows";
}

TEST(Refused, a_certificate_for_another_key_leaves_this_key_as_it_was) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_key", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  const auto key = world.desk->load(id)->sagas.at(0).key;
  const auto done = world.issue(id);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->sagas.at(0).key, key);
  world.expect_renewed(*done, 1);
}

// Whoever answers a refusal with an error may keep the certificate as good: nobody else would notice.
TEST(Refused, a_certificate_whose_refusal_was_not_taken_is_for_the_back_office_to_ask_about) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_key", "body": "cr"})");
  world.order(R"({"fault": "reject", "body": "certConf", "failure": "systemFailure"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  EXPECT_EQ(world.store.kinds(id).back(), "case.stopped");
  EXPECT_THAT(world.store.kinds(id), testing::Contains("refusal.unclear"));
  EXPECT_THAT(world.store.kinds(id), testing::Not(testing::Contains("refusal.done")));
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_TRUE(done->sagas.at(0).refusal_unclear) << "another try does not change it";
  const auto shown = renewal::to_public(*done).at("certificates").at("authentication");
  EXPECT_EQ(shown.at("refusal_unclear"), true);
  const auto issued = world.issued(CertificateName::authentication);
  EXPECT_EQ(std::count_if(issued.begin(), issued.end(), [](const auto& entry) { return !entry.revocation; }),
            2)
      << "there it is";
}

TEST(Refused, a_refusal_keeps_the_key_for_the_next_try) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  EXPECT_EQ(world.desk->load(id)->state, State::attention);
  const auto key = world.desk->load(id)->sagas.at(0).key;
  const auto done = world.issue(id);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->sagas.at(0).key, key);
  world.expect_renewed(*done);
}

TEST(Refused, what_a_person_must_look_at_stays_where_it_is) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "duplicateCertReq"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  const int posts = world.line->posts;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  EXPECT_EQ(world.line->posts, posts) << "nothing is sent again";
}

TEST(Refused, a_single_slot_goes_on_with_another_key_after_a_person_has_looked) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "duplicateCertReq"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  const auto stopped = world.desk->load(id).value();
  EXPECT_EQ(stopped.state, State::attention);
  EXPECT_EQ(code_of(world.run(world.desk->cancel({id, "-", "clerk-7"}))), Code::conflict);
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  EXPECT_THAT(world.desk->load(id)->attention.value().look_en, testing::HasSubstr("lost its old key"));
  world.line->down = false;
  const auto done = world.finish(id);
  EXPECT_NE(done.sagas.at(0).key, stopped.sagas.at(0).key);
  world.expect_renewed(done);
}

TEST(Refused, another_key_is_made_by_the_decision_of_the_day_that_it_is_made_on) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    SCOPED_TRACE(name(layout));
    World world(only_authentication(layout));
    const auto id = world.ready();
    world.order(R"({"fault": "wrong_subject", "body": "cr"})");
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
    ASSERT_EQ(world.desk->load(id)->sagas.at(0).failure->remedy, renewal::Remedy::another_key);
    world.clock.advance(std::chrono::hours(24));
    world.restart();
    world.options.action = "issue_new";
    world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      if (!facts.contains("office")) decided->decision["outcome"] = "not_today";
      return decided;
    };
    const int before = world.card->changes;
    const auto update = [&](std::optional<boost::json::object> facts) {
      return world.run(world.desk->update({id, {}, std::move(facts), {}, "clerk-7"}));
    };
    const auto turned_away = world.issue(id);
    ASSERT_EQ(code_of(turned_away), Code::conflict);
    EXPECT_EQ(turned_away.error().details.at("call"), "cases.update");
    ASSERT_TRUE(update({}));
    EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
    const auto anew = update(boost::json::object{{"office", "main"}});
    ASSERT_TRUE(anew) << base::describe(anew.error());
    EXPECT_EQ(anew->decision.at("certificates").at("authentication").at("action"), "issue_new");
    EXPECT_TRUE(anew->pins.empty()) << "of another day";
    EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
    EXPECT_EQ(world.card->changes, before) << "no key is made before";
    world.verify_all(id);
    const auto done = world.finish(id);
    EXPECT_EQ(done.state, State::completed);
    EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
    EXPECT_EQ(world.on_card(CertificateName::authentication), done.sagas.at(0).new_certificate);
  }
}

// A run that was about to make it has only looked at the card.
TEST(Refused, another_key_that_was_about_to_be_made_is_decided_by_the_next_day_as_well) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  const auto burnt = world.desk->load(id)->sagas.at(0).key;
  world.restart();
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required);
  ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_intended);
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  const auto left = world.desk->load(id).value();
  EXPECT_EQ(left.sagas.at(0).phase, Phase::planned);
  EXPECT_EQ(left.sagas.at(0).key_before, burnt);
  EXPECT_THAT(left.attention.value().look_en, testing::HasSubstr("has lost its old key"));
  EXPECT_EQ(code_of(world.run(world.desk->cancel({id, "another day", "clerk-7"}))), Code::conflict);
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"})));
  EXPECT_EQ(world.card->changes, before) << "no key is made before";
  world.verify_all(id);
  const auto done = world.finish(id);
  EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
  EXPECT_NE(done.sagas.at(0).key, burnt);
}

// It would be the key of somebody who may not have it, made by a decision that nobody sees any more.
TEST(Refused, another_key_is_made_for_nobody_who_is_turned_away_on_the_same_day) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* visitor = facts.if_contains("visitor");
    if (visitor == nullptr || visitor->at("role") != "proxy") return decided;
    decided->decision["outcome"] = "not_today";
    decided->decision["certificates"] = boost::json::object();
    decided->decision["pins_required"] = boost::json::array();
    return decided;
  };
  const auto comes = [&](const char* role) {
    const boost::json::object facts{{"visitor", boost::json::object{{"role", role}}}};
    return world.run(world.desk->update({id, {}, facts, {}, "clerk-7"}));
  };
  const auto proxy = comes("proxy");
  ASSERT_TRUE(proxy) << base::describe(proxy.error());
  ASSERT_EQ(proxy->decision.at("outcome"), "not_today");
  const int before = world.card->changes;
  const auto turned_away = world.issue(id);
  ASSERT_EQ(code_of(turned_away), Code::conflict);
  EXPECT_EQ(turned_away.error().details.at("call"), "cases.update");
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  ASSERT_TRUE(comes("holder"));
  world.expect_renewed(world.finish(id), 1);
}

// The card has lost its old key and is held still, open by the PINs of somebody who has left.
TEST(Refused, another_key_is_made_by_nobody_who_has_entered_no_pin) {
  const auto as_role = [](const char* role) {
    return boost::json::object{{"visitor", boost::json::object{{"role", role}}}};
  };
  for (const auto* fault : {R"({"fault": "wrong_subject", "body": "cr"})",
                            R"({"fault": "reject", "body": "cr", "failure": "duplicateCertReq"})"}) {
    for (const auto* next : {"proxy", "holder"}) {
      SCOPED_TRACE(std::string(fault) + ", then a " + next);
      World world(only_authentication(Layout::single));
      const auto id = world.open(reader_name, as_role("proxy"))->id;
      world.verify_all(id);
      world.order(fault);
      EXPECT_FALSE(world.issue(id));
      const auto burnt = world.desk->load(id)->sagas.at(0).key;
      ASSERT_TRUE(world.desk->held(reader_name));
      UpdateRequest request{id, {}, as_role(next), {}, "clerk-7"};
      request.visitor_changed = next == std::string_view("proxy");
      const auto told = world.run(world.desk->update(std::move(request)));
      ASSERT_TRUE(told) << base::describe(told.error());
      EXPECT_EQ(told->decision.at("outcome"), "complete_today");
      const int before = world.card->changes;
      const auto stopped = world.issue(id);
      ASSERT_EQ(code_of(stopped), Code::pin_required);
      EXPECT_EQ(stopped.error().details.at("pin"), "resident_register") << "the first of them";
      EXPECT_EQ(world.card->changes, before) << "no key is made";
      const auto done = world.finish(id);
      EXPECT_NE(done.sagas.at(0).key, burnt);
      EXPECT_EQ(world.on_card(CertificateName::authentication), done.sagas.at(0).new_certificate);
    }
  }
}

// The key of the first was not turned away yet when the second came.
TEST(Refused, a_key_that_is_asked_for_later_is_made_for_whoever_has_come_since) {
  World world(only_authentication());
  world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* papers = facts.if_contains("documents");
    if (papers == nullptr || papers->as_array().empty()) decided->decision["outcome"] = "not_today";
    return decided;
  };
  const boost::json::object form{
      {"documents", boost::json::array{boost::json::object{{"type", "reply_form"}}}}};
  const auto id = world.open(reader_name, form)->id;
  world.verify_all(id);
  world.order(R"({"fault": "wrong_key", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  ASSERT_FALSE(renewal::key_to_be_made(world.desk->load(id)->sagas.at(0)));
  UpdateRequest request{id, {}, {}, {}, "clerk-7"};
  request.visitor_changed = true;
  const auto told = world.run(world.desk->update(std::move(request)));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_TRUE(told->pins.empty());
  EXPECT_FALSE(world.desk->held(reader_name)) << "open by the PINs of the first";
  EXPECT_EQ(code_of(world.issue(id)), Code::pin_required) << "of what has begun, too";
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  world.verify_all(id);
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  const int before = world.card->changes;
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict) << "the second has no papers";
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  ASSERT_TRUE(world.run(world.desk->update({id, {}, form, {}, "clerk-7"})));
  world.expect_renewed(world.finish(id), 2);
}

TEST(Refused, whoever_stays_for_another_key_enters_no_pin_twice) {
  World world(only_authentication(Layout::single));
  const boost::json::object proxy{{"visitor", boost::json::object{{"role", "proxy"}}}};
  const auto id = world.open(reader_name, proxy)->id;
  world.verify_all(id);
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  auto facts = proxy;
  facts["documents"] = boost::json::array{boost::json::object{{"type", "passport"}}};
  ASSERT_TRUE(world.run(world.desk->update({id, {}, facts, {}, "clerk-7"})));
  const int sent = world.pins_sent();
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(world.pins_sent(), sent);
  world.expect_renewed(*done, 1);
}

// What never began says nothing of what has cost the card its key.
TEST(Refused, another_key_is_decided_anew_beside_a_rest_that_is_not_done_any_more) {
  Options options;
  options.layout = Layout::single;
  World world(options);
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  world.options.wanted = {CertificateName::authentication};
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  const auto anew = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
  ASSERT_TRUE(anew) << base::describe(anew.error());
  EXPECT_EQ(anew->sagas.at(0).action, renewal::Action::issue_new);
  EXPECT_EQ(anew->sagas.at(1).action, renewal::Action::renew) << "as it was";
  world.verify_all(id);
  const auto done = world.issue(id);
  ASSERT_EQ(code_of(done), Code::conflict) << "the other is not to be done";
  EXPECT_EQ(done.error().details.at("certificate"), "signature");
  EXPECT_EQ(done.error().details.at("call"), "cases.cancel");
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::done);
  EXPECT_EQ(world.on_card(CertificateName::authentication), visit.sagas.at(0).new_certificate);
  EXPECT_EQ(visit.sagas.at(1).phase, Phase::planned);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "not to be done", "clerk-7"})));
}

// The authority says so only once the new key has been made.
TEST(Refused, a_certificate_that_is_revoked_already_is_issued_anew_by_another_case) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    World world(only_authentication(layout));
    const auto old = mynumber::parse_certificate(world.on_card(CertificateName::authentication)).value();
    world.revoke(old.serial);
    const auto id = world.ready();
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
    const int posts = world.line->posts;
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
    EXPECT_EQ(world.line->posts, posts) << "nothing is sent again";
    EXPECT_EQ(world.desk->load(id)->state, State::attention);
    EXPECT_THAT(world.desk->load(id)->attention->look_en, testing::HasSubstr("new issuance"));
    ASSERT_TRUE(world.run(world.desk->cancel({id, "revoked before", "clerk-7"})));

    world.options.action = "issue_new";
    world.expect_renewed(world.finish(world.ready()));
  }
}

}  // namespace
}  // namespace madoguchi::counter::test
