// What is decided without any I/O: manifests, answers, health.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "abi_check.hpp"
#include "extension/answers.hpp"
#include "fixture.hpp"
#include "health.hpp"
#include "policy/decision.hpp"
#include "said.hpp"

namespace madoguchi::extension {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

const std::string good_manifest =
    R"({"name":"my-rules","version":"1.0.0","vendor":"example","abi":{"major":1,"minor":0},
  "hooks":["decide"],"library":"my-rules.so","sha256":")" +
    std::string(64, 'a') + "\"}";

TEST(Manifest, is_read) {
  const auto manifest = parse_manifest(good_manifest);
  ASSERT_TRUE(manifest) << base::describe(manifest.error());
  EXPECT_EQ(manifest->name, "my-rules");
  EXPECT_TRUE(manifest->hooks.has(Hook::decide));
  EXPECT_FALSE(manifest->hooks.has(Hook::schedule));
}

TEST(Manifest, is_refused_for_every_member_that_is_not_as_it_should_be) {
  struct Row {
    std::string from, to, reason;
  };
  for (const auto& row :
       {Row{"my-rules\",\"ver", "../my-rules\",\"ver", "name"}, Row{"my-rules\",\"ver", "My\",\"ver", "name"},
        Row{"\"1.0.0\"", "1", "version"}, Row{"\"example\"", "\"\"", "vendor"},
        Row{"\"major\":1", "\"major\":-1", "major"}, Row{"\"major\":1,", "", "major"},
        Row{"\"minor\":0", "\"minor\":0,\"x\":1", "x"}, Row{"\"decide\"", "\"decline\"", "hooks"},
        Row{"my-rules.so", "a/my-rules.so", "library"},
        Row{std::string(64, 'a'), std::string(64, 'A'), "sha256"},
        Row{"{\"name\"", "{\"note\":1,\"name\"", "note"},
        Row{"{\"name\"", "{\"hooks\":[\"call\"],\"name\"", "a key stands twice"},
        Row{"{\"name\"", "[{\"name\"", "not JSON"}}) {
    auto text = good_manifest;
    text.replace(text.find(row.from), row.from.size(), row.to);
    const auto manifest = parse_manifest(text);
    ASSERT_FALSE(manifest) << text;
    EXPECT_THAT(manifest.error().inner, HasSubstr(row.reason)) << text;
  }
  EXPECT_FALSE(parse_manifest(std::string(longest_manifest + 1, ' ')));
  EXPECT_FALSE(parse_manifest(std::string(100, '[')));
}

TEST(Manifest, has_no_name_that_core_speaks_under) {
  for (const std::string name :
       {"case",   "cases",   "reader", "readers", "policy",       "policies", "queue",
        "plugin", "plugins", "system", "office",  "offices",      "card",     "cards",
        "rpc",    "event",   "events", "audit",   "availability", "core",     "madoguchi"}) {
    auto text = good_manifest;
    text.replace(text.find("my-rules"), 8, name);
    const auto manifest = parse_manifest(text);
    ASSERT_FALSE(manifest) << name;
    EXPECT_THAT(manifest.error().inner, HasSubstr("is core's"));
  }
  auto text = good_manifest;
  text.replace(text.find("my-rules"), 8, "queue-board");
  EXPECT_TRUE(parse_manifest(text));
}

TEST(Descriptor, is_of_an_abi_that_the_host_has_and_at_least_of_its_first_size) {
  const auto manifest = parse_manifest(good_manifest).value();
  MadoguchiPlugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = MADOGUCHI_ABI_MAJOR;
  EXPECT_THAT(objection(&plugin, manifest), HasSubstr("no name")) << "nothing against ABI and size";
  plugin.struct_size = sizeof plugin - 1;
  EXPECT_THAT(objection(&plugin, manifest), HasSubstr("ABI 1.0 needs"));
  // What another major has behind its version is not ours to measure.
  plugin.abi_major = MADOGUCHI_ABI_MAJOR + 1;
  EXPECT_THAT(objection(&plugin, manifest), HasSubstr("built for ABI 2.0"));
}

TEST(Health, of_one_that_does_not_start_again_is_a_quarantine_at_once_and_a_longer_one_each_time) {
  Health health;
  Health::Time now{};
  health.failed(now, "it died");
  health.did_not_start(now, "it hung");
  EXPECT_EQ(health.state(now + seconds(59)), Health::State::quarantined);
  EXPECT_FALSE(health.may_be_asked(now + seconds(59)));
  EXPECT_TRUE(health.may_be_asked(now += seconds(60)));
  health.did_not_start(now, "it hung again");
  EXPECT_FALSE(health.may_be_asked(now + seconds(119)));
  EXPECT_TRUE(health.may_be_asked(now += seconds(120)));
  health.succeeded(now);
  EXPECT_EQ(health.state(now), Health::State::ready);
  EXPECT_EQ(health.failures(), 3U);
}

TEST(Health, costs_one_denial_then_waits_longer_and_longer_then_is_quarantined) {
  Health health;
  Health::Time now{};
  health.failed(now, "one");
  EXPECT_TRUE(health.may_be_asked(now)) << "the first failure is not held against it";
  health.failed(now, "two");
  EXPECT_EQ(health.state(now), Health::State::waiting);
  EXPECT_TRUE(health.may_be_asked(now += milliseconds(100)));
  health.failed(now, "three");
  EXPECT_FALSE(health.may_be_asked(now + milliseconds(199)));
  EXPECT_TRUE(health.may_be_asked(now += milliseconds(200)));
  health.failed(now, "four");
  EXPECT_TRUE(health.may_be_asked(now += milliseconds(400)));
  health.failed(now, "five");
  EXPECT_EQ(health.state(now + seconds(3'600)), Health::State::quarantined);
  EXPECT_EQ(health.last_failure(), "five");
  EXPECT_EQ(health.failures(), 5U);
}

Health::Time failing(Health& health, Health::Time now) {
  for (int i = 0; i < 5; ++i, now += seconds(5)) {
    EXPECT_TRUE(health.may_be_asked(now));
    health.failed(now, "again");
  }
  EXPECT_EQ(health.state(now), Health::State::quarantined);
  return now - seconds(5);
}

TEST(Health, is_tried_again_after_a_quarantine_that_doubles_until_it_is_well) {
  Health health;
  auto now = failing(health, Health::Time{} + seconds(1'000));
  EXPECT_FALSE(health.may_be_asked(now + seconds(59)));
  EXPECT_TRUE(health.may_be_asked(now += seconds(60)));
  EXPECT_EQ(health.state(now), Health::State::quarantined) << "until it has shown that it is well";
  health.failed(now, "still");
  EXPECT_FALSE(health.may_be_asked(now + seconds(119)));
  EXPECT_TRUE(health.may_be_asked(now += seconds(120)));
  health.succeeded(now);
  EXPECT_EQ(health.state(now), Health::State::ready);
  now = failing(health, now);
  EXPECT_FALSE(health.may_be_asked(now + seconds(239))) << "a relapse";
  for (int i = 0; i < 10; ++i) health.failed(now += seconds(3'600), "for ever");
  EXPECT_TRUE(health.may_be_asked(now += seconds(3'600))) << "never longer than that";
  health.succeeded(now);
  now = failing(health, now + seconds(7'200));
  EXPECT_TRUE(health.may_be_asked(now + seconds(60))) << "long after the last one";
}

TEST(Health, forgets_what_is_long_ago) {
  Health health;
  Health::Time now{};
  for (int i = 0; i < 100; ++i) {
    health.failed(now, "now and then");
    EXPECT_EQ(health.state(now), Health::State::ready);
    now += seconds(61);
  }
}

constexpr std::string_view about =
    R"({"section":{},"codes":[{"code":"my_rules.late","severity":"block","ja":"遅い","en":"late"}],"methods":[]})";

TEST(Answers, a_plugin_speaks_with_its_own_name_or_leading_words_of_it) {
  const auto speaks = [](std::string_view plugin, std::string_view code) {
    return parse_description(R"({"section":{},"methods":[],"codes":[{"code":")" + std::string(code) +
                                 R"(","severity":"info","ja":"x","en":"x"}]})",
                             plugin)
        .has_value();
  };
  EXPECT_TRUE(speaks("my-rules", "my_rules.x"));
  EXPECT_TRUE(speaks("my-rules", "my-rules.x"));
  EXPECT_TRUE(speaks("proxy-two-visit", "proxy.x"));
  EXPECT_FALSE(speaks("my-rules", "my_rule.x"));
  EXPECT_FALSE(speaks("my-rules", "rules.x"));
  EXPECT_FALSE(speaks("my-rules", "my_rules"));
  EXPECT_FALSE(speaks("my-rules", ".x"));
  EXPECT_FALSE(speaks("case-helper", "case.x")) << "an event's";
  for (const auto code : policy::core_codes()) {
    const auto first = code.substr(0, code.find('.'));
    auto plugin = std::string(first) + "-dressing";
    std::replace(plugin.begin(), plugin.end(), '_', '-');
    EXPECT_FALSE(speaks(plugin, std::string(first) + ".x")) << "core's own";
  }
}

TEST(Answers, severity_and_place_of_a_finding_are_not_its_own_to_choose) {
  const auto description = parse_description(about, "my-rules");
  ASSERT_TRUE(description);
  policy::PluginSection section;
  section.origins[""] = {"policy.yaml", 10, 1};
  section.origins["/hours/from"] = {"policy.yaml", 12, 7};
  const auto said = parse_contribution(
      R"({"findings":[{"code":"my_rules.late","rule":"/hours/from/0","params":{"n":1},"message":{"ja":"遅い","en":"late"}}],
          "missing":["passport"],"pins_required":["signature"],"pin_resets":[]})",
      "my-rules", *description, section);
  ASSERT_TRUE(said) << base::describe(said.error());
  const auto& finding = said->findings.at(0);
  EXPECT_EQ(finding.severity, policy::Severity::block);
  EXPECT_EQ(finding.source, "my-rules");
  EXPECT_EQ(finding.rule.key, "plugins.my-rules.hours.from[0]");
  EXPECT_EQ(finding.rule.origin.line, 12);
  EXPECT_EQ(said->missing, std::vector<std::string>{"passport"});
  EXPECT_EQ(said->pins_required, std::vector{policy::Pin::signature});
}

TEST(Answers, a_finding_is_said_in_the_citys_words_as_far_as_its_parameters_are_told) {
  const auto description = parse_description(about, "my-rules");
  ASSERT_TRUE(description);
  const auto said = [&](const std::string& more, const std::string& text) {
    const auto answer = parse_contribution(
        R"({"findings":[{"code":"my_rules.late","rule":"","params":{"n":1,"who":"x"},)" + more +
            R"("message":{"ja":"遅い","en":"late"}}],"missing":[],"pins_required":[],"pin_resets":[]})",
        "my-rules", *description, {}, {{"my_rules.late", {text, text}}});
    return answer ? answer->findings.at(0).message : policy::Text{};
  };
  const std::string shown = R"("shown":{"who":{"ja":"窓口","en":"counter"}},)";
  EXPECT_EQ(said(shown, "{who} {n}"), (policy::Text{"窓口 1", "counter 1"}));
  EXPECT_EQ(said({}, "{who}"), (policy::Text{"x", "x"})) << "as programs read it";
  EXPECT_EQ(said({}, "{when}"), (policy::Text{"遅い", "late"})) << "the plugin's own words rather than a gap";
  EXPECT_EQ(said(R"("shown":{"who":{"ja":"窓口"}},)", "a"), policy::Text{}) << "no answer";
}

TEST(Answers, reach_nobodys_terminal_with_what_moves_its_cursor) {
  const auto description = parse_description(about, "my-rules");
  ASSERT_TRUE(description);
  const auto said = parse_contribution(
      R"({"findings":[{"code":"my_rules.late","rule":"","params":{"n":"a\u001b]0;x\u0007","\u202ek":[{"m":"\u009b"}]},
          "message":{"ja":"遅い\nにせの行\u2066","en":"late\u001b[2J"}}],
          "missing":[],"pins_required":[],"pin_resets":[]})",
      "my-rules", *description, {});
  ASSERT_TRUE(said) << base::describe(said.error());
  const auto& finding = said->findings.at(0);
  EXPECT_EQ(finding.message, (policy::Text{"遅い にせの行?", "late?[2J"}));
  EXPECT_EQ(finding.params, boost::json::parse(R"({"n":"a?]0;x?","?k":[{"m":"?"}]})").as_object());
}

