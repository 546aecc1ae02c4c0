// Plugins beside a policy: what is needed, what is complained about, who may speak.
#include <gmock/gmock.h>

#include <limits>

#include "fixture.hpp"

namespace madoguchi::extension {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Plugins, a_section_that_nobody_would_apply_is_complained_about) {
  const TemporaryFolder folder;
  KeptLog log;
  auto policy = policy_with("my-rules", {});
  policy.plugins["my-rules"].origins[""] = {"policy.yaml", 30, 3};
  const auto built = Plugins::build(host(folder, {}), policy, log);
  ASSERT_THAT(built.complaints, SizeIs(1));
  EXPECT_EQ(built.complaints[0].key, "plugins.my-rules");
  EXPECT_EQ(built.complaints[0].origin.line, 30);
}

TEST(Plugins, one_that_decides_cannot_be_declared_needless) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  auto config = host(folder, {configured("bad-moody")});
  config.plugins[0].critical = false;
  const auto policy = policy_with("bad-moody", {});
  auto built = Plugins::build(config, policy, log);
  ASSERT_THAT(built.refusals, SizeIs(1));
  EXPECT_THAT(built.refusals[0], HasSubstr("always needed"));
  EXPECT_FALSE(built.plugins->decide(policy, visit()));
}

// Nobody knows what it would have said, so no decision passes without it, whatever the configuration calls
// it.
TEST(Plugins, one_whose_hooks_are_not_known_denies_even_if_declared_needless) {
  using Spoil = void (*)(const TemporaryFolder&);
  struct Row {
    const char* what;
    Spoil spoil;
  };
  for (const auto& [what, spoil] : {
           Row{"no manifest", [](const auto& f) { std::filesystem::remove(f / "bad-moody.json"); }},
           Row{"no library", [](const auto& f) { std::filesystem::remove(f / "bad-moody.so"); }},
           Row{"another library",
               [](const auto& f) { write_file(f / "bad-moody.so", read_file(f / "bad-moody.json")); }},
           Row{"half a manifest",
               [](const auto& f) { change(f / "bad-moody.json", "\"hooks\"", "\"hook\""); }},
           Row{"a signature that is none",
               [](const auto& f) { write_file(f / "bad-moody.json.p7s", as_bytes("signed: me")); }},
       }) {
    const TemporaryFolder folder;
    put(folder, "bad-moody");
    spoil(folder);
    for (const bool critical : {true, false}) {
      KeptLog log;
      auto config = host(folder, {configured("bad-moody")});
      config.plugins[0].critical = critical;
      const auto policy = policy_with("bad-moody", {});
      auto built = Plugins::build(config, policy, log);
      EXPECT_THAT(built.refusals, SizeIs(1)) << what;
      const auto decision = built.plugins->decide(policy, visit());
      ASSERT_FALSE(decision) << what;
      EXPECT_EQ(decision.error().details.at("plugin"), "bad-moody");
      const auto days = built.plugins->schedule(policy, std::chrono::year(2026));
      ASSERT_FALSE(days) << what << ": what it closes would be open";
      EXPECT_EQ(days.error().details.at("plugin"), "bad-moody");
      EXPECT_EQ(built.plugins->list().at(0).as_object().at("state"), "refused");
    }
  }
}

TEST(Plugins, one_whose_library_is_another_is_still_told_by_its_manifest) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  write_file(folder / "bad-moody.so", as_bytes("another"));
  KeptLog log;
  const auto built =
      Plugins::build(host(folder, {configured("bad-moody")}), policy_with("bad-moody", {}), log);
  const auto listed = built.plugins->list().at(0).as_object();
  EXPECT_EQ(listed.at("state"), "refused");
  EXPECT_EQ(listed.at("version"), "1.0.0");
  EXPECT_EQ(listed.at("vendor"), "nobody");
  EXPECT_EQ(listed.at("sha256").as_string().size(), 64U);
  EXPECT_TRUE(built.plugins->codes().empty()) << "nor does it say anything";
}

