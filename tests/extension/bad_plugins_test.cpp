// The bad plugins: every one is refused with the reason, or each decision that needs it is denied with its
// name.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "fixture.hpp"

namespace madoguchi::extension {
namespace {

using testing::HasSubstr;

enum class Where : std::uint8_t { both, process };  // what would take the daemon with it is only tried apart

struct Refused {
  const char* name;
  const char* reason;
  Where where = Where::both;
};

class RefusedPlugins : public testing::TestWithParam<Refused> {};

TEST_P(RefusedPlugins, are_never_called_and_deny) {
  const auto& bad = GetParam();
  const TemporaryFolder folder;
  put(folder, bad.name);
  for (const auto isolation : {Isolation::none, Isolation::process}) {
    if (isolation == Isolation::none && bad.where == Where::process) continue;
    KeptLog log;
    const auto policy = policy_with(bad.name, {});
    auto built = Plugins::build(host(folder, {configured(bad.name, isolation)}), policy, log);
    ASSERT_EQ(built.refusals.size(), 1U);
    EXPECT_THAT(built.refusals[0], HasSubstr(bad.name));
    EXPECT_THAT(built.refusals[0], HasSubstr(bad.reason));
    EXPECT_THAT(log.text, HasSubstr(bad.reason));
    const auto listed = built.plugins->list().at(0).as_object();
    EXPECT_EQ(listed.at("state"), "refused");
    EXPECT_THAT(std::string(listed.at("reason").as_string()), HasSubstr(bad.reason));
    const auto decision = built.plugins->decide(policy, visit());
    ASSERT_FALSE(decision) << "a decision without it";
    EXPECT_EQ(decision.error().code, base::Code::plugin_failed);
    EXPECT_EQ(decision.error().details.at("plugin"), bad.name);
    EXPECT_EQ(built.plugins->health().at("state"), "failed");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Bad, RefusedPlugins,
    testing::Values(Refused{"bad-no-symbol", "madoguchi_plugin_query is not exported"},
                    Refused{"bad-no-descriptor", "gave no descriptor"},
                    Refused{"bad-query-throws", "the query function threw"},
                    Refused{"bad-wrong-major", "built for ABI 2.0, this host has 1.0"},
                    Refused{"bad-newer-minor", "built for ABI 1.1, this host has 1.0"},
                    Refused{"bad-short-struct", "its descriptor has"},
                    Refused{"bad-other-name", "calls its name \"somebody-else\""},
                    Refused{"bad-other-version", "calls its version \"0.0.9\", the manifest \"1.0.0\""},
                    Refused{"bad-no-name", "has no name"}, Refused{"bad-more-hooks", "hooks"},
                    Refused{"bad-hook-missing", "schedule is announced but not there"},
                    Refused{"bad-hook-hidden", "call is there but not announced"},
                    Refused{"bad-no-destroy", "lacks describe, check, create or destroy"},
                    Refused{"bad-odd-threads", "thread model"},
                    Refused{"bad-foreign-description", "\"window.too_early\" is not the plugin's to say"},
                    Refused{"bad-no-description", "describe: the answer is not JSON"},
                    Refused{"bad-unique-symbol", "STB_GNU_UNIQUE"},
                    Refused{"bad-rpath", "a search path for libraries of its own"},
                    Refused{"bad-runpath", "a search path for libraries of its own"},
                    Refused{"bad-origin", "libraries beside itself (DF"},
                    Refused{"bad-schema", "no JSON Schema"},
                    Refused{"bad-endless-schema", "check: its process"},
                    Refused{"bad-constructor-aborts", "ended by signal 6"}),
    [](const auto& row) {
      std::string name(row.param.name);
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

struct Mood {
  const char* mood;
  const char* reason;
  Where where = Where::both;
  base::Code code = base::Code::plugin_failed;
};

class Moods : public testing::TestWithParam<Mood> {};

// One bad answer costs one denied decision; then the plugin is asked again, and its fifth failure in a minute
// is the last.
TEST_P(Moods, deny_the_decision_with_the_plugins_name) {
  const auto& bad = GetParam();
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  for (const auto isolation : {Isolation::none, Isolation::process}) {
    if (isolation == Isolation::none && bad.where == Where::process) continue;
    KeptLog log;
    const auto policy = policy_with("bad-moody", {{"mood", bad.mood}});
    auto config = host(folder, {configured("bad-moody", isolation)});
    config.plugins[0].memory_bytes = std::size_t{64} << 20;
    // Only those that are late by their nature meet their deadline on a busy machine.
    if (bad.code == base::Code::plugin_timeout) config.plugins[0].deadline = std::chrono::milliseconds(200);
    auto built = Plugins::build(config, policy, log);
    ASSERT_TRUE(built.refusals.empty()) << built.refusals[0];
    const auto decision = built.plugins->decide(policy, visit());
    ASSERT_FALSE(decision) << "a decision in spite of it";
    EXPECT_EQ(decision.error().code, bad.code) << base::describe(decision.error());
    EXPECT_THAT(decision.error().inner, HasSubstr(bad.reason));
    EXPECT_EQ(decision.error().details.at("plugin"), "bad-moody");
    const auto listed = built.plugins->list().at(0).as_object();
    EXPECT_EQ(listed.at("failures"), 1);
    EXPECT_THAT(std::string(listed.at("last_failure").as_string()), HasSubstr(bad.reason));
    EXPECT_THAT(log.text, HasSubstr("plugin.failed"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Bad, Moods,
    testing::Values(
        Mood{"throws", "decide threw: as announced"}, Mood{"throws_int", "decide threw"},
        Mood{"schedule_throws", "schedule threw"}, Mood{"fails", "decide failed"},
        Mood{"odd_status", "decide failed"}, Mood{"silent", "the answer is not JSON"},
        Mood{"no_json", "the answer is not JSON"}, Mood{"a_list", "not an object"},
        Mood{"foreign_code", "proxy.reply_form_missing"}, Mood{"own_severity", "unknown member \"severity\""},
        Mood{"overturns", "unknown member \"outcome\""}, Mood{"half", "no member \"missing\""},
        Mood{"no_utf8", "the answer is not JSON"}, Mood{"odd_missing", "a name with more than"},
        Mood{"floods", "longer than the host takes"}, Mood{"overflows", "longer than the host takes"},
        Mood{"twice", "a key stands twice"}, Mood{"tells", "birth_date\":\"####-##-##"},
        Mood{"schedules_another_year", "a day that was not asked about"},
        Mood{"schedules_backwards", "ends before it begins"},
        Mood{"sleeps", "200", Where::both, base::Code::plugin_timeout},
        Mood{"loops", "no answer within 200 ms", Where::process, base::Code::plugin_timeout},
        Mood{"answers_ahead", "spoke nonsense", Where::process}, Mood{"aborts", "signal 6", Where::process},
        Mood{"crashes", "decide: its process", Where::process},
        Mood{"exits", "ended with status 0", Where::process}),
    [](const auto& row) { return std::string(row.param.mood); });

#ifndef MADOGUCHI_SANITIZED
// Sanitizers reserve terabytes, so memory has no limit under them.
INSTANTIATE_TEST_SUITE_P(Greedy, Moods,
                         testing::Values(Mood{"eats", "decide threw: std::bad_alloc", Where::process}),
                         [](const auto& row) { return std::string(row.param.mood); });
#endif

// A request that a plugin takes for wrong is denied, again and again, and says nothing about the plugin:
// otherwise whoever may ask could have it put away.
TEST(BadPlugins, that_refuse_requests_deny_them_and_stay_well) {
  for (const auto* mood : {"refuses", "schedule_refuses"}) {
    for (const auto isolation : {Isolation::none, Isolation::process}) {
      const TemporaryFolder folder;
      put(folder, "bad-moody");
      KeptLog log;
      const auto policy = policy_with("bad-moody", {{"mood", mood}});
      auto built = Plugins::build(host(folder, {configured("bad-moody", isolation)}), policy, log);
      for (int i = 0; i < 8; ++i) {
        const auto decision = built.plugins->decide(policy, visit());
        ASSERT_FALSE(decision);
        EXPECT_EQ(decision.error().code, base::Code::plugin_failed);
        EXPECT_EQ(decision.error().details.at("plugin"), "bad-moody");
        EXPECT_THAT(decision.error().inner, HasSubstr("refused: "));
      }
      const auto listed = built.plugins->list().at(0).as_object();
      EXPECT_EQ(listed.at("state"), "ready");
      EXPECT_EQ(listed.at("failures"), 0);
      EXPECT_EQ(built.plugins->health().at("state"), "ok");
    }
  }
}

// It may lie about the citizen that it was asked about, as any plugin may, but its answer is nobody else's.
TEST(BadPlugins, that_answer_twice_are_not_believed_about_the_next_citizen) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  const auto policy = policy_with("bad-moody", {{"mood", "answers_twice"}});
  auto built = Plugins::build(host(folder, {configured("bad-moody", Isolation::process)}), policy, log);
  EXPECT_TRUE(built.plugins->decide(policy, visit()));
  const auto next = built.plugins->decide(policy, visit());
  ASSERT_FALSE(next) << "an answer that was there before the question";
  EXPECT_EQ(next.error().code, base::Code::plugin_failed);
  EXPECT_THAT(next.error().inner, HasSubstr("spoke nonsense"));
}

TEST(BadPlugins, that_together_take_too_long_deny_within_the_decisions_time) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  const auto policy = policy_with("bad-moody", {{"mood", "sleeps"}});
  auto config = host(folder, {configured("bad-moody", Isolation::process)});
  config.decision_time = std::chrono::milliseconds(150);
  int told = 0;
  config.progress = [&] { ++told; };
  auto built = Plugins::build(config, policy, log);
  EXPECT_EQ(told, 4) << "its start, describe, check, create";
  const auto begun = std::chrono::steady_clock::now();
  const auto decision = built.plugins->decide(policy, visit());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().code, base::Code::plugin_timeout);
  EXPECT_GE(told, 5);
  config.decision_time = std::chrono::milliseconds(0);
  built = Plugins::build(config, policy, log);
  const auto unasked = built.plugins->decide(policy, visit());
  ASSERT_FALSE(unasked);
  EXPECT_EQ(unasked.error().code, base::Code::plugin_timeout);
  EXPECT_EQ(built.plugins->list().at(0).as_object().at("failures"), 0) << "it was not its fault";
}

Plugins::Built moody(const TemporaryFolder& folder, const policy::Policy& policy, base::Log& log) {
  auto config = host(folder, {configured("bad-moody", Isolation::process)});
  config.plugins[0].memory_bytes = std::size_t{96} << 20;
  return Plugins::build(config, policy, log);
}

TEST(BadPlugins, whose_section_cannot_be_looked_at_are_refused) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  struct Row {
    const char* mood;
    const char* reason;
  };
  for (const auto& [mood, reason] : {Row{"check_aborts", "check: its process was ended by signal 6"},
                                     Row{"check_nonsense", "check: complaints: not a list"},
                                     Row{"create_fails", "create failed"}, Row{"talks", "spoke nonsense"}}) {
    KeptLog log;
    const auto built = moody(folder, policy_with("bad-moody", {{"mood", mood}}), log);
    ASSERT_EQ(built.refusals.size(), 1U) << mood;
    EXPECT_THAT(built.refusals[0], HasSubstr(reason));
  }
}

TEST(BadPlugins, that_crash_again_and_again_are_asked_no_more) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  const auto policy = policy_with("bad-moody", {{"mood", "aborts"}});
  auto built = moody(folder, policy, log);
  const auto failures = [&] {
    return built.plugins->list().at(0).as_object().at("failures").to_number<int>();
  };
  // A revision stands for one thing that is told.
  std::map<std::uint64_t, boost::json::array> told;
  const auto tell = [&] {
    const auto revision = built.plugins->revision();
    auto list = built.plugins->list();
    list.at(0).as_object().erase("resident_bytes");
    if (built.plugins->revision() != revision) return;  // a wait has ended just now
    EXPECT_EQ(told.try_emplace(revision, list).first->second, list);
  };
  tell();
  // Between two crashes it is not asked for a while: those decisions are denied without a new process.
  const auto enough = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (failures() < 5 && std::chrono::steady_clock::now() < enough) {
    EXPECT_FALSE(built.plugins->decide(policy, visit()));
    tell();
  }
  EXPECT_GT(told.size(), 5U);
  EXPECT_EQ(failures(), 5);
  EXPECT_EQ(built.plugins->list().at(0).as_object().at("state"), "quarantined");
  const auto denied = built.plugins->decide(policy, visit());
  EXPECT_THAT(denied.error().inner, HasSubstr("not asked after failures"));
  EXPECT_EQ(failures(), 5);
}

#ifndef MADOGUCHI_SANITIZED
TEST(BadPlugins, that_leak_lose_their_process_and_go_on_in_a_new_one) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  const auto policy = policy_with("bad-moody", {{"mood", "leaks"}});
  auto built = moody(folder, policy, log);
  int good = 0;
  int bad = 0;
  for (int i = 0; i < 12; ++i) ++(built.plugins->decide(policy, visit()) ? good : bad);
  EXPECT_GT(good, 8) << "a leak of 16 MiB a call in 96 MiB";
  EXPECT_GE(bad, 1);
}
#endif

TEST(BadPlugins, beside_good_ones_deny_too) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  put(folder, "bad-no-symbol");
  KeptLog log;
  const auto policy = policy_with("bad-moody", {});
  auto built =
      Plugins::build(host(folder, {configured("bad-moody"), configured("bad-no-symbol")}), policy, log);
  const auto decision = built.plugins->decide(policy, visit());
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().details.at("plugin"), "bad-no-symbol");
}

TEST(GoodMood, decides_in_both_places_alike) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  const auto policy = policy_with("bad-moody", {});
  KeptLog log;
  auto here = Plugins::build(host(folder, {configured("bad-moody", Isolation::none)}), policy, log);
  auto there = Plugins::build(host(folder, {configured("bad-moody", Isolation::process)}), policy, log);
  const auto first = here.plugins->decide(policy, visit());
  const auto second = there.plugins->decide(policy, visit());
  ASSERT_TRUE(first && second) << log.text;
  EXPECT_EQ(*first, *second);
}

}  // namespace
}  // namespace madoguchi::extension
