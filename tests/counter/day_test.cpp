// What is decided for a day, and by which clock: another day's case is received anew, and no key is made for
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "end_at_the_key.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::CertificateName;
using renewal::Phase;
using renewal::State;
using simulated_card::Layout;
using testing::Contains;

// Policy of another day: what was a renewal then is a new issuance now.
TEST(AnotherDay, what_began_on_paper_only_is_decided_anew_on_another_day) {
  World world(only_authentication());
  const auto id = world.ready();
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->down = false;
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  const auto anew = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
  ASSERT_TRUE(anew) << base::describe(anew.error());
  EXPECT_EQ(anew->state, State::open) << "the PINs are of another day";
  EXPECT_TRUE(anew->pins.empty());
  world.verify_all(id);
  const auto done = world.finish(id);
  EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
}

TEST(AnotherDay, what_is_left_of_a_case_is_not_done_otherwise_on_another_day) {
  Options options;
  options.two_authorities = true;
  World world(options);
  const auto id = world.ready();
  world.signature_line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.signature_line->down = false;
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_TRUE(stopped.error().details.contains("ja"));
  EXPECT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::planned);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "another day", "clerk-7"})));
}

TEST(AnotherDay, a_counter_whose_own_certificate_has_ended_costs_nothing) {
  World world(only_authentication(Layout::single));
  world.clock.advance(std::chrono::hours(24 * 365 * 40));
  const auto id = world.ready();
  const int before = world.card->changes;
  const auto refused = world.issue(id);
  EXPECT_EQ(code_of(refused), Code::authority_rejected);
  EXPECT_EQ(world.card->changes, before);
  EXPECT_EQ(world.line->posts, 0);
}

TEST(AnotherDay, a_counter_with_another_time_than_the_authoritys_costs_no_key) {
  for (const auto ahead : {std::chrono::minutes(7), std::chrono::minutes(-7)}) {
    World world(only_authentication(Layout::single));
    const auto id = world.ready();
    const int before = world.card->changes;
    world.protocol->ahead = ahead;
    const auto refused = world.issue(id);
    ASSERT_EQ(code_of(refused), Code::authority_clock);
    EXPECT_NEAR(static_cast<double>(refused.error().details.at("seconds").as_int64()),
                static_cast<double>(-std::chrono::seconds(ahead).count()), 30);
    EXPECT_EQ(world.card->changes, before);
    EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::planned);
    world.protocol->ahead = std::chrono::minutes(0);
    world.expect_renewed(world.finish(id));
  }
}

TEST(AnotherDay, an_authority_that_does_not_tell_its_time_is_no_hindrance) {
  World world(only_authentication());
  world.protocol->ahead = std::chrono::hours(2);
  world.protocol->tells_time = false;
  world.expect_renewed(world.issue(world.ready()).value());
}

TEST(AnotherDay, a_certificate_that_has_not_begun_is_kept_until_the_clock_is_set) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  // Set back behind the preflight, as by hand in the middle of a case.
  constexpr std::chrono::minutes back{20};
  bool set_back = false;
  world.store.on_commit = [&](int) {
    if (set_back || world.store.kinds(id).back() != "request.answered") return;
    set_back = true;
    world.clock.advance(-back);
  };
  const auto early = world.issue(id);
  ASSERT_EQ(code_of(early), Code::authority_clock);
  const auto kept = world.desk->load(id).value();
  EXPECT_EQ(kept.sagas.at(0).phase, Phase::enrolling);
  EXPECT_FALSE(kept.sagas.at(0).failure);
  const int made = world.card->changes;
  const int posts = world.line->posts;
  world.clock.advance(back);
  world.expect_renewed(world.finish(id));
  EXPECT_EQ(world.line->posts, posts + 2) << "confirmation and revocation: no other certificate is asked for";
  EXPECT_GT(world.card->changes, made);
  const auto kinds = world.store.kinds(id);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "key.made"), 1);
}

TEST(AnotherDay, an_answer_of_long_ago_does_not_count_for_the_second_certificate) {
  for (const auto passes : {std::chrono::minutes(0), renewal::answer_counts_for}) {
    World world;
    const auto id = world.ready();
    world.store.on_commit = [&](int) {
      if (world.store.kinds(id).back() == "revocation.done") world.clock.advance(passes);
    };
    const auto done = world.issue(id);
    ASSERT_TRUE(done);
    const auto kinds = world.store.kinds(id);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "authority.answered"), passes.count() == 0 ? 1 : 2);
  }
}

TEST(AnotherDay, a_key_that_was_never_made_is_decided_anew_on_another_day) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    World world(only_authentication(layout));
    const auto id = world.ready();
    end_at_the_key(world, id, false);
    ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_intended);
    world.clock.advance(std::chrono::hours(24));
    world.options.action = "issue_new";
    const int before = world.card->changes;
    const auto stopped = world.issue(id);
    ASSERT_EQ(code_of(stopped), Code::conflict);
    EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
    EXPECT_EQ(world.card->changes, before) << "no key is made";
    EXPECT_EQ(world.store.kinds(id).back(), "key.put_off");
    const auto anew = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
    ASSERT_TRUE(anew) << base::describe(anew.error());
    EXPECT_EQ(anew->state, State::open) << "the PINs are of another day";
    world.verify_all(id);
    const auto done = world.finish(id);
    EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
    EXPECT_EQ(world.on_card(CertificateName::authentication), done.sagas.at(0).new_certificate);
  }
}

