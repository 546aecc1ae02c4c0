// Plugins that follow cases: told of every event once, in order; what can be left undone waits for their
// answer, what has happened is recorded without it and owed to them.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "followers.hpp"
#include "renewal/codec.hpp"
#include "world.hpp"

namespace madoguchi::counter::test {
namespace {

namespace json = boost::json;
using base::Code;
using mynumber::PinName;
using renewal::State;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class Following : public testing::Test {
 protected:
  TestPlugins plugins;
  World world{[this] {
    Options options;
    options.plugins = &plugins;
    return options;
  }()};

  // "<state or empty>|<number of events owed>" of a plugin about a case.
  std::string kept(const std::string& id, const std::string& plugin = "visits") {
    for (const auto& row : world.store.plugin_states(id).value()) {
      const auto owed = row.owed.empty() ? 0 : json::parse(row.owed).as_array().size();
      if (row.plugin == plugin) return row.body + "|" + std::to_string(owed);
    }
    return "nothing";
  }
  static policy::PluginStep holding(bool held) {
    return {nullptr, std::nullopt, {policy::PluginHold{held, {"照会中です", "the inquiry is out"}}}};
  }
  PluginCall call(const std::string& id, bool keeps = false) {
    return {
        .plugin = "visits", .verb = "add", .params = {}, .case_id = id, .staff = "clerk-7", .keeps = keeps};
  }
};

TEST_F(Following, hears_of_a_case_from_its_opening_to_its_end) {
  const auto id = world.ready();
  ASSERT_TRUE(world.issue(id));
  EXPECT_EQ(plugins.heard.front(), "visits case.opened");
  EXPECT_EQ(plugins.heard.back(), "visits case.completed");
  EXPECT_THAT(plugins.heard, Contains("visits pin.matched").Times(3));
  EXPECT_THAT(plugins.heard, Contains("visits issue.begun").Times(1));
  EXPECT_THAT(plugins.heard, Not(Contains("visits pin.intent")));
  EXPECT_EQ(kept(id), R"({"seen":)" + std::to_string(plugins.heard.size()) + "}|0");
  world.restart();
  EXPECT_EQ(kept(id), R"({"seen":)" + std::to_string(plugins.heard.size()) + "}|0");
}

TEST_F(Following, a_case_that_waits_is_gone_on_with_and_no_other_with_its_card_opened) {
  plugins.on_advance = [&](const renewal::Case&, const json::value&, const json::object&) {
    return holding(true);
  };
  const auto first = world.open()->id;
  ASSERT_EQ(world.desk->load(first)->state, State::waiting);
  for (const int visit : {1, 2}) {
    const auto other = world.open(reader_name, {{"visit", visit}});
    ASSERT_EQ(code_of(other), Code::conflict) << visit;
    EXPECT_EQ(other.error().details.at("case"), json::value(first)) << visit;
  }
  EXPECT_TRUE(world.run(world.desk->open({{}, reader_name, "clerk-7", {}, {first}}))) << "named";
  ASSERT_TRUE(world.run(world.desk->cancel({first, "withdrawn", "clerk-7"})));
}

TEST_F(Following, a_case_that_waits_takes_only_the_card_that_was_told_of) {
  plugins.on_advance = [&](const renewal::Case&, const json::value&, const json::object&) {
    return holding(true);
  };
  const auto id = world.open("", {{"card", {{"expires_on", "2020-01-01"}}}})->id;
  const auto lay_down = [&](std::optional<json::object> facts) {
    return world.run(world.desk->update({id, {}, std::move(facts), reader_name, "clerk-7"}));
  };
  const auto other = lay_down({});
  ASSERT_EQ(code_of(other), Code::card_different);
  const auto differs = other.error().details.at("differs").as_array();
  ASSERT_EQ(differs.size(), 1u);
  EXPECT_EQ(differs.at(0).at("pointer"), "/facts/card/expires_on");
  EXPECT_TRUE(world.desk->load(id)->card.empty()) << "nothing is bound by it";
  const auto right = differs.at(0).at("card");
  const auto taken = lay_down(json::object{{"card", {{"expires_on", right}}}});
  ASSERT_TRUE(taken) << base::describe(taken.error());
  EXPECT_FALSE(taken->card.empty());
}

TEST_F(Following, a_second_visit_is_no_case_of_its_own) {
  const auto opened = world.open("", {{"visit", 2}});
  ASSERT_EQ(code_of(opened), Code::conflict);
  EXPECT_EQ(opened.error().details.at("pointer"), "/facts/visit");
  EXPECT_FALSE(opened.error().details.contains("case")) << "nobody knows the card";
}

TEST_F(Following, keeps_a_pin_from_being_reset_while_it_holds_the_case) {
  bool held = true;
  plugins.on_advance = [&](const renewal::Case&, const json::value&, const json::object&) {
    return holding(held);
  };
  world.let_reset(PinName::authentication);
  const auto id = world.open()->id;
  const auto reset = [&] {
    return world.run(world.desk->reset_pin(world.pin_request(id, PinName::authentication, "1234")));
  };
  const auto refused = reset();
  ASSERT_EQ(code_of(refused), Code::conflict);
  EXPECT_EQ(refused.error().details.at("plugin"), "visits");
  EXPECT_EQ(refused.error().details.at("ja"), "照会中です");
  held = false;
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"})));
  const auto done = reset();
  EXPECT_TRUE(done) << base::describe(done.error());
}

TEST_F(Following, hears_that_a_case_is_given_up_and_then_of_its_end) {
  world.options.wanted = {mynumber::CertificateName::authentication};
  const auto id = world.ready();
  world.card->keeps_writes = false;
  EXPECT_FALSE(world.issue(id));
  world.line->down = true;
  ASSERT_TRUE(world.run(world.desk->cancel({id, "the card was lost", "clerk-7", true})));
  EXPECT_EQ(plugins.heard.back(), "visits case.given_up");
  world.restart();
  world.line->down = false;
  world.resume_until([&] { return world.desk->load(id)->state == State::cancelled; });
  EXPECT_EQ(plugins.heard.back(), "visits case.cancelled");
  EXPECT_THAT(plugins.heard, Contains("visits case.given_up").Times(1));
  EXPECT_THAT(plugins.heard, Contains("visits case.cancelled").Times(1));
}

TEST_F(Following, is_told_nothing_that_is_only_the_daemons) {
  plugins.on_advance = [](const renewal::Case&, const json::value& state, const json::object& event) {
    for (const auto& member : event)
      EXPECT_THAT(std::string(member.key()), testing::AnyOf("type", "at", "pin", "reason"));
    return TestPlugins::counted(state);
  };
  ASSERT_TRUE(world.issue(world.ready()));
}

TEST_F(Following, a_case_is_not_opened_changed_or_issued_without_its_answer) {
  plugins.down["visits"] = true;
  const auto refused = world.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::plugin_failed);
  EXPECT_EQ(world.store.commits, 0);

