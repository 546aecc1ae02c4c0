// A key that may or may not have been made when somebody else comes whom no fact tells apart from the visitor
// of before: whose papers and PINs it is made by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_at_the_key.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::Phase;
using simulated_card::Layout;

// A proxy without a form is turned away.
class KeyInDoubtOfAProxy : public testing::Test {
 protected:
  explicit KeyInDoubtOfAProxy(Options options = only_authentication()) : world(std::move(options)) {
    world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
      auto decided = usual(facts, received);
      const auto* papers = facts.if_contains("documents");
      if (papers == nullptr || papers->as_array().empty()) decided->decision["outcome"] = "not_today";
      return decided;
    };
    id = world.open(reader_name, told(form))->id;
    world.verify_all(id);
  }
  static json::object told(json::array papers) {
    return {{"visitor", json::object{{"role", "proxy"}}}, {"documents", std::move(papers)}};
  }
  base::Result<renewal::Case> comes(bool another, json::array papers, std::optional<std::string> reader) {
    UpdateRequest request{id, {}, told(std::move(papers)), std::move(reader), "clerk-7"};
    request.visitor_changed = another;
    return world.run(world.desk->update(std::move(request)));
  }
  void expect_wants_the_card(const base::Result<renewal::Case>& refused) {
    ASSERT_EQ(code_of(refused), Code::conflict);
    EXPECT_EQ(refused.error().details.at("refused"), json::array{"/visitor_changed"});
    EXPECT_EQ(refused.error().details.at("call"), "cases.update");
    EXPECT_EQ(refused.error().details.at("needs"), "reader");
    EXPECT_EQ(world.desk->load(id)->sagas.at(0).phase, Phase::key_intended);
  }

  const json::array form{json::object{{"type", "reply_form"}}};
  const json::array nothing{};
  World world;
  std::string id;
};

TEST_F(KeyInDoubtOfAProxy, is_not_made_for_another_by_what_was_decided_of_the_first) {
  end_at_the_key(world, id, false);
  expect_wants_the_card(comes(true, nothing, {}));
  const auto told = comes(true, nothing, reader_name);
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->sagas.at(0).phase, Phase::planned);
  EXPECT_EQ(told->decision.at("outcome"), "not_today");
  EXPECT_TRUE(told->pins.empty());
  const int before = world.card->changes;
  world.verify_all(id);
  EXPECT_EQ(code_of(world.issue(id)), Code::conflict);
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  ASSERT_TRUE(comes(false, form, {})) << "fetched by the second";
  world.expect_renewed(world.finish(id));
}

TEST_F(KeyInDoubtOfAProxy, is_gone_on_with_by_the_first_without_a_look) {
  end_at_the_key(world, id, false);
  ASSERT_TRUE(comes(false, form, {}));
  world.expect_renewed(world.finish(id));
}

TEST_F(KeyInDoubtOfAProxy, keeps_nobody_waiting_once_it_was_seen_to_be_made) {
  end_at_the_key(world, id, true);
  const auto told = comes(true, nothing, reader_name);
  ASSERT_TRUE(told) << base::describe(told.error());
  EXPECT_EQ(told->sagas.at(0).phase, Phase::key_made) << "what has begun stands";
  world.expect_renewed(world.finish(id));
}

class FirstKeyInDoubt : public KeyInDoubtOfAProxy {
 protected:
  FirstKeyInDoubt() : KeyInDoubtOfAProxy(both()) {}
  static Options both() {
    Options options;
    options.layout = Layout::single;
    return options;
  }
};

// The PINs of what never began do not stand for it.
TEST_F(FirstKeyInDoubt, takes_its_own_pin_of_whoever_has_come_since) {
  end_at_the_key(world, id, false);
  world.verify_all(id);
  ASSERT_TRUE(world.desk->held(reader_name)) << "open by the first one's PINs";
  expect_wants_the_card(comes(true, form, {}));
  ASSERT_TRUE(comes(true, form, reader_name));
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  ASSERT_TRUE(world.verify(id, PinName::signature));
  const int before = world.card->changes;
  const auto stopped = world.issue(id);
  ASSERT_EQ(code_of(stopped), Code::pin_required);
  EXPECT_EQ(stopped.error().details.at("pin"), "authentication");
  EXPECT_EQ(world.card->changes, before) << "no key is made";
  world.expect_renewed(world.finish(id));
}

}  // namespace
}  // namespace madoguchi::counter::test
