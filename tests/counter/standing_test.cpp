// What the authority says of the certificates on a card: asked for on request only, and then a fact.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "renewal/codec.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using authority::Standing;
using mynumber::CertificateName;
using mynumber::PinName;

class StandingOnCard : public testing::Test {
 protected:
  static Options offering() {
    Options options;
    options.offers_status = true;
    return options;
  }

  void revoke(CertificateName which) {
    world.revoke(mynumber::parse_certificate(world.on_card(which)).value().serial);
  }

  base::Result<renewal::Case> open(const char* told, bool ask) {
    return open(told, ask ? AskStatus::anew : AskStatus::never);
  }
  base::Result<renewal::Case> open(const char* told, AskStatus ask) {
    OpenRequest request{{{"certificates", json::object{{"authentication", json::object{{"state", told}}}}}},
                        reader_name,
                        "clerk-7",
                        {}};
    request.ask_status = ask;
    return world.run(world.desk->open(std::move(request)));
  }
  base::Result<renewal::Case> update(const std::string& id, json::object facts, bool ask) {
    UpdateRequest request{id, {}, std::move(facts), {}, "clerk-7"};
    request.ask_status = ask ? AskStatus::anew : AskStatus::never;
    if (ask) request.reader = reader_name;
    return world.run(world.desk->update(std::move(request)));
  }
  base::Result<PinReply> verify(const std::string& id, PinName pin, AskStatus ask) {
    auto request = world.pin_request(id, pin);
    request.ask_status = ask;
    return world.run(world.desk->verify_pin(std::move(request)));
  }
  Later<Statuses> both(std::map<CertificateName, base::Bytes> asked) {
    co_return co_await world.desk->statuses(std::move(asked));
  }
  static std::string state_of(const base::Result<renewal::Case>& visit, const char* name = "authentication") {
    return visit ? std::string(visit->facts.at("certificates").at(name).at("state").get_string())
                 : base::describe(visit.error());
  }
  static json::object statuses(const base::Result<renewal::Case>& visit) {
    const auto shown = renewal::to_public(visit.value());
    const auto* told = shown.if_contains("certificate_status");
    return told == nullptr ? json::object() : told->get_object();
  }
  static json::object told(const char* state) {
    return {{"certificates", json::object{{"authentication", json::object{{"state", state}}}}}};
  }

  World world{offering()};
};

TEST_F(StandingOnCard, what_was_good_is_told_no_more_once_the_authority_has_refused) {
  const auto opened = open("valid", true);
  ASSERT_TRUE(statuses(opened).contains("authentication"));
  world.verify_all(opened->id);
  revoke(CertificateName::authentication);
  EXPECT_EQ(code_of(world.issue(opened->id)), base::Code::authority_rejected);
  EXPECT_FALSE(statuses(world.desk->load(opened->id)).contains("authentication"));
}

TEST_F(StandingOnCard, nobody_is_asked_unless_it_is_wanted) {
  ASSERT_TRUE(world.run(world.desk->inspect(reader_name)));
  const auto opened = open("valid", false);
  EXPECT_EQ(state_of(opened), "valid");
  EXPECT_EQ(world.status_line->posts, 0);
  EXPECT_TRUE(statuses(opened).empty());
}

TEST_F(StandingOnCard, a_revocation_wins_over_what_was_typed_and_stays) {
  revoke(CertificateName::authentication);
  const auto opened = open("valid", true);
  ASSERT_EQ(state_of(opened), "revoked");
  EXPECT_EQ(statuses(opened).at("authentication").at("status"), "revoked");
  EXPECT_EQ(statuses(opened).at("authentication").at("source"), "ocsp");
  EXPECT_TRUE(statuses(opened).at("authentication").as_object().contains("as_of"));
  EXPECT_EQ(state_of(update(opened->id, told("valid"), false)), "revoked");
  world.clock.advance(std::chrono::hours(48));
  EXPECT_EQ(state_of(update(opened->id, told("valid"), false)), "revoked");
}

TEST_F(StandingOnCard, good_wins_over_a_revocation_that_was_typed_for_that_day) {
  const auto opened = open("revoked", true);
  ASSERT_EQ(state_of(opened), "valid");
  EXPECT_EQ(state_of(update(opened->id, told("revoked"), false)), "valid");
  world.clock.advance(std::chrono::hours(48));
  EXPECT_EQ(state_of(update(opened->id, told("revoked"), false)), "revoked");
}

TEST_F(StandingOnCard, silence_is_neither_and_keeps_nobody) {
  world.status_line->down = true;
  const auto opened = open("revoked", true);
  ASSERT_EQ(state_of(opened), "revoked");
  EXPECT_EQ(statuses(opened).at("authentication").at("status"), "unknown");
  EXPECT_EQ(statuses(opened).at("authentication").at("reason"), "unreachable");
  EXPECT_EQ(state_of(update(opened->id, told("valid"), true)), "valid");
}

TEST_F(StandingOnCard, who_is_silent_is_waited_for_once_by_those_who_do_not_insist) {
  auto steady = std::chrono::steady_clock::now();
  world.steady = [&] { return steady; };
  world.restart();
  world.status_line->down = true;
  const auto reason = [](const base::Result<renewal::Case>& visit) {
    const auto told = statuses(visit).at("authentication").as_object();
    return told.at("status") == "unknown" ? told.at("reason") : json::value();
  };
  ASSERT_EQ(reason(open("valid", AskStatus::unless_silent)), "unreachable");
  ASSERT_EQ(world.status_line->posts, 1);
  world.status_line->down = false;
  revoke(CertificateName::authentication);
  steady += std::chrono::seconds(44);
  const auto next = open("revoked", AskStatus::unless_silent);
  EXPECT_EQ(world.status_line->posts, 1) << "nobody has waited";
  EXPECT_EQ(reason(next), "unreachable");
  EXPECT_EQ(state_of(next), "revoked") << "never good by silence";
  EXPECT_EQ(state_of(open("valid", AskStatus::anew)), "revoked");
  EXPECT_EQ(state_of(open("valid", AskStatus::unless_silent)), "revoked") << "it answers again";
  EXPECT_EQ(world.status_line->posts, 3);
  world.status_line->down = true;
  ASSERT_EQ(reason(open("valid", AskStatus::unless_silent)), "unreachable");
  world.status_line->down = false;
  steady += std::chrono::seconds(45);
  EXPECT_EQ(state_of(open("valid", AskStatus::unless_silent)), "revoked") << "for a while only";
}

