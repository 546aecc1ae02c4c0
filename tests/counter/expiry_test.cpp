// card.check_expiry: PINs on a card of no case leave their trace, each its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "pins_begun.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using testing::ElementsAre;

// What was sent to a card of no case: the types of its reader's events, in order.
std::vector<std::string> traces(const World& world) {
  std::vector<std::string> types;
  for (const auto& event : world.published) {
    if (event.topic == "readers") types.push_back(event.type);
  }
  return types;
}

base::Result<Expiry> check_expiry(World& world, PinName pin, std::optional<std::string> value = {},
                                  mynumber::VerifyGuards guards = {}) {
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request("", pin, std::move(value)));
  pins.back().guards = guards;
  return world.run(world.desk->check_expiry(reader_name, std::move(pins)));
}

base::Result<Expiry> check_both(World& world, std::optional<std::string> signature = {}) {
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request("", PinName::authentication));
  pins.push_back(world.pin_request("", PinName::signature, std::move(signature)));
  return world.run(world.desk->check_expiry(reader_name, std::move(pins)));
}

// The outcomes' events: "<pin> <type>", with the reason where there is one.
std::vector<std::string> outcomes(const World& world) {
  std::vector<std::string> told;
  for (const auto& event : world.published) {
    if (event.topic != "readers" || event.type == "pin.intent") continue;
    const auto data = json::parse(event.data).as_object();
    auto line = std::string(data.at("pin").as_string()) + " " + event.type;
    if (const auto* reason = data.if_contains("reason")) line += " " + std::string(reason->as_string());
    told.push_back(std::move(line));
  }
  return told;
}

TEST(Expiry, tells_what_it_can_without_and_with_the_pins) {
  World world;
  const auto without = world.run(world.desk->check_expiry(reader_name, {}));
  ASSERT_TRUE(without);
  ASSERT_TRUE(without->authentication);
  EXPECT_EQ(without->authentication->last_day, world.citizen.expires_on);
  EXPECT_FALSE(without->signature);
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request("", PinName::signature));
  const auto with = world.run(world.desk->check_expiry(reader_name, std::move(pins)));
  ASSERT_TRUE(with);
  ASSERT_TRUE(with->signature);
  EXPECT_EQ(with->signature->last_day, world.citizen.expires_on);
  EXPECT_NE(with->signature->serial, with->authentication->serial);
  std::vector<PinRequest> wrong;
  wrong.push_back(world.pin_request("", PinName::signature, "WRONG123"));
  EXPECT_EQ(code_of(world.run(world.desk->check_expiry(reader_name, std::move(wrong)))), Code::pin_wrong);
  EXPECT_FALSE(world.desk->held(reader_name)) << "only looked at";
}

TEST(Expiry, a_certificate_that_the_card_lacks_is_said_to_be_absent_and_its_pin_not_to_be_locked) {
  Options child;
  child.citizen = simulated_card::CitizenKind::no_signature;
  World world(child);
  const auto without = world.run(world.desk->check_expiry(reader_name, {}));
  ASSERT_TRUE(without) << base::describe(without.error());
  EXPECT_FALSE(without->present.signature);
  EXPECT_TRUE(without->present.authentication && without->authentication);
  const auto refused = check_expiry(world, PinName::signature, "ABC123");
  ASSERT_EQ(code_of(refused), Code::conflict) << "no initialising would mend it";
  EXPECT_EQ(refused.error().details.at("absent"), "signature");
  EXPECT_EQ(world.pins_sent(), 0);
  EXPECT_THAT(outcomes(world), ElementsAre("signature pin.not_sent conflict"));
}

TEST(Expiry, a_card_without_pins_says_so) {
  Options face;
  face.citizen = simulated_card::CitizenKind::face_authentication;
  World world(face);
  const auto refused = check_expiry(world, PinName::authentication, "1234");
  ASSERT_EQ(code_of(refused), Code::not_found);
  EXPECT_THAT(std::string(refused.error().details.at("ja").as_string()),
              testing::HasSubstr("暗証番号がありません"));
}

