// PINs at the reader's own keys: where they may be entered, and what stays known of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::PinOutcome;
using testing::ElementsAre;
using testing::IsEmpty;

class Pad : public testing::Test {
 protected:
  void begin(PadUse use = PadUse::automatic, bool keys = true) {
    Options options;
    options.pad_use = use;
    world.emplace(options);
    if (keys) give(digits(PinName::authentication));
    id = world->open()->id;
    before = world->store.kinds(id).size();
  }
  void give(const Pressed& pressed) {
    world->readers.give_keys(reader_name, [this, pressed](const smartcard::PadEntry& entry) {
      ++entries;
      EXPECT_EQ(entry.longest, std::chrono::seconds(30));
      return pressed;
    });
  }
  [[nodiscard]] std::string digits(PinName pin) const {
    return world->citizen.pins.at(*simulated_card::pin_kind_named(mynumber::name(pin)));
  }
  PinRequest at_the_keys(PinName pin = PinName::authentication) {
    PinRequest request;
    request.id = id;
    request.pin = pin;
    request.on_pad = true;
    request.entered_by = "holder";
    request.staff = "clerk-7";
    return request;
  }
  base::Result<PinReply> enter(PinName pin = PinName::authentication) {
    return world->run(world->desk->verify_pin(at_the_keys(pin)));
  }
  // The journal's since the case was opened.
  std::vector<std::string> journal() {
    const auto all = world->store.kinds(id);
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }

  std::optional<World> world;
  std::string id;
  std::size_t before = 0;
  int entries = 0;
};

TEST_F(Pad, takes_a_pin_that_the_desk_never_sees) {
  begin();
  const auto reply = enter();
  ASSERT_TRUE(reply) << base::describe(reply.error());
  EXPECT_EQ(reply->tries_left, 3);
  EXPECT_EQ(reply->visit.pins.at(PinName::authentication).outcome, PinOutcome::matched);
  EXPECT_EQ(reply->visit.pins.at(PinName::authentication).entered_by, "holder");
  EXPECT_THAT(journal(), ElementsAre("pin.intent", "pin.matched"));
  const auto records = *world->store.journal(id);
  EXPECT_EQ(json::parse(records.back().body).at("entry"), "pinpad");
  EXPECT_EQ(world->pins_sent(), 1);
}

TEST_F(Pad, counts_a_wrong_one_as_any_other) {
  begin();
  give("9081");
  const auto refused = enter();
  ASSERT_EQ(code_of(refused), Code::pin_wrong);
  EXPECT_EQ(refused.error().details.at("tries_left"), 2);
  EXPECT_THAT(journal(), ElementsAre("pin.intent", "pin.mismatched"));
}

TEST_F(Pad, says_that_nothing_was_sent_when_nothing_was_entered) {
  begin();
  const std::pair<std::uint16_t, Code> rows[] = {{0x6400, Code::pin_timeout},
                                                 {0x6401, Code::pin_cancelled},
                                                 {0x6403, Code::pin_malformed},
                                                 {0x6B80, Code::conflict}};
  for (const auto& [word, code] : rows) {
    give(word);
    const auto refused = enter();
    EXPECT_EQ(code_of(refused), code);
    EXPECT_EQ(refused.error().details.at("pin"), "authentication") << word;
    EXPECT_EQ(world->store.kinds(id).back(), "pin.not_sent") << word;
  }
  EXPECT_EQ(world->tries_left(PinName::authentication), 3);
  EXPECT_EQ(world->pins_sent(), 0);
  EXPECT_FALSE(world->desk->load(id)->pins.contains(PinName::authentication));
  give(digits(PinName::authentication));
  EXPECT_TRUE(enter()) << "again, and the card is still held";
}

TEST_F(Pad, keeps_the_guards) {
  begin();
  auto request = at_the_keys();
  request.guards.expected_tries_left = 1;
  EXPECT_EQ(code_of(world->run(world->desk->verify_pin(std::move(request)))), Code::pin_tries_changed);
  give("9081");
  EXPECT_EQ(code_of(enter()), Code::pin_wrong);
  EXPECT_EQ(code_of(enter()), Code::pin_wrong);
  entries = 0;
  EXPECT_EQ(code_of(enter()), Code::pin_last_try);
  EXPECT_EQ(entries, 0) << "nobody is asked at the keys for what would not be sent";
}

TEST_F(Pad, where_there_is_one_no_such_pin_is_typed) {
  begin();
  for (const auto pin : {PinName::authentication, PinName::resident_register}) {
    const auto refused = world->verify(id, pin);
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_EQ(refused.error().details.at("cannot"), "typed");
    EXPECT_EQ(refused.error().details.at("entry"), "pinpad");
    EXPECT_EQ(refused.error().details.at("pin"), json::value(mynumber::name(pin)));
  }
  EXPECT_THAT(journal(), IsEmpty()) << "refused before anything was meant to be sent";
  EXPECT_TRUE(world->verify(id, PinName::signature)) << "its letters are on no pad";
  const auto letters = enter(PinName::signature);
  ASSERT_EQ(code_of(letters), Code::conflict);
  EXPECT_EQ(letters.error().details.at("cannot"), "pinpad");
  EXPECT_EQ(entries, 0);
}

TEST_F(Pad, is_used_as_the_configuration_says) {
  const auto typed = [&] { return code_of(world->verify(id, PinName::authentication)); };
  constexpr Code ok{255};
  const struct {
    PadUse use;
    bool keys;
    Code typed, entered;
  } rows[] = {{PadUse::automatic, true, Code::conflict, ok},
              {PadUse::automatic, false, ok, Code::conflict},
              {PadUse::optional, true, ok, ok},
              {PadUse::optional, false, ok, Code::conflict},
              {PadUse::never, true, ok, Code::conflict},
              {PadUse::never, false, ok, Code::conflict},
              {PadUse::required, true, Code::conflict, ok},
              {PadUse::required, false, Code::conflict, Code::conflict}};
  for (const auto& row : rows) {
    const auto which = std::to_string(static_cast<int>(row.use)) + (row.keys ? " with" : " without");
    begin(row.use, row.keys);
    EXPECT_EQ(code_of(enter()), row.entered) << which;
    EXPECT_EQ(typed(), row.typed) << which;
    const auto status = world->readers.list().front();
    EXPECT_EQ(world->desk->pad_on(status), row.keys && row.use != PadUse::never) << which;
  }
}

TEST_F(Pad, of_a_reader_that_no_card_was_on_is_not_known) {
  begin();
  EXPECT_EQ(world->desk->pad_on(world->readers.list().back()), std::nullopt);
}

TEST_F(Pad, serves_a_card_of_no_case_by_the_same_rules) {
  begin();
  const auto check = [&](PinRequest request) {
    std::vector<PinRequest> pins;
    pins.push_back(std::move(request));
    return code_of(world->run(world->desk->check_expiry(reader_name, std::move(pins))));
  };
  EXPECT_EQ(check(world->pin_request("", PinName::authentication)), Code::conflict);
  EXPECT_EQ(world->pins_sent(), 0);
  EXPECT_EQ(check(at_the_keys(PinName::signature)), Code::conflict);
  EXPECT_EQ(check(at_the_keys()), Code{255});
  std::vector<std::string> traces;
  for (const auto& event : world->published) {
    if (event.topic == "readers") traces.push_back(event.type);
  }
  EXPECT_THAT(traces, ElementsAre("pin.intent", "pin.not_sent", "pin.intent", "pin.not_sent", "pin.intent",
                                  "pin.matched"));
}

}  // namespace
}  // namespace madoguchi::counter::test