  plugins.down.clear();
  const auto id = world.ready();
  const auto before = world.desk->load(id).value();
  plugins.down["visits"] = true;
  EXPECT_FALSE(world.run(world.desk->update(
      {.id = id, .revision = {}, .facts = json::object{{"visit", 1}}, .reader = {}, .staff = "clerk-7"})));
  const auto sent = world.line->posts;
  EXPECT_EQ(world.issue(id).error().code, Code::plugin_failed);
  EXPECT_EQ(world.line->posts, sent) << "nothing was begun";
  EXPECT_EQ(world.desk->load(id).value().revision, before.revision);
  EXPECT_EQ(world.desk->load(id).value().state, State::ready);

  plugins.down.clear();
  EXPECT_TRUE(world.issue(id));
}

TEST_F(Following, a_pin_that_was_tried_is_recorded_and_the_event_owed) {
  const auto id = world.open()->id;
  plugins.down["visits"] = true;
  const auto tried = world.verify(id, PinName::authentication);
  ASSERT_TRUE(tried) << base::describe(tried.error());
  EXPECT_EQ(world.desk->load(id).value().pins.at(PinName::authentication).outcome,
            renewal::PinOutcome::matched);
  EXPECT_EQ(kept(id), R"({"seen":1}|1)");
  EXPECT_THAT(world.store.kinds(id), Contains("plugin.owed"));
  EXPECT_THAT(world.store.owed_cases().value(), ElementsAre(id));

  world.restart();
  plugins.heard.clear();
  plugins.down.clear();
  world.verify_all(id);
  EXPECT_EQ(plugins.heard.front(), "visits pin.matched") << "what it was owed, before the next";
  EXPECT_THAT(world.store.owed_cases().value(), IsEmpty());
  EXPECT_TRUE(world.issue(id));
}

TEST_F(Following, a_case_that_ended_without_it_is_told_of_by_itself_later) {
  const auto id = world.open()->id;
  plugins.down["visits"] = true;
  ASSERT_TRUE(world.run(world.desk->cancel({id, "the holder left", "clerk-7"})));
  EXPECT_EQ(kept(id), R"({"seen":1}|1)");
  plugins.down.clear();
  world.restart();
  world.resume_until([&] { return kept(id) == R"({"seen":2}|0)"; });
  EXPECT_EQ(world.store.kinds(id).back(), "plugin.caught_up");
  EXPECT_EQ(world.desk->load(id).value().state, State::cancelled);
}

TEST_F(Following, one_that_is_not_needed_stops_nothing) {
  plugins.named = {{"extra", false}, {"visits", true}};
  plugins.down["extra"] = true;
  const auto id = world.ready();
  ASSERT_TRUE(world.issue(id));
  EXPECT_EQ(kept(id), R"({"seen":)" + std::to_string(plugins.heard.size() / 2) + "}|0");
  EXPECT_EQ(kept(id, "extra"), "|" + std::to_string(plugins.heard.size() / 2));
}

TEST_F(Following, hears_of_the_decision_that_a_pin_has_changed) {
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    const auto* pins = facts.if_contains("pins");
    const auto* pin = pins == nullptr ? nullptr : pins->as_object().if_contains("authentication");
    if (pin != nullptr && *pin == "mismatched") decided->decision["outcome"] = "two_visits";
    return decided;
  };
  std::string told;
  plugins.on_advance = [&](const renewal::Case& visit, const json::value&, const json::object& event) {
    const bool redecided = event.at("type") == "case.redecided";
    if (redecided) told = std::string(visit.decision.at("outcome").as_string());
    return redecided ? holding(true) : policy::PluginStep{};
  };
  const auto id = world.open()->id;
  ASSERT_TRUE(world.verify(id, PinName::resident_register));
  EXPECT_THAT(plugins.heard, Not(Contains("visits case.redecided"))) << "the same outcome as before";
  EXPECT_EQ(world.verify(id, PinName::authentication, "9081").error().code, Code::pin_wrong);
  EXPECT_EQ(plugins.heard.back(), "visits case.redecided");
  EXPECT_EQ(told, "two_visits");
  EXPECT_EQ(world.desk->load(id)->state, State::waiting);
  EXPECT_EQ(json::parse(world.published.back().data).at("state"), "waiting");
  EXPECT_THAT(world.store.kinds(id), Contains("case.redecided").Times(1));
  EXPECT_EQ(world.verify(id, PinName::authentication).error().code, Code::conflict) << "no PIN today";
}