TEST(Expiry, leaves_a_trace_of_every_pin_that_was_sent) {
  World world;
  ASSERT_TRUE(world.run(world.desk->check_expiry(reader_name, {})));
  EXPECT_THAT(traces(world), testing::IsEmpty()) << "no PIN, no trace";
  EXPECT_EQ(code_of(check_expiry(world, PinName::signature, "short")), Code::pin_malformed);
  EXPECT_THAT(traces(world), testing::IsEmpty());
  ASSERT_TRUE(check_expiry(world, PinName::signature));
  EXPECT_EQ(code_of(check_expiry(world, PinName::signature, "WRONG123")), Code::pin_wrong);
  EXPECT_EQ(
      code_of(check_expiry(world, PinName::signature, {}, {.expected_tries_left = 2, .accept_last_try = {}})),
      Code::pin_tries_changed);
  EXPECT_THAT(traces(world), ElementsAre("pin.intent", "pin.matched", "pin.intent", "pin.mismatched",
                                         "pin.intent", "pin.not_sent"));
  const auto& wrong = world.published.at(3);
  EXPECT_EQ(wrong.reader, reader_name);
  EXPECT_EQ(json::parse(wrong.data), (json::object{{"pin", "signature"},
                                                   {"entered_by", "holder"},
                                                   {"staff", "clerk-7"},
                                                   {"reason", "pin.wrong"},
                                                   {"tries_left", 4}}));
  EXPECT_EQ(world.store.everything().find("WRONG123"), std::string::npos);
}

TEST(Expiry, sends_nothing_before_the_intent_is_durable_and_tells_the_tries_whatever_is_lost_after) {
  World world;
  world.store.refused_at = world.store.commits + 1;
  EXPECT_EQ(code_of(check_expiry(world, PinName::signature, "WRONG123")), Code::storage_full);
  EXPECT_EQ(world.pins_sent(), 0);
  world.store.refused_at = world.store.commits + 2;
  const auto wrong = check_expiry(world, PinName::signature, "WRONG123");
  ASSERT_EQ(code_of(wrong), Code::pin_wrong);
  EXPECT_EQ(wrong.error().details.at("tries_left"), 4);
}

TEST(Expiry, of_a_malformed_second_pin_sends_not_even_the_first) {
  World world;
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request("", PinName::authentication));
  pins.push_back(world.pin_request("", PinName::signature, "short"));
  EXPECT_EQ(code_of(world.run(world.desk->check_expiry(reader_name, std::move(pins)))), Code::pin_malformed);
  EXPECT_EQ(world.pins_sent(), 0);
}

TEST(Expiry, tells_each_of_two_pins_its_own_outcome) {
  World world;
  ASSERT_TRUE(check_both(world));
  EXPECT_THAT(traces(world), ElementsAre("pin.intent", "pin.intent", "pin.matched", "pin.matched"));
  EXPECT_THAT(outcomes(world), ElementsAre("authentication pin.matched", "signature pin.matched"));
  world.published.clear();
  EXPECT_EQ(code_of(check_both(world, "WRONG123")), Code::pin_wrong);
  EXPECT_THAT(outcomes(world),
              ElementsAre("authentication pin.matched", "signature pin.mismatched pin.wrong"));
  world.published.clear();
  std::vector<PinRequest> pins;
  pins.push_back(world.pin_request("", PinName::authentication, "9081"));
  pins.push_back(world.pin_request("", PinName::signature));
  EXPECT_EQ(code_of(world.run(world.desk->check_expiry(reader_name, std::move(pins)))), Code::pin_wrong);
  EXPECT_THAT(outcomes(world),
              ElementsAre("authentication pin.mismatched pin.wrong", "signature pin.not_sent"));
}

TEST(Expiry, claims_of_no_pin_that_it_was_not_sent_but_of_one_that_was_not_begun) {
  World world;
  // The card goes with the first PIN: what became of that one nobody knows, and the other was never sent.
  // The one before it asks for the tries.
  world.card->disturb = [&](int) {
    return world.card->count(instruction::verify) == 1 ? Act::gone_after : Act::answer;
  };
  EXPECT_EQ(code_of(check_both(world)), Code::card_removed);
  EXPECT_THAT(outcomes(world),
              ElementsAre("authentication pin.unclear card.removed", "signature pin.not_sent"));
  world.published.clear();
  EXPECT_EQ(code_of(check_both(world)), Code::card_absent);
  EXPECT_THAT(outcomes(world),
              ElementsAre("authentication pin.not_sent card.absent", "signature pin.not_sent"));
}

TEST(PinsBegun, lets_none_begin_once_nobody_waits) {
  PinsBegun pins;
  EXPECT_TRUE(pins.begin());
  pins.matched();
  EXPECT_TRUE(pins.begin());
  const auto how_far = pins.close();
  EXPECT_EQ(how_far.begun, 2u);
  EXPECT_EQ(how_far.matched, 1u);
  EXPECT_FALSE(pins.begin());
  pins.matched();
  EXPECT_EQ(pins.close().begun, 2u);
}

}  // namespace
}  // namespace madoguchi::counter::test
