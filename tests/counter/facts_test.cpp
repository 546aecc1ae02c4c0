// What the card says wins over what is told, whenever it is told; and a decision is one for its day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::State;
using simulated_card::CitizenKind;

Options of(CitizenKind kind) {
  Options options;
  options.citizen = kind;
  return options;
}

json::object about_card(const char* key, json::value value) {
  return {{"card", json::object{{key, std::move(value)}}}};
}

base::Result<renewal::Case> update(World& world, const std::string& id, std::optional<json::object> facts,
                                   std::optional<std::string> reader = {}) {
  return world.run(world.desk->update({id, {}, std::move(facts), std::move(reader), "clerk-7"}));
}

TEST(CardFacts, a_card_with_pins_is_no_face_authentication_card_whatever_is_told) {
  World world;
  const auto opened = world.open(reader_name, about_card("face_authentication", true));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->facts.at("card").at("face_authentication"), false);
  const auto told = update(world, opened->id, about_card("face_authentication", true));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->facts.at("card").at("face_authentication"), false);
}

TEST(CardFacts, a_card_without_pins_is_one) {
  World world(of(CitizenKind::face_authentication));
  const auto opened = world.open(reader_name, about_card("face_authentication", false));
  ASSERT_TRUE(opened) << base::describe(opened.error());
  EXPECT_EQ(opened->facts.at("card").at("face_authentication"), true);
}

TEST(CardFacts, a_card_whose_pins_are_all_locked_may_be_one) {
  for (const bool told : {true, false}) {
    World world;
    auto image = world.card->card.image();
    for (auto& application : image.applications) {
      for (auto& [id, pin] : application.pins) pin.tries = 0;
    }
    world.card = std::make_shared<TestCard>(image);
    world.readers.insert(reader_name, world.card);
    const auto opened = world.open(reader_name, about_card("face_authentication", told));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->facts.at("card").at("face_authentication"), told);
  }
}

TEST(CardFacts, a_revocation_that_is_told_is_kept_as_long_as_it_is_of_this_certificate) {
  World world;
  const auto told = [&](json::object about) {
    const auto opened =
        world.open(reader_name, {{"certificates", json::object{{"authentication", std::move(about)}}}});
    return opened.value().facts.at("certificates").at("authentication").as_object();
  };
  const auto day = base::format_date(world.citizen.expires_on);
  const json::object revoked{{"state", "revoked"}, {"expires_on", day}};
  const json::object valid{{"state", "valid"}, {"expires_on", day}};
  EXPECT_EQ(told({{"state", "revoked"}}), revoked);
  EXPECT_EQ(told({{"state", "revoked"}, {"expires_on", day}}), revoked);
  EXPECT_EQ(told({{"state", "revoked"}, {"expires_on", "1999-01-01"}}), valid) << "that was another";
  EXPECT_EQ(told({{"state", "absent"}}), valid);

  // The signature certificate shows only with its PIN.
  const json::object signature_revoked{{"signature", json::object{{"state", "revoked"}}}};
  const auto id = world.open(reader_name, {{"certificates", signature_revoked}})->id;
  ASSERT_TRUE(world.verify(id, PinName::signature));
  EXPECT_EQ(world.desk->load(id)->facts.at("certificates").at("signature"), revoked);
}

TEST(CardFacts, win_over_what_is_told_later) {
  World world;
  const auto id = world.open()->id;
  auto facts = about_card("expires_on", "1999-01-01");
  facts["certificates"] =
      json::object{{"authentication", json::object{{"state", "valid"}, {"expires_on", "1999-01-01"}}}};
  facts["pins"] = json::object{{"authentication", "locked"}, {"signature", "forgotten"}};
  const auto told = update(world, id, facts);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->facts.at("card").at("expires_on").as_string(),
            base::format_date(world.citizen.card_expires_on));
  EXPECT_EQ(told->facts.at("certificates").at("authentication").at("expires_on").as_string(),
            base::format_date(world.citizen.expires_on));
  EXPECT_EQ(told->facts.at("pins").at("authentication"), "unverified") << "it has tries left";
  EXPECT_EQ(told->facts.at("pins").at("signature"), "forgotten") << "which no card knows";
}