TEST_F(Following, is_decided_about_with_what_it_keeps) {
  std::vector<std::string> told;
  world.decide_by = [&](const std::string&, const json::object& facts, base::Instant received,
                        const policy::CaseSoFar& so_far) {
    told.push_back(json::serialize(so_far.kept) + (so_far.application ? "" : " no application"));
    return world.decide(facts, received);
  };
  const auto id = world.open()->id;
  EXPECT_THAT(told, ElementsAre("{}"));
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"})));
  EXPECT_EQ(told.back(), R"({"visits":{"seen":1}})");
  world.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(world.run(world.desk->update({id, {}, {}, {}, "clerk-7"})));
  EXPECT_EQ(told.back(), R"({"visits":{"seen":2}})") << "on another day, too";
}

TEST_F(Following, is_owed_the_decision_that_a_pin_has_changed) {
  const auto id = world.open()->id;
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["outcome"] = "two_visits";
    return decided;
  };
  plugins.down["visits"] = true;
  EXPECT_EQ(world.verify(id, PinName::authentication, "9081").error().code, Code::pin_wrong);
  EXPECT_EQ(world.desk->load(id)->state, State::waiting) << "the decision alone is enough";
  EXPECT_EQ(kept(id), R"({"seen":1}|2)");
}

TEST_F(Following, holds_a_case_back_until_it_lets_go) {
  plugins.on_advance = [](const renewal::Case&, const json::value&, const json::object& event) {
    return holding(event.at("type") == "case.opened");
  };
  const auto opened = world.open();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->state, State::waiting);
  const auto shown = renewal::to_public(*world.desk->load(opened->id));
  EXPECT_EQ(shown.at("held_by").at(0).at("plugin"), "visits");
  EXPECT_EQ(shown.at("held_by").at(0).at("en"), "the inquiry is out");
  EXPECT_EQ(world.verify(opened->id, PinName::authentication).error().code, Code::conflict);
  for (const auto& event : world.published) {
    EXPECT_EQ(json::parse(event.data).at("state"), "waiting");
  }
  const auto updated = world.run(world.desk->update({.id = opened->id,
                                                     .revision = {},
                                                     .facts = json::object{{"visit", 2}},
                                                     .reader = {},
                                                     .staff = "clerk-7"}));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->state, State::open);
  world.verify_all(opened->id);
  EXPECT_TRUE(world.issue(opened->id));
  EXPECT_THAT(world.store.kinds(opened->id), Contains("plugin.held"));
  EXPECT_THAT(world.store.kinds(opened->id), Contains("plugin.let_go"));
}

