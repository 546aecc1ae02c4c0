// The policy in force with its plugins, and how it is replaced.
#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>
#include <map>

#include "city.hpp"
#include "policy/hours.hpp"

namespace madoguchi::app {
namespace {

using testing::HasSubstr;
using DeciderTest = CityTest;

TEST_F(DeciderTest, complaints_of_plugins_are_the_policys) {
  write(replaced(shipped_, "document: family_register", "document: family_album"));
  const auto decider = make();
  ASSERT_FALSE(decider);
  EXPECT_EQ(decider.error().code, base::Code::policy_invalid);
  EXPECT_THAT(decider.error().inner,
              HasSubstr("plugins.legal-representative.child.document: no document type \"family_album\""));
  EXPECT_THAT(decider.error().inner, HasSubstr("policy.yaml:"));
}

TEST_F(DeciderTest, a_reload_with_a_plugin_that_is_gone_keeps_the_old_one) {
  write(shipped_);
  auto config = host();
  const auto plugins = folder_ / "plugins";
  fs::copy(PLUGIN_FOLDER, plugins);
  config.folder = plugins;
  auto decider = Decider::make(folder_, config, log_);
  ASSERT_TRUE(decider) << base::describe(decider.error());
  fs::remove(plugins / "proxy-two-visit.so");
  const auto reloaded = (*decider)->reload();
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, base::Code::plugin_failed);
  EXPECT_THAT(reloaded.error().inner, HasSubstr("proxy-two-visit"));
  EXPECT_TRUE((*decider)->decide(child_with_father(), {})) << "still decided by the old ones";
}

TEST_F(DeciderTest, an_offices_days_are_not_told_without_a_plugin_that_closes_some) {
  write(shipped_);
  const auto at = *base::parse_time("2026-02-12T10:00:00+09:00");
  auto config = host();
  const auto plugins = folder_ / "plugins";
  fs::copy(PLUGIN_FOLDER, plugins);
  config.folder = plugins;
  {
    const auto whole = Decider::make(folder_, config, log_);
    ASSERT_TRUE(whole) << base::describe(whole.error());
    EXPECT_TRUE((*whole)->schedule(at));
  }
  std::ofstream(plugins / "holiday-openings.so", std::ios::app) << "spoiled";
  const auto spoiled = Decider::make(folder_, config, log_);
  ASSERT_TRUE(spoiled) << base::describe(spoiled.error());
  for (int i = 0; i < 2; ++i) {
    const auto days = (*spoiled)->schedule(at);
    ASSERT_FALSE(days);
    EXPECT_EQ(days.error().code, base::Code::plugin_failed);
    EXPECT_EQ(days.error().details.at("plugin"), "holiday-openings");
  }
}

TEST_F(DeciderTest, keeps_what_the_plugins_have_remarked_about_what_is_in_force) {
  const std::string none = "dates: []";
  const auto at = shipped_.find(none);
  ASSERT_NE(at, std::string::npos);
  auto listed = shipped_;
  listed.replace(at, none.size(), "dates: [2026-02-14]");
  write(listed);
  auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  const auto before = (*decider)->notices().size();
  write(shipped_);
  ASSERT_TRUE((*decider)->reload());
  const auto& notices = (*decider)->notices();
  ASSERT_EQ(notices.size(), before + 1);
  EXPECT_THAT(boost::json::serialize(notices), HasSubstr("no dates are listed yet"));
  EXPECT_THAT(boost::json::serialize(notices), HasSubstr("policy.yaml:"));
  write("version: 7\n");
  EXPECT_FALSE((*decider)->reload());
  EXPECT_EQ((*decider)->notices().size(), before + 1) << "of what stays in force";
}

TEST_F(DeciderTest, a_reload_whose_plugins_do_not_fit_changes_nothing) {
  write(shipped_);
  auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  const auto digest = (*decider)->nearest({}).digest;
  write(shipped_ + "# another\n");
  const auto misfit = [](const extension::Plugins& plugins) -> base::Result<void> {
    EXPECT_EQ(plugins.list().size(), 3U);
    return base::make_fault(base::Code::plugin_failed, "two methods are called a.b");
  };
  const auto reloaded = (*decider)->reload({}, misfit);
  ASSERT_FALSE(reloaded);
  EXPECT_EQ((*decider)->nearest({}).digest, digest);
  EXPECT_NE((*decider)->trouble(), nullptr);
  EXPECT_TRUE((*decider)->reload({}, [](const extension::Plugins&) { return base::Result<void>(); }));
  EXPECT_NE((*decider)->nearest({}).digest, digest);
}

TEST_F(DeciderTest, pins_that_are_not_as_the_cards_own_are_complained_about) {
  for (const auto* card :
       {&mynumber::genuine(), &mynumber::simulated_spare(), &mynumber::simulated_single()}) {
    write(shipped_);
    const auto fitting = Decider::make(folder_, host(), log_, {.card = card});
    EXPECT_TRUE(fitting) << base::describe(fitting.error());
    auto other = *card;
    other.signature_pin.max_tries = 9;
    other.authentication_pin.digits_only = false;
    other.resident_register_pin.max_length = 8;
    const auto refused = Decider::make(folder_, host(), log_, {.card = &other});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::policy_invalid);
    EXPECT_THAT(refused.error().inner,
                testing::ContainsRegex("policy.yaml:[0-9]+:[0-9]+: pins.signature.tries: expected 9"));
    EXPECT_THAT(refused.error().inner, HasSubstr("pins.authentication.characters: expected upper_letters"));
    EXPECT_THAT(refused.error().inner, HasSubstr("pins.resident_register.max_length: expected 8"));
    EXPECT_EQ(refused.error().details.at("complaints").as_array().size(), 3U);
  }
}

