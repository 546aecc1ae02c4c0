// cases.issue from a ready case to new certificates, and what stops it.
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
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Options only_authentication(Layout layout = Layout::spare) {
  Options options;
  options.layout = layout;
  options.wanted = {CertificateName::authentication};
  return options;
}

// The commands that change the card for good. A key that is only looked at has the same instruction as one
// that is made, so what the card remembers is counted.
int changes(const World& world) {
  return world.card->changes;
}

TEST(Issue, renews_both_certificates_and_lets_the_card_go) {
  World world;
  const auto id = world.ready();
  ASSERT_TRUE(world.desk->held(reader_name));
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
  EXPECT_FALSE(world.desk->held(reader_name));
  EXPECT_EQ(world.desk->under_way(), 0u);
  EXPECT_EQ(world.published.back().type, "case.completed");
}

TEST(Issue, every_irreversible_step_is_announced_before_it_is_taken) {
  World world(only_authentication());
  const auto id = world.ready();
  // What the journal's last word is when the card or the authority is changed.
  std::vector<std::string> before_change;
  int known = changes(world);
  world.card->disturb = [&](int) {
    if (const int now = changes(world); now != known) {
      known = now;
      before_change.push_back(world.store.kinds(id).back());
    }
    return Act::answer;
  };
  const auto done = world.issue(id);
  ASSERT_TRUE(done);
  EXPECT_THAT(std::set<std::string>(before_change.begin(), before_change.end()),
              testing::IsSubsetOf({"key.intent", "key.made", "certificate.intent", "certificate.written",
                                   "activation.intent", "activation.done"}));
  EXPECT_THAT(before_change, Contains("certificate.intent"));
  EXPECT_THAT(
      world.store.kinds(id),
      ElementsAre("case.opened", "pin.intent", "pin.matched", "pin.intent", "pin.matched", "issue.begun",
                  "authority.answered", "key.intent", "key.made", "request.signed", "request.sending",
                  "request.answered", "certificate.intent", "certificate.written", "activation.intent",
                  "activation.done", "confirmation.sending", "confirmation.answered", "confirmation.done",
                  "revocation.sending", "revocation.answered", "revocation.done", "case.completed"));
}

TEST(Issue, is_refused_until_the_case_is_ready) {
  World world;
  const auto id = world.open()->id;
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  EXPECT_EQ(code_of(world.issue("nowhere")), Code::not_found);
  const auto unread = world.open("")->id;
  EXPECT_EQ(code_of(world.verify(unread, mynumber::PinName::authentication)), Code::conflict) << "no reader";
}

TEST(Issue, again_after_the_end_is_the_end) {
  World world(only_authentication());
  const auto id = world.ready();
  const auto done = world.issue(id);
  ASSERT_TRUE(done);
  const int commits = world.store.commits;
  const int posts = world.line->posts;
  const auto again = world.issue(id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->revision, done->revision);
  EXPECT_EQ(world.store.commits, commits);
  EXPECT_EQ(world.line->posts, posts);
}

TEST(Issue, two_calls_at_once_are_one_renewal) {
  World world(only_authentication());
  const auto id = world.ready();
  const auto first = world.start(world.desk->issue(id, "clerk-7"));
  const auto second = world.start(world.desk->issue(id, "clerk-8"));
  world.until([&] { return first->has_value() && second->has_value(); });
  ASSERT_TRUE(**first);
  ASSERT_TRUE(**second);
  EXPECT_EQ((**first)->revision, (**second)->revision);
  world.expect_renewed(***second);
}

TEST(Issue, an_authority_that_is_away_from_the_start_costs_nothing) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    World world(only_authentication(layout));
    const auto id = world.ready();
    const int before = changes(world);
    world.line->down = true;
    const auto refused = world.issue(id);
    EXPECT_EQ(code_of(refused), Code::authority_unreachable);
    EXPECT_EQ(changes(world), before);
    EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::planned);
    EXPECT_THAT(world.store.kinds(id), Not(Contains("key.intent")));
    world.line->down = false;
    world.expect_renewed(world.finish(id));
  }
}

TEST(Issue, a_single_slot_whose_key_is_gone_says_so_the_first_time_too) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  world.line->fate = [](int number) { return number == 2 ? Fate::lost_before : Fate::delivered; };
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::attention);
  EXPECT_THAT(visit.attention.value().look_en, testing::HasSubstr("lost its old key"));
  world.expect_renewed(world.finish(id));
}