TEST(Plugins, a_section_that_json_cannot_carry_is_not_taken_as_looked_at) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  for (const auto isolation : {Isolation::none, Isolation::process}) {
    KeptLog log;
    const auto policy = policy_with("bad-moody", {{"unknown", std::numeric_limits<double>::infinity()}});
    const auto built = Plugins::build(host(folder, {configured("bad-moody", isolation)}), policy, log);
    ASSERT_THAT(built.refusals, SizeIs(1));
    EXPECT_THAT(built.refusals[0], HasSubstr("no section that can be read"));
  }
}

TEST(Plugins, one_that_only_has_methods_is_done_without_if_declared_needless) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  change(folder / "bad-moody.json", "\"decide\", \"schedule\"", "\"call\"");
  std::filesystem::remove(folder / "bad-moody.so");
  KeptLog log;
  auto config = host(folder, {configured("bad-moody")});
  const auto policy = policy_with("bad-moody", {});
  EXPECT_FALSE(Plugins::build(config, policy, log).plugins->decide(policy, visit()));
  config.plugins[0].critical = false;
  auto without = Plugins::build(config, policy, log);
  EXPECT_THAT(without.refusals, IsEmpty());
  EXPECT_TRUE(without.plugins->decide(policy, visit()));
  EXPECT_TRUE(without.plugins->schedule(policy, std::chrono::year(2026)));
  EXPECT_EQ(without.plugins->list().at(0).as_object().at("state"), "refused");
}

// What the plugin itself overlooks, by its own schema: with the place in the policy's file.
TEST(Plugins, a_section_is_held_against_the_plugins_schema) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  struct Row {
    boost::json::object section;
    const char* key;
    unsigned line;
  };
  for (const auto& [section, key, line] :
       {Row{{{"modd", "sleeps"}}, "plugins.bad-moody", 10}, Row{{{"mood", 7}}, "plugins.bad-moody.mood", 11},
        Row{{{"offices", boost::json::array()}}, "plugins.bad-moody.offices", 12},
        Row{{{"offices", {boost::json::object{{"name", "x"}}}}}, "plugins.bad-moody.offices[0]", 13}}) {
    for (const auto isolation : {Isolation::none, Isolation::process}) {
      KeptLog log;
      auto policy = policy_with("bad-moody", section);
      policy.plugins["bad-moody"].origins = {{"", {"policy.yaml", 10, 3}},
                                             {"/mood", {"policy.yaml", 11, 5}},
                                             {"/offices", {"policy.yaml", 12, 5}},
                                             {"/offices/0", {"policy.yaml", 13, 7}}};
      const auto built = Plugins::build(host(folder, {configured("bad-moody", isolation)}), policy, log);
      ASSERT_THAT(built.complaints, SizeIs(1)) << key;
      EXPECT_EQ(built.complaints[0].key, key);
      EXPECT_EQ(built.complaints[0].origin.line, line);
      EXPECT_THAT(built.complaints[0].message, HasSubstr("schema"));
      EXPECT_FALSE(built.plugins->decide(policy, visit()));
    }
  }
}

TEST(Plugins, two_that_would_speak_with_one_voice_are_both_refused) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  auto config =
      host(folder, {configured("bad-moody", Isolation::none), configured("bad-moody", Isolation::process)});
  const auto built = Plugins::build(config, policy_with("bad-moody", {}), log);
  ASSERT_THAT(built.refusals, SizeIs(2));
  for (const auto& refusal : built.refusals) EXPECT_THAT(refusal, HasSubstr("another plugin says the code"));
}

TEST(Plugins, a_host_program_that_is_not_there_is_named) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  KeptLog log;
  auto config = host(folder, {configured("bad-moody", Isolation::process)});
  config.host_program = folder / "nowhere";
  const auto built = Plugins::build(config, policy_with("bad-moody", {}), log);
  ASSERT_THAT(built.refusals, SizeIs(1));
  EXPECT_THAT(built.refusals[0], HasSubstr("nowhere"));
}

TEST(Plugins, are_really_unloaded) {
  const TemporaryFolder folder;
  put(folder, "bad-moody");
  const auto policy = policy_with("bad-moody", {});
  KeptLog log;
  for (int i = 0; i < 3; ++i) {
    auto built = Plugins::build(host(folder, {configured("bad-moody")}), policy, log);
    ASSERT_TRUE(built.plugins->decide(policy, visit()));
  }
  EXPECT_THAT(log.text, testing::Not(HasSubstr("still mapped")));
}

}  // namespace
}  // namespace madoguchi::extension