TEST_F(StandingOnCard, the_signature_certificate_is_asked_about_once_it_can_be_read) {
  const auto opened = open("valid", true);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(statuses(opened).contains("signature"));
  world.verify_all(opened->id);
  revoke(CertificateName::signature);
  const auto asked = update(opened->id, {}, true);
  EXPECT_EQ(state_of(asked, "signature"), "revoked");
  EXPECT_EQ(state_of(asked), "valid");
  EXPECT_EQ(statuses(asked).at("signature").at("status"), "revoked");
}

// As the rules do: what has been revoked is issued anew.
void decide_by_state(World& world) {
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* told = facts.if_contains("certificates");
    if (told == nullptr) return decided;
    for (auto& [name, certificate] : decided->decision["certificates"].as_object()) {
      const auto* one = told->as_object().if_contains(name);
      if (one != nullptr && one->at("state") == "revoked") certificate.as_object()["action"] = "issue_new";
    }
    return decided;
  };
}

std::string action_of(const renewal::Case& visit, const char* name) {
  return std::string(visit.decision.at("certificates").at(name).at("action").as_string());
}

TEST_F(StandingOnCard, what_a_pin_opens_is_asked_about_and_issued_anew_where_it_was_revoked) {
  decide_by_state(world);
  revoke(CertificateName::signature);
  const auto id = open("valid", true)->id;
  for (const auto pin : {PinName::resident_register, PinName::authentication})
    verify(id, pin, AskStatus::anew);
  EXPECT_EQ(world.status_line->posts, 1) << "for the one that was open";
  const auto checked = verify(id, PinName::signature, AskStatus::anew);
  ASSERT_TRUE(checked) << base::describe(checked.error());
  EXPECT_EQ(state_of(checked->visit, "signature"), "revoked");
  EXPECT_EQ(statuses(checked->visit).at("signature").at("status"), "revoked");
  EXPECT_EQ(action_of(checked->visit, "signature"), "issue_new");
  EXPECT_EQ(action_of(checked->visit, "authentication"), "renew");
  const auto journal = *world.store.journal(id);
  ASSERT_EQ(journal.back().kind, "case.redecided");
  EXPECT_THAT(journal.back().body, testing::HasSubstr("certificate_status"));
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  EXPECT_EQ(done->state, renewal::State::completed) << "and no PIN is asked for again";
}

TEST_F(StandingOnCard, a_pin_that_was_set_anew_opens_it_as_well) {
  decide_by_state(world);
  world.let_reset(PinName::signature);
  revoke(CertificateName::signature);
  const auto id = open("valid", true)->id;
  auto request = world.pin_request(id, PinName::signature, "HARU2026");
  request.ask_status = AskStatus::anew;
  const auto reset = world.run(world.desk->reset_pin(std::move(request)));
  ASSERT_TRUE(reset) << base::describe(reset.error());
  EXPECT_EQ(action_of(reset->visit, "signature"), "issue_new");
}

TEST_F(StandingOnCard, a_pins_outcome_is_durable_before_anybody_is_asked) {
  const auto id = world.open()->id;
  world.status_line->held = true;
  auto request = world.pin_request(id, PinName::signature);
  request.ask_status = AskStatus::anew;
  const auto asking = world.start(world.desk->verify_pin(std::move(request)));
  world.until([&] { return world.status_line->posts == 1; });
  EXPECT_FALSE(asking->has_value());
  EXPECT_EQ(world.desk->load(id)->pins.at(PinName::signature).outcome, renewal::PinOutcome::matched);
  world.status_line->held = false;
  world.status_line->release();
  world.until([&] { return asking->has_value(); });
  EXPECT_TRUE(**asking);
}

TEST_F(StandingOnCard, of_a_pin_nobody_waits_twice_for_who_is_silent_nor_asks_unbidden) {
  world.status_line->down = true;
  const auto id = open("valid", AskStatus::unless_silent)->id;
  ASSERT_EQ(world.status_line->posts, 1);
  const auto checked = verify(id, PinName::signature, AskStatus::unless_silent);
  EXPECT_EQ(world.status_line->posts, 1);
  EXPECT_EQ(statuses(checked->visit).at("signature").at("reason"), "unreachable");
  EXPECT_EQ(state_of(checked->visit, "signature"), "valid");
  EXPECT_TRUE(verify(id, PinName::signature, AskStatus::never));
  EXPECT_EQ(world.status_line->posts, 1);
}

TEST_F(StandingOnCard, both_are_asked_about_at_once) {
  revoke(CertificateName::signature);
  std::map<CertificateName, base::Bytes> asked;
  for (const auto which : {CertificateName::authentication, CertificateName::signature})
    asked[which] = world.on_card(which);
  const auto found = world.run(both(std::move(asked)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at(CertificateName::authentication).standing, Standing::good);
  EXPECT_EQ(found->at(CertificateName::signature).standing, Standing::revoked);
  EXPECT_EQ(world.status_line->posts, 2);
}

}  // namespace
}  // namespace madoguchi::counter::test