TEST(CardFacts, survive_the_daemons_end) {
  World world;
  const auto id = world.open()->id;
  world.restart();
  const auto told = update(world, id, about_card("expires_on", "1999-01-01"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->facts.at("card").at("expires_on").as_string(),
            base::format_date(world.citizen.card_expires_on));
}

// Each visit brings the card, or does not.
class LeftAtHome : public testing::Test {
 protected:
  LeftAtHome() {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* presented = facts.at("card").as_object().if_contains("presented");
      if (presented == nullptr || *presented != false) return decided;
      decided->decision["outcome"] = "not_today";
      decided->decision["missing"] = json::array{"my_number_card"};
      return decided;
    };
  }
  static json::value presented(const base::Result<renewal::Case>& visit) {
    return visit ? visit->facts.at("card").at("presented") : json::value(base::describe(visit.error()));
  }

  World world;
  std::string id = world.open()->id;
};

TEST_F(LeftAtHome, is_not_denied_by_what_was_read_on_another_day) {
  for (const auto& reader : {std::optional<std::string>(), std::optional<std::string>("")}) {
    world.clock.advance(std::chrono::hours(24));
    const auto told = update(world, id, about_card("presented", false), reader);
    EXPECT_EQ(presented(told), false);
    EXPECT_EQ(told->decision.at("missing"), json::array{"my_number_card"});
    EXPECT_EQ(told->facts.at("card").at("expires_on").as_string(),
              base::format_date(world.citizen.card_expires_on));
    EXPECT_EQ(presented(update(world, id, json::object{{"documents", json::array()}})), false);
  }
  EXPECT_EQ(presented(update(world, id, {}, reader_name)), true) << "fetched meanwhile";
  world.verify_all(id);
  EXPECT_TRUE(world.issue(id));
}

TEST_F(LeftAtHome, is_not_said_of_a_card_that_was_read_the_same_day_or_lies_there) {
  EXPECT_EQ(presented(update(world, id, about_card("presented", false))), true);
  world.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(world.verify(id, PinName::authentication)) << "it has lain there ever since";
  EXPECT_EQ(presented(update(world, id, about_card("presented", false))), true);
}

