// readers.list: the card's kind without burdening the card or whoever works with it; and who entered PINs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "support.hpp"

namespace madoguchi::api::test {
namespace {

namespace json = boost::json;
using counter::test::reader_name;

json::object first(Counter& counter) {
  return counter.result("readers.list").at("readers").at(0).as_object();
}

TEST(ReadersList, tells_the_kind_of_a_card_that_nobody_has_looked_at) {
  Counter counter;
  const auto& commands = counter.world.card->executed;
  EXPECT_EQ(first(counter).at("card"), "my_number_card");
  EXPECT_LE(commands.size(), 4u);
  EXPECT_EQ(counter.world.pins_sent(), 0);
  EXPECT_EQ(counter.world.card->count(counter::test::instruction::verify), 0)
      << "not even for the tries left";
  const auto known = commands.size();
  EXPECT_EQ(first(counter).at("card"), "my_number_card");
  EXPECT_EQ(commands.size(), known) << "a card is looked at once";
  EXPECT_FALSE(counter.result("readers.list").at("readers").at(1).as_object().contains("card"));
  counter.world.pull();
  EXPECT_FALSE(first(counter).contains("card"));
  counter.world.put_back();
  EXPECT_EQ(first(counter).at("card"), "my_number_card");
  EXPECT_GT(commands.size(), known) << "it may be another one";
}

TEST(ReadersList, leaves_the_card_of_a_case_alone) {
  Counter counter;
  const auto id = counter.ready();
  const auto known = counter.world.card->executed.size();
  const auto reader = first(counter);
  EXPECT_EQ(reader.at("state"), "busy");
  EXPECT_EQ(reader.at("card"), "my_number_card") << "the case's opening has looked at it";
  EXPECT_EQ(counter.world.card->executed.size(), known);
  EXPECT_EQ(counter.result("cases.issue", {{"case", id}, {"staff", "clerk-7"}}).at("state"), "completed");
}

TEST(ReadersList, tells_a_card_that_is_not_ours_and_one_that_goes_while_it_is_looked_at) {
  Counter counter;
  counter.world.card->instead = [](const smartcard::Command::Header&) -> std::optional<base::Bytes> {
    return base::Bytes{0x6A, 0x82};
  };
  EXPECT_EQ(first(counter).at("card"), "other");
  counter.world.pull();
  counter.world.put_back();
  counter.world.card->disturb = [](int) { return counter::test::Act::gone_before; };
  const auto gone = first(counter);
  EXPECT_EQ(gone.at("state"), "empty");
  EXPECT_FALSE(gone.contains("card"));
  counter.world.card->disturb = nullptr;
  counter.world.card->instead = nullptr;
  counter.world.put_back();
  EXPECT_EQ(first(counter).at("card"), "my_number_card") << "looked at again";
}

TEST(ReadersList, calls_no_reader_busy_because_of_its_own_look) {
  Counter counter;
  auto& card = *counter.world.card;
  card.slow = true;
  for (int asked = 0; asked < 2; ++asked) {
    const auto reader = first(counter);
    EXPECT_EQ(reader.at("state"), "present");
    EXPECT_EQ(reader.at("card"), "unknown");
    EXPECT_EQ(card.waiting.size(), 1u) << "it is still being looked at";
  }
  card.answer();
  const auto known = first(counter);
  EXPECT_EQ(known.at("state"), "present");
  EXPECT_EQ(known.at("card"), "my_number_card");
}

TEST(ReadersList, refuses_nobody_who_wants_the_reader_meanwhile) {
  Counter counter;
  auto& world = counter.world;
  const auto glance = world.start(world.desk->glance(reader_name));
  const auto inspected = world.start(world.desk->inspect(reader_name));
  const auto again = world.start(world.desk->glance(reader_name));
  const auto opened = world.start(world.desk->open({{}, reader_name, "clerk-7", {}}));
  world.until([&] { return glance->has_value() && inspected->has_value() && opened->has_value(); });
  EXPECT_TRUE(**glance);
  ASSERT_TRUE(**inspected) << base::describe((*inspected)->error());
  ASSERT_TRUE(again->has_value());
  EXPECT_EQ(counter::test::code_of(**again), base::Code::reader_busy);
}

TEST(EnteredBy, is_told_with_every_pin_that_is_verified) {
  Counter counter;
  const auto id = counter.open();
  auto params = counter.pin_params(id, "authentication");
  params.erase("entered_by");
  const auto error = counter.error("cases.verify_pin", params);
  EXPECT_EQ(error.at("reason"), "invalid_params");
  EXPECT_EQ(error.at("details").at("pointer"), "/entered_by");
  EXPECT_EQ(counter.world.pins_sent(), 0);
}

TEST(EnteredBy, the_card_readers_own_keys_are_refused_by_name) {
  Counter counter;
  const auto id = counter.open();
  auto params = counter.pin_params(id, "authentication");
  params["entry"] = "pinpad";
  EXPECT_EQ(counter.error("cases.verify_pin", params).at("details").at("pointer"), "/entry") << "both";
  params.erase("value");
  const auto error = counter.error("cases.verify_pin", params);
  EXPECT_EQ(error.at("reason"), "conflict");
  EXPECT_EQ(error.at("details").at("cannot"), "pinpad");
  EXPECT_FALSE(error.at("details").at("ja").as_string().empty());
  params.erase("entry");
  EXPECT_EQ(counter.error("cases.verify_pin", params).at("details").at("pointer"), "/value");
  EXPECT_EQ(counter.world.pins_sent(), 0);
}

TEST(ReadersList, tells_of_a_readers_own_keys_once_a_card_was_reached) {
  Counter counter;
  counter.world.readers.give_keys(reader_name, [](const auto&) { return std::string("0000"); });
  const auto readers = counter.result("readers.list").at("readers").as_array();
  EXPECT_EQ(readers.at(0).at("pinpad"), true);
  EXPECT_FALSE(readers.at(1).as_object().contains("pinpad"));
}

TEST(EnteredBy, the_card_readers_own_keys_take_what_is_not_to_be_typed) {
  Counter counter;
  const auto id = counter.open();
  auto params = counter.pin_params(id, "authentication");
  const auto pin = std::string(params.at("value").as_string());
  counter.world.readers.give_keys(reader_name, [&](const auto&) { return pin; });
  const auto typed = counter.error("cases.verify_pin", params);
  EXPECT_EQ(typed.at("reason"), "conflict");
  EXPECT_EQ(typed.at("details").at("entry"), "pinpad");
  params.erase("value");
  params["entry"] = "pinpad";
  const auto reply = counter.result("cases.verify_pin", params);
  EXPECT_EQ(reply.at("case").at("pins").at("authentication"), "matched");
  counter.world.readers.give_keys(reader_name, [](const auto&) { return std::uint16_t{0x6400}; });
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.timeout");
  counter.world.readers.give_keys(reader_name, [](const auto&) { return std::uint16_t{0x6401}; });
  EXPECT_EQ(counter.reason("cases.verify_pin", params), "pin.cancelled");
}

TEST(EnteredBy, the_card_readers_own_keys_serve_the_check_of_a_card_too) {
  Counter counter;
  json::object params{{"reader", reader_name},
                      {"pins", json::object{{"authentication", json::object{{"entry", "pinpad"}}}}},
                      {"staff", "clerk-7"}};
  EXPECT_EQ(counter.error("card.check_expiry", params).at("details").at("cannot"), "pinpad");
  const auto kind = simulated_card::pin_kind_named("authentication").value();
  counter.world.readers.give_keys(reader_name,
                                  [&](const auto&) { return counter.world.citizen.pins.at(kind); });
  EXPECT_TRUE(counter.result("card.check_expiry", params).contains("certificates"));
  params["pins"] = json::object{{"authentication", json::object{{"entry", "elsewhere"}}}};
  EXPECT_EQ(counter.error("card.check_expiry", params).at("details").at("pointer"), "/pins/authentication");
}

TEST(EnteredBy, is_kept_with_the_trace_of_pins_of_no_case) {
  Counter counter;
  const auto pin = counter.world.citizen.pins.at(simulated_card::pin_kind_named("signature").value());
  counter.result("card.check_expiry", {{"reader", reader_name},
                                       {"pins", json::object{{"signature", pin}}},
                                       {"entered_by", "staff"},
                                       {"staff", "clerk-7"}});
  const auto traces = *counter.world.store.events(0, {"readers"}, 10);
  ASSERT_FALSE(traces.empty());
  for (const auto& trace : traces) EXPECT_EQ(json::parse(trace.data).at("entered_by"), "staff");
}

TEST(NewPin, is_the_same_both_times_or_nothing_is_done) {
  Counter counter;
  counter.world.let_reset(mynumber::PinName::signature);
  const auto id = counter.open();
  json::object params{{"case", id},           {"pin", "signature"},     {"value", "newword26"},
                      {"again", "newword62"}, {"entered_by", "holder"}, {"staff", "clerk-7"}};
  const auto error = counter.error("cases.reset_pin", params);
  EXPECT_EQ(error.at("reason"), "pin.malformed");
  EXPECT_EQ(error.at("details").at("differs"), true);
  EXPECT_EQ(counter.world.card->count(counter::test::instruction::reset), 0);
  params["again"] = "newword26";
  const auto reply = counter.result("cases.reset_pin", params);
  EXPECT_EQ(reply.at("case").at("pins").at("signature"), "reset");
  EXPECT_EQ(reply.at("hint").at("folded_to"), "upper_case");
  params["value"] = "NEWWORD27";
  params.erase("again");
  EXPECT_FALSE(counter.result("cases.reset_pin", params).contains("hint"));
}

}  // namespace
}  // namespace madoguchi::api::test
