// Plugins that follow cases and serve methods: the good one is asked in both places alike; each bad answer is
// a failure of the plugin with its name, never a state, an effect or a reply.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "fixture.hpp"

namespace madoguchi::extension {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr auto name = "bad-follower";

struct Asked {
  json::object visit =
      json::parse(R"({"id":"261127-ABCDEFGH","state":"open","opened_at":"2026-02-12T10:00:00+09:00",
                                       "facts":{},"decision":{},"pins":{}})")
          .as_object();
  json::object event{{"type", "case.opened"}, {"at", "2026-02-12T10:00:00+09:00"}};
  json::object params{{"n", 2}};
  json::value state;

  base::Result<policy::PluginStep> advance(Plugins& plugins) {
    return plugins.advance(name, visit, state, event);
  }
  base::Result<policy::PluginStep> add(Plugins& plugins) {
    return plugins.call(name, {"add", params, state, base::parse_time("2026-02-12T10:00:00+09:00").value()});
  }
  base::Result<policy::PluginStep> count(Plugins& plugins) {
    const json::object none;
    return plugins.call(
        name, {"count", none, state, base::parse_time("2026-02-12T10:00:00+09:00").value(), &visit});
  }
};

Plugins::Built built(const TemporaryFolder& folder, const policy::Policy& policy, Isolation isolation,
                     base::Log& log, std::chrono::milliseconds deadline = std::chrono::seconds(20)) {
  auto config = host(folder, {configured(name, isolation)});
  config.plugins[0].deadline = deadline;
  return Plugins::build(config, policy, log);
}

TEST(Followers, carry_their_state_from_event_to_event_in_both_places_alike) {
  const TemporaryFolder folder;
  put(folder, name);
  for (const auto isolation : {Isolation::none, Isolation::process}) {
    KeptLog log;
    const auto set = built(folder, policy_with(name, {}), isolation, log);
    ASSERT_TRUE(set.refusals.empty()) << set.refusals[0];
    const auto followers = set.plugins->followers();
    ASSERT_EQ(followers.size(), 1U);
    EXPECT_TRUE(followers[0].needed);
    Asked asked;
    for (int seen = 1; seen <= 3; ++seen) {
      const auto step = asked.advance(*set.plugins);
      ASSERT_TRUE(step) << base::describe(step.error());
      EXPECT_EQ(step->state->at("seen"), seen);
      const auto again = asked.advance(*set.plugins);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->state, step->state) << "from the same state, the same";
      asked.state = *step->state;
    }
    const auto counted = asked.count(*set.plugins);
    ASSERT_TRUE(counted) << base::describe(counted.error());
    EXPECT_EQ(counted->reply.at("count"), 3);
    asked.state = {{"sum", 40}};
    EXPECT_EQ(asked.add(*set.plugins)->reply.at("sum"), 42);
    EXPECT_EQ(set.plugins->call(name, {"other", asked.params, asked.state}).error().code,
              base::Code::method_not_found);
    EXPECT_EQ(set.plugins->call("nobody", {"add", asked.params, asked.state}).error().code,
              base::Code::method_not_found);
    const auto methods = set.plugins->methods();
    ASSERT_EQ(methods.size(), 2U);
    EXPECT_EQ(methods[0].plugin + "." + methods[0].method.verb, "bad-follower.count");
    EXPECT_EQ(set.plugins->list().at(0).at("methods"),
              json::parse(R"(["bad-follower.count","bad-follower.add"])"));
  }
}

TEST(Followers, may_refuse_a_call_without_having_failed) {
  const TemporaryFolder folder;
  put(folder, name);
  KeptLog log;
  const auto set = built(folder, policy_with(name, {{"mood", "refuses"}}), Isolation::none, log);
  Asked asked;
  for (int i = 0; i < 10; ++i) {
    const auto refused = asked.add(*set.plugins);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::conflict);
    EXPECT_EQ(refused.error().details.at("en"), "there is none");
    EXPECT_EQ(refused.error().details.at("plugin"), name);
  }
  EXPECT_EQ(set.plugins->list().at(0).at("failures"), 0);
}