TEST(Attach, the_reader_that_the_case_holds_works_and_costs_no_pin) {
  World world;
  const auto id = world.ready();
  ASSERT_TRUE(world.desk->held(reader_name));
  const auto attached = update(world, id, {}, reader_name);
  ASSERT_TRUE(attached) << base::describe(attached.error());
  EXPECT_EQ(attached->state, State::ready);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST(Attach, a_reader_that_is_not_there_costs_no_pin_either) {
  World world;
  const auto id = world.ready();
  EXPECT_EQ(code_of(update(world, id, {}, "no such reader")), Code::reader_gone);
  EXPECT_EQ(code_of(update(world, id, {}, other_reader_name)), Code::card_absent);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
}

TEST(Attach, another_reader_ends_the_hold_on_the_one_before) {
  World world;
  const auto id = world.ready();
  world.readers.remove(reader_name);
  world.readers.insert(other_reader_name, world.card);
  ASSERT_TRUE(update(world, id, {}, other_reader_name));
  EXPECT_FALSE(world.desk->held(reader_name));
}

TEST(Attach, a_card_that_nothing_tells_from_others_is_never_a_cases_card) {
  World world;
  auto image = world.card->card.image();
  std::erase_if(image.applications, [](const auto& application) { return application.name == "common"; });
  auto& files = image.find(simulated_card::layout::jpki)->files;
  files.erase(simulated_card::layout::authentication_certificate);
  world.card = std::make_shared<TestCard>(image);
  world.readers.insert(reader_name, world.card);
  EXPECT_EQ(code_of(world.open()), Code::card_unknown);
  const auto id = world.open("")->id;
  EXPECT_EQ(code_of(update(world, id, {}, reader_name)), Code::card_unknown);
}

TEST(Attach, a_stored_case_whose_card_is_not_known_gets_none_by_itself) {
  World world;
  const auto id = world.open()->id;
  auto record = world.store.load(id).value();
  auto body = json::parse(record.body).as_object();
  body["card"] = "";
  record.card.clear();
  record.body = json::serialize(body);
  storage::Change change;
  change.record = record;
  ASSERT_TRUE(world.store.commit(change));
  EXPECT_EQ(code_of(world.verify(id, PinName::authentication)), Code::card_unknown);
  EXPECT_EQ(world.pins_sent(), 0);
  ASSERT_TRUE(update(world, id, {}, reader_name)) << "but it can be given one";
  EXPECT_TRUE(world.verify(id, PinName::authentication));
}

// As the rules do it: whatever is not told is filled in, the day makes the last day, what the signature
// certificate is like makes the fee.
class Day : public testing::Test {
 protected:
  Day() {
    world.decide = [usual = world.decide](json::object facts, base::Instant received) {
      if (!facts.contains("at")) facts["at"] = base::format_time(received);
      auto decided = usual(facts, received);
      const auto day = base::date_in_japan(*base::parse_time(std::string_view(facts.at("at").as_string())));
      for (auto& item : decided->decision.at("certificates").as_object()) {
        item.value().as_object()["new_expires_on"] = base::format_date(base::add_months_clamped(day, 48));
      }
      const auto* certificates = facts.if_contains("certificates");
      const bool known = certificates != nullptr && certificates->as_object().contains("signature");
      decided->decision["fee_yen"] = known ? 0 : 200;
      return decided;
    };
  }
  std::string at_of(const std::string& id) {
    return std::string(world.desk->load(id)->facts.at("at").as_string());
  }

  World world;
};

TEST_F(Day, another_one_is_decided_for_before_anything_is_issued) {
  const auto id = world.ready();
  world.clock.advance(std::chrono::hours(24));
  const int changes = world.card->changes;
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("case").as_string(), id);
  EXPECT_EQ(refused.error().details.at("call"), "cases.update");
  EXPECT_TRUE(refused.error().details.at("changed").as_object().contains("certificates"));
  EXPECT_EQ(world.card->changes, changes);
  EXPECT_TRUE(world.desk->load(id)->sagas.empty());
  const auto updated = update(world, id, {});
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->state, State::open) << "yesterday's PINs are not today's";
  EXPECT_EQ(at_of(id), base::format_time(world.clock.now()));
  world.verify_all(id);
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
  world.expect_renewed(*done);
}

// A case may be entered later than its visitor came. What is written is of the day that it is written on: a
// certificate that has expired since is issued anew, not renewed.
TEST_F(Day, an_earlier_one_that_a_case_is_opened_for_is_none_to_issue_on) {
  const auto yesterday = base::format_time(world.clock.now() - std::chrono::hours(24));
  const auto id =
      world
          .open(reader_name,
                {{"at", yesterday}, {"documents", json::array{json::object{{"type", "expiry_notice"}}}}})
          ->id;
  EXPECT_EQ(at_of(id), yesterday);
  world.verify_all(id);
  const int changes = world.card->changes;
  const auto refused = world.issue(id);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("call"), "cases.update");
  EXPECT_EQ(refused.error().details.at("needs"), "at");
  EXPECT_EQ(world.card->changes, changes);
  ASSERT_TRUE(update(world, id, json::object{{"at", base::format_time(world.clock.now())}}));
  EXPECT_TRUE(world.desk->load(id)->facts.contains("documents")) << "which were shown today";
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << "with the PINs, which were entered today: " << base::describe(done.error());
  world.expect_renewed(*done);
}

TEST_F(Day, the_time_of_reception_counts_until_it_is_over) {
  const auto midnight =
      base::format_time(base::start_of_day_in_japan(base::date_in_japan(world.clock.now())));
  const auto id = world.open(reader_name, {{"at", midnight}})->id;
  world.verify_all(id);
  EXPECT_EQ(at_of(id), midnight);
  ASSERT_TRUE(update(world, id, json::object{{"documents", json::array()}}));
  EXPECT_EQ(at_of(id), midnight) << "received in time";
  world.clock.advance(std::chrono::minutes(7));
  const auto received_at = world.desk->load(id)->received_at;
  ASSERT_TRUE(update(world, id, {}));
  EXPECT_EQ(at_of(id), midnight) << "however late it has become";
  EXPECT_EQ(world.desk->load(id)->received_at, received_at);
  ASSERT_TRUE(world.issue(id));
}