TEST(Answers, with_a_key_twice_are_none) {
  const auto description = parse_description(about, "my-rules");
  const auto said = parse_contribution(
      R"({"missing":["passport"],"findings":[],"missing":[],"pins_required":[],"pin_resets":[]})", "my-rules",
      *description, {});
  ASSERT_FALSE(said);
  EXPECT_THAT(said.error().inner, HasSubstr("a key stands twice"));
}

TEST(Said, is_one_line_of_bounded_length_without_anything_hidden) {
  EXPECT_EQ(said("two\nlines\x1b[2J\x7f \xff\xc2\x9b", Digits::kept), "two lines?[2J? ??");
  EXPECT_EQ(said("窓口\u202Eabc\u2066\u2069", Digits::kept), "窓口?abc??");
  EXPECT_EQ(said(std::string(longest_said, 'x'), Digits::kept).size(), longest_said);
  const auto cut = said(std::string(longest_said - 1, 'x') + "窓口", Digits::kept);
  EXPECT_EQ(cut, std::string(longest_said - 1, 'x') + "...") << "never in the middle of a character";
}

TEST(Said, tells_no_number_of_a_person) {
  EXPECT_EQ(said("born 1980-04-10, 昭和５５年4月", Digits::masked), "born ####-##-##, 昭和##年#月");
  EXPECT_EQ(said("ABI 2.0", Digits::kept), "ABI 2.0");
}