TEST(Followers, that_are_not_there_are_still_owed_what_happens) {
  const TemporaryFolder folder;
  KeptLog log;
  auto config = host(folder, {configured(name)});
  auto set = Plugins::build(config, policy_with(name, {}), log);
  ASSERT_EQ(set.plugins->followers().size(), 1U) << "nobody knows that it does not follow";
  Asked asked;
  EXPECT_EQ(asked.advance(*set.plugins).error().code, base::Code::plugin_failed);
  EXPECT_TRUE(set.plugins->methods().empty());
  config.plugins[0].critical = false;
  set = Plugins::build(config, policy_with(name, {}), log);
  ASSERT_EQ(set.plugins->followers().size(), 1U) << "nor with that";
  EXPECT_TRUE(set.plugins->followers()[0].needed);
}

TEST(Followers, that_describe_no_method_but_have_the_hook_are_refused) {
  const TemporaryFolder folder;
  put(folder, "bad-mute-follower");
  KeptLog log;
  const auto set = Plugins::build(host(folder, {configured("bad-mute-follower")}),
                                  policy_with("bad-mute-follower", {}), log);
  ASSERT_EQ(set.refusals.size(), 1U);
  EXPECT_THAT(set.refusals[0], HasSubstr("has the hook call and describes no method"));
}

enum class Of : std::uint8_t { both, advance, call };
struct Lie {
  const char* mood;
  const char* reason;
  Of hooks = Of::both;
  bool only_apart = false;  // would take the daemon with it
  base::Code code = base::Code::plugin_failed;
};

class Lies : public testing::TestWithParam<Lie> {};

TEST_P(Lies, are_no_answers) {
  const auto& lie = GetParam();
  const TemporaryFolder folder;
  put(folder, name);
  for (const auto isolation : {Isolation::none, Isolation::process}) {
    if (isolation == Isolation::none && lie.only_apart) continue;
    KeptLog log;
    const bool late = lie.code == base::Code::plugin_timeout;
    const auto set = built(folder, policy_with(name, {{"mood", lie.mood}}), isolation, log,
                           late ? std::chrono::milliseconds(200) : std::chrono::milliseconds(20'000));
    ASSERT_TRUE(set.refusals.empty()) << set.refusals[0];
    Asked asked;
    std::vector<base::Result<policy::PluginStep>> said;
    if (lie.hooks != Of::call) said.push_back(asked.advance(*set.plugins));
    if (lie.hooks != Of::advance) {
      const bool reads = std::string_view(lie.mood) == "writes_in_reading";
      said.push_back(reads ? asked.count(*set.plugins) : asked.add(*set.plugins));
    }
    for (const auto& step : said) {
      ASSERT_FALSE(step) << "an answer in spite of it";
      EXPECT_EQ(step.error().code, lie.code) << base::describe(step.error());
      EXPECT_THAT(step.error().inner, HasSubstr(lie.reason));
      EXPECT_EQ(step.error().details.at("plugin"), name);
    }
    EXPECT_EQ(set.plugins->list().at(0).at("failures"), said.size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Bad, Lies,
    testing::Values(Lie{"throws", "failed: as announced"}, Lie{"silent", "not JSON"},
                    Lie{"odd_status", "failed"}, Lie{"no_json", "not JSON"}, Lie{"a_list", "not an object"},
                    Lie{"odd_type", "effects/0: the type \"write_card\"", Of::advance},
                    Lie{"odd_state", "state: not an object", Of::advance},
                    Lie{"hoards", "at most 65536 are kept"},
                    Lie{"odd_effect", "topic: not cases, queue or plugins"}, Lie{"poses", "name: not of"},
                    Lie{"half_words", "effects/1"}, Lie{"shouts", "at most 8192"},
                    Lie{"another_reply", "reply/sum", Of::call},
                    Lie{"writes_in_reading", "only reads", Of::call},
                    Lie{"sleeps", "200", Of::both, false, base::Code::plugin_timeout},
                    Lie{"loops", "no answer within 200 ms", Of::call, true, base::Code::plugin_timeout},
                    Lie{"aborts", "signal 6", Of::both, true}),
    [](const auto& row) { return std::string(row.param.mood); });

}  // namespace
}  // namespace madoguchi::extension