TEST_F(Day, who_came_before_the_office_opened_is_received_once_it_has) {
  bool closed = false;
  world.decide = [&closed, usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    if (!closed) return decided;
    decided->decision["outcome"] = "not_today";
    decided->decision["findings"] =
        json::array{json::object{{"code", "office.closed"}, {"severity", "block"}}};
    return decided;
  };
  const auto id = world.open("")->id;
  world.clock.advance(std::chrono::hours(24));
  closed = true;
  ASSERT_TRUE(update(world, id, json::object{{"visit", 1}}));
  const auto early = at_of(id);
  world.clock.advance(std::chrono::minutes(30));
  closed = false;
  EXPECT_EQ(update(world, id, {})->decision.at("outcome"), "complete_today");
  EXPECT_EQ(at_of(id), base::format_time(world.clock.now())) << "asked for as of now";
  EXPECT_NE(at_of(id), early);
}

// E.g. by a form that has ended since: its envelope is not opened for nothing.
TEST_F(Day, an_earlier_one_lets_no_pin_be_tried_for_what_today_turns_away) {
  const auto yesterday = base::format_time(world.clock.now() - std::chrono::hours(24));
  world.decide = [usual = world.decide, yesterday](const json::object& facts, base::Instant received) {
    auto as_of_yesterday = facts;
    as_of_yesterday["at"] = yesterday;
    auto decided = usual(as_of_yesterday, received);
    if (facts.at("at") != json::value(yesterday))
      decided->decision["findings"] = json::array{json::object{
          {"code", "proxy.reply_form_expired"}, {"severity", "second_visit"}, {"source", "proxy-two-visit"}}};
    return decided;
  };
  const auto id = world.open(reader_name, {{"at", yesterday}})->id;
  const auto refused = world.verify(id, PinName::authentication);
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("needs"), "at");
  EXPECT_EQ(refused.error().details.at("findings"), json::array{"proxy.reply_form_expired"});
  EXPECT_FALSE(refused.error().details.contains("changed")) << "that is all";
  EXPECT_EQ(world.pins_sent(), 0);
}

TEST_F(Day, of_another_visit_is_not_that_of_the_first) {
  const auto id = world.open()->id;
  world.clock.advance(std::chrono::hours(24 * 20));
  ASSERT_TRUE(update(world, id, json::object{{"visit", 1}}));
  EXPECT_EQ(at_of(id), base::format_time(world.clock.now()));
  const auto now = world.clock.now();
  const auto told =
      base::format_time(now - (now - base::start_of_day_in_japan(base::date_in_japan(now))) / 2);
  ASSERT_TRUE(update(world, id, json::object{{"at", told}}));
  EXPECT_EQ(at_of(id), told) << "what is told is taken";
}

TEST_F(Day, a_certificate_that_is_not_as_was_thought_is_decided_for_too) {
  world.let_reset(PinName::signature);
  const auto id = world.open()->id;
  for (const auto pin : {PinName::resident_register, PinName::authentication})
    ASSERT_TRUE(world.verify(id, pin));
  EXPECT_EQ(world.desk->load(id)->decision.at("fee_yen"), 200);
  const auto reset = world.run(world.desk->reset_pin(world.pin_request(id, PinName::signature, "NEWWORD1")));
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->visit.decision.at("fee_yen"), 0) << "the new PIN has opened it";
  EXPECT_EQ(reset->visit.facts.at("certificates").at("signature").at("state"), "valid");
  ASSERT_TRUE(world.verify(id, PinName::authentication)) << "a reset may cost the other right";
  const auto done = world.issue(id);
  ASSERT_TRUE(done) << base::describe(done.error());
}

}  // namespace
}  // namespace madoguchi::counter::test
