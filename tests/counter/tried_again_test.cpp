// A certificate that has failed and is tried again with the key that it has, beside what is left of its case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "reset_with_documents.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::CertificateName;
using mynumber::PinName;
using renewal::Phase;
using renewal::Remedy;
using simulated_card::Layout;

// Two certificates, of which the first has failed and is tried again with the key that it has.
class TriedAgain : public testing::TestWithParam<std::tuple<Layout, bool>> {
 protected:
  TriedAgain() : world(both(std::get<0>(GetParam()))), torn(std::get<1>(GetParam())) {
    // The signature certificate lasts no longer than the other one.
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* wanted = facts.if_contains("wanted");
      if (wanted == nullptr || *wanted != json::array{"signature"}) return decided;
      auto& last = decided->decision["certificates"].at("signature").at("new_expires_on");
      last = std::min(last.as_string(),
                      facts.at("certificates").at("authentication").at("expires_on").as_string());
      return decided;
    };
    id = world.ready();
    if (torn) {
      world.card->keeps_writes = false;
    } else {
      world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
    }
    EXPECT_EQ(code_of(world.issue(id)), torn ? Code::card_refused : Code::authority_rejected);
    world.card->keeps_writes = true;
    before = world.desk->load(id).value();
    EXPECT_EQ(before.sagas.at(0).phase, Phase::failed);
    EXPECT_EQ(before.sagas.at(0).failure->remedy, torn ? Remedy::write_again : Remedy::same_key);
    EXPECT_NE(held_until(before), json::value(base::format_date(before.sagas.at(0).preview)));
  }
  static Options both(Layout layout) {
    Options options;
    options.layout = layout;
    return options;
  }
  static json::value held_until(const renewal::Case& visit) {
    return visit.facts.at("certificates").at("authentication").at("expires_on");
  }
  void expect_both_to_last() {
    const auto now = world.desk->load(id).value();
    EXPECT_EQ(now.sagas.at(1).preview, before.sagas.at(1).preview);
    EXPECT_EQ(held_until(now), held_until(before)) << "the card holds it still";
    const auto done = world.finish(id);
    world.expect_renewed(done);
    const auto issued = mynumber::parse_certificate(done.sagas.at(1).new_certificate);
    ASSERT_TRUE(issued) << base::describe(issued.error());
    EXPECT_EQ(issued->last_day, before.sagas.at(1).preview);
  }

  World world;
  bool torn;
  std::string id;
  renewal::Case before;
};

INSTANTIATE_TEST_SUITE_P(Stops, TriedAgain,
                         testing::Combine(testing::Values(Layout::spare, Layout::single), testing::Bool()),
                         [](const auto& one) {
                           return std::string(name(std::get<0>(one.param))) + "_slot_" +
                                  (std::get<1>(one.param) ? "torn" : "rejected");
                         });

TEST_P(TriedAgain, counts_for_the_rest_that_is_updated_as_what_it_is_going_to_be) {
  const auto told = world.run(world.desk->update({id, {}, json::object{{"office", "main"}}, {}, "clerk-7"}));
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->facts.at("office"), "main");
  expect_both_to_last();
}

TEST_P(TriedAgain, counts_so_too_once_a_pin_is_entered_on_the_same_day) {
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  expect_both_to_last();
}

// Failed on the day before, and to be tried again with the key that it has: that takes its PIN.
TEST(LockedBeforeAnotherTry, on_another_day_is_reset_and_the_case_is_finished) {
  for (const bool beside_a_rest : {false, true}) {
    SCOPED_TRACE(beside_a_rest ? "the signature certificate is left as well" : "the only certificate");
    auto options = only_authentication(Layout::single);
    if (beside_a_rest) options.wanted.insert(CertificateName::signature);
    World world(options);
    reset_with_documents(world, PinName::authentication);
    const auto id = world.ready();
    world.order(R"({"fault": "reject", "body": "cr", "failure": "badPOP"})");
    EXPECT_EQ(code_of(world.issue(id)), Code::authority_rejected);
    const auto key = world.desk->load(id)->sagas.at(0).key;
    world.restart();
    world.clock.advance(std::chrono::hours(24));
    const auto update = [&](std::optional<json::object> facts) {
      return world.run(world.desk->update({id, {}, std::move(facts), {}, "clerk-7"}));
    };
    const auto resumed = update({});
    ASSERT_TRUE(resumed) << base::describe(resumed.error());
    for (int i = 0; i < 3; ++i)
      static_cast<void>(world.verify(id, PinName::authentication, "9081",
                                     {.expected_tries_left = {}, .accept_last_try = true}));
    ASSERT_EQ(world.tries_left(PinName::authentication), 0);
    const json::object papers{{"documents", json::array{json::object{{"type", "drivers_licence"}}}}};
    const auto told = update(papers);
    ASSERT_TRUE(told) << base::describe(told.error());
    EXPECT_EQ(told->decision.at("pin_resets"), json::array{"authentication"}) << "whoever asks is told";
    const auto done =
        world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "2468")));
    ASSERT_TRUE(done) << base::describe(done.error());
    world.citizen.pins[simulated_card::PinKind::authentication] = "2468";
    const auto finished = world.finish(id);
    EXPECT_EQ(finished.sagas.at(0).key, key);
    world.expect_renewed(finished);
  }
}

}  // namespace
}  // namespace madoguchi::counter::test