TEST_F(Following, nothing_holds_back_what_is_cancelled) {
  plugins.on_advance = [](const renewal::Case&, const json::value&, const json::object&) {
    return holding(true);
  };
  const auto id = world.open()->id;
  ASSERT_FALSE(world.desk->load(id)->holds.empty());
  ASSERT_TRUE(world.run(world.desk->cancel({id, "withdrawn", "clerk-7"})));
  EXPECT_TRUE(world.desk->load(id)->holds.empty());
}

TEST_F(Following, what_one_holds_that_is_no_longer_configured_is_let_go) {
  plugins.on_advance = [](const renewal::Case&, const json::value&, const json::object&) {
    return holding(true);
  };
  const auto opened = world.open();
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->state, State::waiting);
  const auto update = [&] {
    return world.run(world.desk->update({.id = opened->id,
                                         .revision = {},
                                         .facts = json::object{{"visit", 2}},
                                         .reader = {},
                                         .staff = "clerk-7"}));
  };
  plugins.named.clear();
  EXPECT_EQ(update()->state, State::waiting) << "it is there, only not let in";
  plugins.removed.insert("visits");
  const auto updated = update();
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->state, State::open);
  EXPECT_THAT(world.store.kinds(opened->id), Contains("plugin.gone").Times(1));
  EXPECT_TRUE(world.desk->load(opened->id)->holds.empty());
}

TEST_F(Following, one_cannot_let_go_of_what_another_holds_nor_of_what_the_decision_does) {
  plugins.named = {{"letters", true}, {"visits", true}};
  plugins.on_advance = [this](const renewal::Case&, const json::value&, const json::object&) {
    return holding(plugins.heard.back().starts_with("letters"));
  };
  EXPECT_EQ(world.open()->state, State::waiting);
  plugins.named = {{"visits", true}};
  world.decide = [usual = world.decide](const json::object& facts, base::Instant received) {
    auto decided = usual(facts, received);
    decided->decision["outcome"] = "two_visits";
    return decided;
  };
  EXPECT_EQ(world.open("")->state, State::waiting);
}