TEST(AnotherDay, a_key_that_was_never_made_goes_on_where_another_day_decides_the_same) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  const auto decided = world.decide({}, {});
  world.decide = [&](const boost::json::object& facts, base::Instant) {
    return base::Result<Decided>(Decided{facts, decided->decision});
  };
  end_at_the_key(world, id, false);
  world.clock.advance(std::chrono::hours(24));
  world.expect_renewed(world.finish(id));
}

TEST(AnotherDay, a_key_that_was_made_goes_on_as_it_was_decided) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    World world(only_authentication(layout));
    const auto id = world.ready();
    end_at_the_key(world, id, true);
    ASSERT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_intended);
    world.clock.advance(std::chrono::hours(24));
    world.options.action = "issue_new";
    const auto done = world.finish(id);
    world.expect_renewed(done);
    EXPECT_EQ(done.sagas.at(0).action, renewal::Action::renew);
    EXPECT_THAT(world.store.kinds(id), Contains("key.found"));
  }
}

// The signature certificate may not outlive the other one: the new one, which is on its way, and not the one
// that ends.
TEST(AnotherDay, what_has_begun_counts_for_the_rest_as_what_it_is_going_to_be) {
  World world;
  const auto id = world.ready();
  end_at_the_key(world, id, true);
  const auto before = world.desk->load(id);
  ASSERT_TRUE(before);
  const auto until = json::value(base::format_date(before->sagas.at(0).preview));
  const auto held = before->facts.at("certificates").at("authentication").at("expires_on");
  ASSERT_NE(json::serialize(held), json::serialize(until));
  std::vector<std::string> seen;
  world.decide = [&, usual = world.decide](const json::object& facts, base::Instant received) {
    const auto* wanted = facts.if_contains("wanted");
    if (wanted != nullptr && *wanted == json::array{"signature"})
      seen.push_back(json::serialize(facts.at("certificates").at("authentication").at("expires_on")));
    return usual(facts, received);
  };
  const auto told = world.run(world.desk->update({id, {}, json::object{{"office", "main"}}, {}, "clerk-7"}));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_THAT(seen, testing::Not(testing::IsEmpty()));
  EXPECT_THAT(seen, testing::Each(json::serialize(until)));
  EXPECT_EQ(json::serialize(told->facts.at("certificates").at("authentication").at("expires_on")),
            json::serialize(held))
      << "the card holds it still";
  world.expect_renewed(world.finish(id));
}

// The old key is gone: the card is no dead one because of what has not begun.
TEST(AnotherDay, what_has_begun_is_done_where_another_day_decides_otherwise_about_the_rest) {
  Options options;
  options.layout = Layout::single;
  World world(options);
  const auto id = world.ready();
  end_at_the_key(world, id, true);
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  world.put_back();
  auto told = world.issue(id);
  for (int again = 0; again < 4 && code_of(told) == Code::pin_required; ++again) {
    world.verify_all(id);
    told = world.issue(id);
  }
  // Done, and told why the rest was not.
  EXPECT_EQ(code_of(told), Code::conflict);
  EXPECT_EQ(world.desk->load(id)->state, State::partly_completed);
  const auto sagas = world.desk->load(id)->sagas;
  EXPECT_EQ(sagas.at(0).phase, Phase::done);
  EXPECT_EQ(sagas.at(1).phase, Phase::planned);
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_TRUE(world.run(world.desk->cancel({id, "another day", "clerk-7"})));
}

TEST(AnotherDay, a_key_that_may_have_been_made_is_looked_for_before_anything_else_on_another_day) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  end_at_the_key(world, id, false);
  world.pull();
  world.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(code_of(world.issue(id)), Code::card_absent);
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::attention);
  EXPECT_THAT(visit.attention.value().look_en, testing::HasSubstr("whether the card still has its old key"));
}

TEST(AnotherDay, none_that_begins_between_the_decision_and_the_key_lets_it_be_made) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  const int before = world.card->changes;
  world.store.on_commit = [&](int) {
    if (world.store.kinds(id).back() == "key.intent") world.clock.advance(std::chrono::hours(24));
  };
  world.protocol->tells_time = false;
  EXPECT_FALSE(world.issue(id));
  world.store.on_commit = nullptr;
  EXPECT_EQ(world.card->changes, before);
  EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_intended);
}

// The card has lost its old key, lies on the reader over night and is open still.
TEST(AnotherDay, a_pin_of_the_day_before_opens_no_other_key) {
  World world(only_authentication(Layout::single));
  const auto ends = base::format_date(base::add_months_clamped(base::date_in_japan(world.clock.now()), 48));
  world.decide = [usual = world.decide, ends](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["certificates"].as_object()["authentication"].as_object()["new_expires_on"] = ends;
    return decided;
  };
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_subject", "body": "cr"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_mismatch);
  world.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(world.desk->held(reader_name));
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::pin_required);
  EXPECT_EQ(stopped.error().details.at("pin"), "resident_register") << "the first of them";
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.verify_all(id);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done, 1);
}

}  // namespace
}  // namespace madoguchi::counter::test