// Policy of another day: what was a renewal then is a new issuance now.
TEST(Issue, what_began_on_paper_only_is_decided_anew_on_another_day) {
  World world(only_authentication());
  const auto id = world.ready();
  world.line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  world.line->down = false;
  world.clock.advance(std::chrono::hours(24));
  world.options.action = "issue_new";
  const int before = changes(world);
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("call"), "cases.update");
  EXPECT_EQ(changes(world), before) << "no key is made";
  const auto anew = world.run(world.desk->update({id, {}, {}, {}, "clerk-7"}));
  ASSERT_TRUE(anew) << base::describe(anew.error());
  EXPECT_EQ(anew->state, State::open) << "the PINs are of another day";
  EXPECT_TRUE(anew->pins.empty());
  world.verify_all(id);
  const auto done = world.finish(id);
  EXPECT_EQ(done.sagas.at(0).action, renewal::Action::issue_new);
}

TEST(Issue, what_is_left_of_a_case_is_not_done_otherwise_on_another_day) {
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
  EXPECT_EQ(stopped.error().details.at("call"), "cases.cancel");
  EXPECT_EQ(world.desk->load(id)->sagas.at(1).phase, Phase::planned);
  EXPECT_TRUE(world.run(world.desk->cancel({id, "another day", "clerk-7"})));
}

TEST(Issue, a_counter_whose_own_certificate_has_ended_costs_nothing) {
  World world(only_authentication(Layout::single));
  world.clock.advance(std::chrono::hours(24 * 365 * 40));
  const auto id = world.ready();
  const int before = changes(world);
  const auto refused = world.issue(id);
  EXPECT_EQ(code_of(refused), Code::authority_rejected);
  EXPECT_EQ(changes(world), before);
  EXPECT_EQ(world.line->posts, 0);
}

TEST(Issue, a_counter_with_another_time_than_the_authoritys_costs_no_key) {
  for (const auto ahead : {std::chrono::minutes(7), std::chrono::minutes(-7)}) {
    World world(only_authentication(Layout::single));
    const auto id = world.ready();
    const int before = changes(world);
    world.protocol->ahead = ahead;
    const auto refused = world.issue(id);
    ASSERT_EQ(code_of(refused), Code::authority_clock);
    EXPECT_NEAR(static_cast<double>(refused.error().details.at("seconds").as_int64()),
                static_cast<double>(-std::chrono::seconds(ahead).count()), 30);
    EXPECT_EQ(changes(world), before);
    EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::planned);
    world.protocol->ahead = std::chrono::minutes(0);
    world.expect_renewed(world.finish(id));
  }
}

TEST(Issue, an_authority_that_does_not_tell_its_time_is_no_hindrance) {
  World world(only_authentication());
  world.protocol->ahead = std::chrono::hours(2);
  world.protocol->tells_time = false;
  world.expect_renewed(world.issue(world.ready()).value());
}

TEST(Issue, a_certificate_that_has_not_begun_is_kept_until_the_clock_is_set) {
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
  const int made = changes(world);
  const int posts = world.line->posts;
  world.clock.advance(back);
  world.expect_renewed(world.finish(id));
  EXPECT_EQ(world.line->posts, posts + 2) << "confirmation and revocation: no other certificate is asked for";
  EXPECT_GT(changes(world), made);
  const auto kinds = world.store.kinds(id);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "key.made"), 1);
}

TEST(Issue, the_second_certificates_own_authority_is_asked_too) {
  Options options;
  options.layout = Layout::single;
  options.two_authorities = true;
  World world(options);
  const auto id = world.ready();
  const auto old = world.on_card(CertificateName::signature);
  world.signature_line->down = true;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_unreachable);
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::done);
  EXPECT_EQ(visit.sagas.at(1).phase, Phase::planned);
  EXPECT_EQ(world.on_card(CertificateName::signature), old);
  world.signature_line->down = false;
  world.expect_renewed(world.finish(id));
}