TEST_F(Following, that_holds_back_at_the_last_moment_is_obeyed) {
  const auto id = world.ready();
  plugins.on_advance = [](const renewal::Case&, const json::value&, const json::object&) {
    return holding(true);
  };
  const auto sent = world.line->posts;
  const auto refused = world.issue(id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(refused.error().details.at("en"), "the inquiry is out");
  EXPECT_EQ(world.line->posts, sent);
  EXPECT_EQ(world.desk->load(id).value().state, State::ready);
}

TEST_F(Following, tells_under_its_own_name_and_of_no_case_to_the_queue) {
  plugins.on_advance = [](const renewal::Case&, const json::value&, const json::object&) {
    return policy::PluginStep{
        nullptr,
        std::nullopt,
        {policy::PluginEvent{"queue", "called", {{"n", 7}}}, policy::PluginEvent{"cases", "seen", {}}}};
  };
  const auto id = world.open()->id;
  ASSERT_EQ(world.published.size(), 3U);
  EXPECT_EQ(world.published[0].type, "case.opened");
  EXPECT_EQ(world.published[1].topic + " " + world.published[1].type + " " + world.published[1].case_id,
            "queue visits.called ");
  EXPECT_EQ(world.published[2].topic + " " + world.published[2].type + " " + world.published[2].case_id,
            "cases visits.seen " + id);
}

TEST_F(Following, a_store_that_fails_leaves_nothing_behind) {
  const auto id = world.open()->id;
  world.store.refused_at = world.store.commits + 1;
  EXPECT_EQ(world.run(world.desk->call(call(id))).error().code, Code::storage_full);
  EXPECT_EQ(kept(id), R"({"seen":1}|0)");
  EXPECT_EQ(world.run(world.desk->call(call(id)))->at("seen"), 2);
}

TEST_F(Following, calls_about_a_case_keep_their_state_with_it) {
  const auto id = world.open()->id;
  const auto before = world.desk->load(id).value().revision;
  EXPECT_EQ(world.run(world.desk->call(call(id)))->at("seen"), 2);
  EXPECT_EQ(kept(id), R"({"seen":2}|0)");
  EXPECT_EQ(world.store.kinds(id).back(), "plugin.called");
  EXPECT_EQ(world.desk->load(id).value().revision, before + 1);
  plugins.on_call = [](const PluginPort::Asked& asked) {
    return policy::PluginStep{1, asked.state.as_object(), {}};
  };
  const int commits = world.store.commits;
  EXPECT_EQ(*world.run(world.desk->call(call(id))), 1);
  EXPECT_EQ(world.store.commits, commits) << "nothing came of it";
  EXPECT_EQ(world.run(world.desk->call(call("none"))).error().code, Code::not_found);
}

TEST_F(Following, a_call_does_not_overtake_what_is_owed) {
  const auto id = world.open()->id;
  plugins.down["visits"] = true;
  ASSERT_TRUE(world.verify(id, PinName::authentication));
  EXPECT_EQ(world.run(world.desk->call(call(id))).error().code, Code::plugin_failed);
  EXPECT_EQ(plugins.calls, 0);
  plugins.down.clear();
  EXPECT_EQ(world.run(world.desk->call(call(id)))->at("seen"), 3);
}

TEST_F(Following, a_list_is_given_what_is_kept_about_cases_page_by_page) {
  plugins.on_advance = [](const renewal::Case& visit, const json::value&, const json::object& event) {
    if (event.at("type") == "case.cancelled") return policy::PluginStep{};
    return policy::PluginStep{
        nullptr, json::object{{"of", visit.id}, {"long", std::string(60'000, 'x')}}, {}};
  };
  std::set<std::string> open;
  for (int i = 0; i < 11; ++i) open.insert(world.open("")->id);
  ASSERT_TRUE(world.run(world.desk->cancel({*open.begin(), "the holder left", "clerk-7"})));
  open.erase(open.begin());
  ASSERT_TRUE(world.run(world.desk->call(call("", true)))) << "what it keeps of its own is in no list";
  std::set<std::string> listed;
  std::vector<std::size_t> sizes;
  json::value next;
  plugins.on_call = [&](const PluginPort::Asked& asked) {
    if (asked.states == nullptr) {
      ADD_FAILURE() << "no states";
      return policy::PluginStep{};
    }
    const auto& items = asked.states->at("items").as_array();
    for (const auto& item : items) {
      EXPECT_EQ(item.at("case"), item.at("state").at("of"));
      EXPECT_TRUE(listed.insert(std::string(item.at("case").as_string())).second);
    }
    sizes.push_back(items.size());
    next = asked.states->at("next");
    return policy::PluginStep{nullptr, asked.state.as_object(), {}};
  };
  PluginCall list = call("", true);
  list.staff.clear();
  list.reads = list.states = true;
  const int commits = world.store.commits;
  do {
    list.cursor = next.is_null() ? std::string() : std::string(next.as_string());
    ASSERT_TRUE(world.run(world.desk->call(list)));
  } while (!next.is_null() && sizes.size() < 5);
  EXPECT_EQ(listed, open);
  EXPECT_THAT(sizes, ElementsAre(8U, 2U)) << "half a megabyte at a time";
  EXPECT_EQ(world.store.commits, commits);
}

TEST_F(Following, calls_of_its_own_keep_another_state) {
  EXPECT_EQ(world.run(world.desk->call(call("", true)))->at("seen"), 1);
  EXPECT_EQ(world.run(world.desk->call(call("", true)))->at("seen"), 2);
  world.restart();
  EXPECT_EQ(world.run(world.desk->call(call("", true)))->at("seen"), 3);
  EXPECT_EQ(kept(""), R"({"seen":3}|0)");
  EXPECT_EQ(world.published.back().topic + " " + world.published.back().type, "plugins plugin.called");
}

}  // namespace
}  // namespace madoguchi::counter::test