TEST_F(DeciderTest, explains_what_core_and_plugins_said) {
  write(shipped_);
  const auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  const auto explained = (*decider)->explain(child_with_father(), {});
  ASSERT_TRUE(explained) << base::describe(explained.error());
  EXPECT_EQ(explained->at("decision"), json::value((*decider)->decide(child_with_father(), {})->decision));
  std::map<std::string, json::value> rules;
  for (const auto& rule : explained->at("trace").as_array()) {
    EXPECT_GE(rule.at("nanoseconds").as_int64(), 0);
    rules[std::string(rule.at("rule").as_string())] = rule;
  }
  EXPECT_EQ(rules.at("window").at("read").at("/at"), "2026-02-12T10:00:00+09:00");
  EXPECT_THAT(json::serialize(rules.at("plugins.legal-representative").at("said")),
              HasSubstr("legal_representative.proof_missing"));
}

TEST_F(DeciderTest, the_next_opening_is_by_the_version_in_force_then_plugins_included) {
  write(shipped_);
  auto later = replaced(shipped_, "# effective_from: 2026-01-01", "effective_from: 2026-02-14");
  later = replaced(later, "version: \"2026-01\"", "version: \"2026-02\"");
  std::ofstream(folder_ / "policy-2.yaml") << replaced(later, "dates: []", "dates: [2026-02-14]");
  auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  auto facts = child_with_father();
  facts["at"] = "2026-02-13T19:30:00+09:00";
  const auto decided = (*decider)->decide(facts, {});
  ASSERT_TRUE(decided) << base::describe(decided.error());
  EXPECT_EQ(decided->decision.at("policy").at("version"), "2026-01");
  EXPECT_EQ(decided->decision.at("next_opening"), "2026-02-14T08:30:00+09:00")
      << "Saturday, by the new plugins";
  const auto at = *base::parse_time("2026-02-13T19:30:00+09:00");
  const auto policy = *(*decider)->policy(at);
  const auto status = policy::office_status(*policy, **(*decider)->schedule(at), policy->offices.front(), at,
                                            (*decider)->outlook(at, *policy));
  EXPECT_EQ(status.next_opening, base::parse_time("2026-02-14T08:30:00+09:00"));
}

TEST_F(DeciderTest, the_day_of_the_visit_chooses_the_version) {
  write(shipped_);
  const auto later = replaced(shipped_, "# effective_from: 2026-01-01", "effective_from: 2026-02-13");
  std::ofstream(folder_ / "policy-2.yaml")
      << replaced(replaced(later, "version: \"2026-01\"", "version: \"2026-02\""),
                  "    child:\n      document: family_register", "    child:\n      document: passport");
  auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  auto facts = child_with_father();
  auto before = (*decider)->decide(facts, {});
  ASSERT_TRUE(before);
  EXPECT_EQ(before->decision.at("policy").at("version"), "2026-01");
  EXPECT_EQ(before->decision.at("missing"), json::array{"family_register"});
  facts["at"] = "2026-02-13T10:00:00+09:00";
  auto after = (*decider)->decide(facts, {});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->decision.at("policy").at("version"), "2026-02");
  EXPECT_EQ(after->decision.at("missing"), json::array{"passport"});
  EXPECT_EQ((*decider)->nearest(*base::parse_time("2026-02-12T23:59:59+09:00")).version, "2026-01");
  std::ofstream(folder_ / "policy-3.yaml") << later;
  EXPECT_FALSE((*decider)->reload()) << "two begin on the same day";
}

// 10,000 decisions while the policy is replaced 100 times, every third time by one that is not valid: each
// decision is wholly of the last valid version, plugins included.
TEST_F(DeciderTest, every_decision_is_wholly_of_one_version) {
  struct Version {
    std::string text;
    bool valid;
    bool register_needed;  // by this version's legal-representative section
  };
  const std::vector<Version> versions{
      {shipped_, true, true},
      {replaced(shipped_, "waived_for: [same_household_parent, domicile_in_city]", "waived_for: [sibling]"),
       false, false},
      {replaced(shipped_, "    child:\n      document: family_register",
                "    child:\n      document: passport"),
       true, false},
      {replaced(shipped_, "proxy-two-visit:", "proxy-three-visits:"), false, false}};
  write(versions[0].text);
  auto decider = make();
  ASSERT_TRUE(decider) << base::describe(decider.error());
  const auto* in_force = &versions[0];
  const auto facts = child_with_father();
  for (std::size_t swap = 0; swap < 100; ++swap) {
    const auto& next = versions[swap % versions.size()];
    write(next.text);
    EXPECT_EQ((*decider)->reload().has_value(), next.valid) << swap;
    if (next.valid) in_force = &next;
    for (int i = 0; i < 100; ++i) {
      const auto decided = (*decider)->decide(facts, {});
      ASSERT_TRUE(decided) << base::describe(decided.error());
      const auto& decision = decided->decision;
      const auto missing = json::serialize(decision.at("missing"));
      ASSERT_THAT(missing, HasSubstr(in_force->register_needed ? "family_register" : "passport"));
      ASSERT_EQ(std::string(decision.at("policy").at("digest").as_string()), (*decider)->nearest({}).digest);
    }
  }
}

}  // namespace
}  // namespace madoguchi::app