TEST(Answers, clock_times_are_of_a_day) {
  const Asked asked{"hall", base::parse_date("2026-01-01").value(), base::parse_date("2026-12-31").value()};
  const auto opened = [&](std::string_view from, std::string_view to) {
    return parse_schedule(R"({"days":[{"day":"2026-02-12","opened":[[")" + std::string(from) + R"(",")" +
                              std::string(to) + R"("]],"closed":[]}]})",
                          "x", asked);
  };
  ASSERT_TRUE(opened("00:00", "24:00"));
  EXPECT_EQ(opened("08:30", "16:00")->at(0).opened.at(0), (policy::Interval{510, 960}));
  for (const auto* wrong : {"24:01", "25:00", "12:60", "1200", "12:0", "ab:cd", "-1:00", "12:0x"}) {
    EXPECT_FALSE(opened("00:00", wrong)) << wrong;
  }
  EXPECT_FALSE(opened("12:00", "12:00"));
  const auto received_until = [&](std::string_view list, std::string_view last) {
    const std::string times = R"([["08:30","16:00",")" + std::string(last) + R"("]])";
    const bool opening = list == "opened";
    return parse_schedule(R"({"days":[{"day":"2026-02-12","opened":)" + (opening ? times : "[]") +
                              R"(,"closed":)" + (opening ? "[]" : times) + "}]}",
                          "x", asked);
  };
  ASSERT_TRUE(received_until("opened", "15:30"));
  EXPECT_EQ(received_until("opened", "15:30")->at(0).opened.at(0), (policy::Interval{510, 960, 930}));
  EXPECT_FALSE(received_until("opened", "16:01")) << "after the end";
  EXPECT_FALSE(received_until("closed", "15:30")) << "nobody is received while it is closed";
}

}  // namespace
}  // namespace madoguchi::extension