TEST(Issue, an_answer_of_long_ago_does_not_count_for_the_second_certificate) {
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

TEST(Issue, the_signature_certificate_does_not_outlive_the_other_even_after_a_crash_between_them) {
  World world;
  const auto id = world.ready();
  world.order(R"({"fault": "wrong_dates", "body": "cr", "days": -100})");
  // The commit that ends the first saga is the last thing that happens before the daemon is gone.
  world.store.on_commit = [&](int) {
    if (world.store.kinds(id).back() == "revocation.done") world.desk->stop();
  };
  EXPECT_EQ(code_of(world.issue(id)), Code::shutting_down);
  world.store.on_commit = nullptr;
  world.restart();
  const auto done = world.finish(id);
  world.expect_renewed(done);
  const auto authentication = mynumber::parse_certificate(done.sagas.at(0).new_certificate).value();
  const auto signature = mynumber::parse_certificate(done.sagas.at(1).new_certificate).value();
  EXPECT_LE(signature.last_day, authentication.last_day);
}

TEST(Issue, a_certificate_that_was_given_back_is_followed_by_another_key) {
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

TEST(Issue, a_certificate_that_is_too_large_for_the_card_is_given_back_before_anything_is_written) {
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

TEST(Issue, a_generation_of_cards_that_cannot_be_written_to_does_not_begin) {
  auto options = only_authentication();
  options.writable = false;
  World world(options);
  const auto id = world.ready();
  EXPECT_EQ(code_of(world.issue(id)), Code::card_unknown);
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("issue.begun")));
}

TEST(Issue, one_bad_signature_is_no_lost_key) {
  World world(only_authentication(Layout::single));
  const auto id = world.ready();
  world.card->instead = [](const auto& command) -> std::optional<base::Bytes> {
    if (command.ins != instruction::sign) return std::nullopt;
    base::Bytes answer(258, 0x11);
    answer[256] = 0x90;
    answer[257] = 0x00;
    return answer;
  };
  EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("key.lost")));
  const auto key = world.desk->load(id)->sagas.at(0).key;
  world.card->instead = nullptr;
  const auto done = world.finish(id);
  EXPECT_EQ(done.sagas.at(0).key, key);
  world.expect_renewed(done);
}

TEST(Issue, a_certificate_for_another_key_leaves_this_key_as_it_was) {
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

TEST(Issue, a_refusal_keeps_the_key_for_the_next_try) {
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

TEST(Issue, what_a_person_must_look_at_stays_where_it_is) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "reject", "body": "cr", "failure": "duplicateCertReq"})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  const int posts = world.line->posts;
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
  EXPECT_EQ(world.line->posts, posts) << "nothing is sent again";
}

TEST(Issue, a_single_slot_goes_on_with_another_key_after_a_person_has_looked) {
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

// The authority says so only once the new key has been made.
TEST(Issue, a_certificate_that_is_revoked_already_is_issued_anew_by_another_case) {
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

TEST(Issue, a_card_that_does_not_keep_its_certificate_is_written_again_another_time) {
  for (const auto layout : {Layout::spare, Layout::single}) {
    World world(only_authentication(layout));
    const auto id = world.ready();
    world.card->keeps_writes = false;
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(code_of(world.issue(id)), Code::card_refused);
      const auto stopped = world.desk->load(id).value();
      EXPECT_EQ(stopped.state, State::attention);
      EXPECT_THAT(stopped.attention->look_en, testing::HasSubstr("writes once more"));
      const auto kinds = world.store.kinds(id);
      EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "certificate.written"), 3 * (round + 1));
    }
    world.card->keeps_writes = true;
    world.expect_renewed(world.finish(id));
    const auto kinds = world.store.kinds(id);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "request.sending"), 1) << "the same certificate";
  }
}

TEST(Issue, a_certificate_that_the_card_has_none_of_does_not_keep_the_other_back) {
  Options options;
  options.citizen = simulated_card::CitizenKind::no_signature;
  World world(options);
  const auto id = world.open()->id;
  // Such a card has no signature PIN either.
  ASSERT_TRUE(world.verify(id, mynumber::PinName::resident_register));
  ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::conflict);
  EXPECT_EQ(stopped.error().details.at("certificate"), "signature");
  const auto visit = world.desk->load(id).value();
  EXPECT_EQ(visit.state, State::partly_completed);
  EXPECT_EQ(visit.sagas.at(0).phase, Phase::done);
  EXPECT_THAT(visit.attention.value().look_en, testing::HasSubstr("no signature certificate"));
  EXPECT_EQ(world.on_card(CertificateName::authentication), visit.sagas.at(0).new_certificate);
  EXPECT_TRUE(
      world.run(world.desk->cancel({id, "the signature certificate is issued elsewhere", "clerk-7"})));
}

TEST(Issue, waits_for_an_authority_only_so_long) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "waiting", "body": "cr", "polls": 1, "check_after": 3600})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_waiting);
  EXPECT_EQ(world.desk->load(id)->state, State::issuing);
}

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

}  // namespace
}  // namespace madoguchi::counter::test
