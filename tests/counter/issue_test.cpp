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
using testing::Not;

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

// As by a test that gives up; a sanitizer tells what is touched after its end.
TEST(Issue, one_that_is_left_under_way_ends_before_its_desk) {
  World world(only_authentication());
  const auto id = world.ready();
  const auto begun = world.start(world.desk->issue(id, "clerk-7"));
  world.until([&] { return world.store.kinds(id).back() == "issue.begun"; });
  EXPECT_FALSE(begun->has_value());
  EXPECT_EQ(world.desk->under_way(), 1u);
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

TEST(Issue, no_pin_is_asked_for_on_a_card_that_cannot_be_written_to) {
  auto options = only_authentication();
  options.writable = false;
  World world(options);
  const auto refused = world.open();
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("cannot"), "write_card");
  EXPECT_FALSE(refused.error().details.at("ja").as_string().empty());
  const auto without = world.open("");
  ASSERT_TRUE(without) << base::describe(without.error());
  EXPECT_EQ(code_of(world.run(world.desk->update({without->id, {}, {}, reader_name, "clerk-7"}))),
            Code::conflict);
  EXPECT_TRUE(world.desk->load(without->id)->reader.empty());
  EXPECT_EQ(world.pins_sent(), 0);
}

TEST(Issue, a_card_that_cannot_be_written_to_can_be_received_for_another_day) {
  auto options = only_authentication();
  options.writable = false;
  World world(options);
  world.decide = [usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["outcome"] = "two_visits";
    return decided;
  };
  EXPECT_TRUE(world.open()) << "only the application is received today";
}

TEST(Issue, a_case_of_cards_that_could_be_written_to_does_not_begin_where_they_cannot) {
  World world(only_authentication());
  const auto id = world.ready();
  world.options.writable = false;
  world.restart();
  const auto begun = world.issue(id);
  ASSERT_EQ(code_of(begun), Code::conflict);
  EXPECT_EQ(begun.error().details.at("cannot"), "write_card");
  EXPECT_EQ(world.desk->load(id)->state, State::ready);
  EXPECT_THAT(world.store.kinds(id), Not(Contains("issue.begun")));
}

TEST(Issue, of_what_the_card_has_already_is_refused_with_its_last_day) {
  World world(only_authentication());
  bool renewed = false;
  world.decide = [&renewed, usual = world.decide](const boost::json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!renewed) return decided;
    decided->facts["wanted"] = boost::json::array{"authentication"};
    decided->facts["certificates"] = boost::json::object{
        {"authentication", boost::json::object{{"state", "valid"}, {"expires_on", "2031-04-10"}}}};
    decided->decision["outcome"] = "not_today";
    decided->decision["certificates"] =
        boost::json::object{{"authentication", boost::json::object{{"action", "none"}}}};
    decided->decision["findings"] = boost::json::array{boost::json::object{
        {"code", "window.too_early"},
        {"severity", "block"},
        {"message", boost::json::object{{"ja", "更新の受付はまだです。"}, {"en", "Too early."}}}}};
    return decided;
  };
  const auto id = world.open()->id;
  const auto unchecked = world.issue(id);
  ASSERT_EQ(code_of(unchecked), Code::conflict);
  EXPECT_EQ(unchecked.error().details.at("call"), "cases.verify_pin");
  EXPECT_EQ(unchecked.error().details.at("pin"), "resident_register");
  renewed = true;
  ASSERT_TRUE(world.verify(id, mynumber::PinName::authentication));
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("outcome"), "not_today");
  EXPECT_THAT(std::string(refused.error().details.at("ja").as_string()),
              testing::AllOf(testing::HasSubstr("利用者証明用電子証明書は2031年4月10日まで有効です。"),
                             testing::HasSubstr("更新の受付はまだです。")));
  EXPECT_THAT(std::string(refused.error().details.at("en").as_string()),
              testing::HasSubstr("is valid until 10 April 2031. Too early."));
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

TEST(Issue, waits_for_an_authority_only_so_long) {
  World world(only_authentication());
  const auto id = world.ready();
  world.order(R"({"fault": "waiting", "body": "cr", "polls": 1, "check_after": 3600})");
  EXPECT_EQ(code_of(world.issue(id)), Code::authority_waiting);
  EXPECT_EQ(world.desk->load(id)->state, State::issuing);
}

}  // namespace
}  // namespace madoguchi::counter::test
