// `policy check --config` and the daemon's own check, over the same policies and configurations.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../../temporary_folder.hpp"
#include "base/calendar.hpp"
#include "decider.hpp"
#include "plugin_host.hpp"
#include "policy_tools/tools.hpp"
#include "station/pins_of_card.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

struct NoLog : base::Log {
  void write(base::Level, std::string_view, std::initializer_list<base::Field>) override {}
};

constexpr std::string_view config_text = R"(access: {admin: {users: [root]}}
policy: {path: policy.yaml}
plugins:
  folder: PLUGIN_DIR
  host_program: HOST_PROGRAM
  use:
    - {name: legal-representative, isolate: none, allow_unsigned: true, deadline_ms: 10000}
    - {name: proxy-two-visit, isolate: none, allow_unsigned: true, deadline_ms: 10000}
    - {name: holiday-openings, isolate: none, allow_unsigned: true, deadline_ms: 10000}
readers: {profile: simulated-spare, terminal_key: key.hex}
authorities:
  - {name: a, url: "http://127.0.0.1:1/", certificates: [signature, authentication], ra_certificate: ra.pem,
     ra_key: ra.key, trust: [root.pem]}
)";

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

// One change to the policy or to the configuration, and what both have to say of it; nothing: both accept it.
struct Case {
  const char* name;
  std::string_view in_policy;
  std::string_view becomes;
  std::string_view in_config;
  std::string_view becomes_in_config;
  std::string_view complaint;
};

class OneVerdict : public testing::TestWithParam<Case> {
 protected:
  OneVerdict() {
    auto policy = text_of(CONFIG_DIR "/policy/utsunomiya/policy.yaml");
    replace(policy, "../../holidays/", CONFIG_DIR "/holidays/");
    std::string config(config_text);
    replace(config, "PLUGIN_DIR", PLUGIN_DIR);
    replace(config, "HOST_PROGRAM", HOST_PROGRAM);
    const auto& changed = GetParam();
    if (!changed.in_policy.empty()) replace(policy, changed.in_policy, changed.becomes);
    if (!changed.in_config.empty()) replace(config, changed.in_config, changed.becomes_in_config);
    std::ofstream(folder_ / "policy.yaml", std::ios::binary) << policy;
    std::ofstream(folder_ / "madoguchid.yaml", std::ios::binary) << config;
  }

  // What the daemon's check says of policy and plugins.
  std::string daemons() const {
    const auto config = settings::load_daemon_config(text_of(folder_ / "madoguchid.yaml"), "madoguchid.yaml");
    if (!config.value) return "the configuration is refused";
    NoLog log;
    const auto decider =
        app::Decider::make(folder_ / "policy.yaml", app::plugin_host(config.value->plugins, folder_.path()),
                           log, {.card = &station::card_profile(config.value->readers.profile)});
    if (!decider) return decider.error().inner;
    std::string all;
    for (const auto& refusal : (*decider)->refusals()) all.append(refusal).append("\n");
    return all;
  }

  tests::TemporaryFolder folder_;
};

TEST_P(OneVerdict, of_the_tool_and_the_daemon) {
  std::ostringstream out;
  std::ostringstream err;
  const Setting setting{out, err, Language::en, *base::parse_time("2026-02-12T10:00:00+09:00")};
  const CheckOptions options{(folder_ / "policy.yaml").string(), (folder_ / "madoguchid.yaml").string()};
  const int status = check(setting, options, Format::text);
  const auto& expected = GetParam().complaint;
  const auto said_by_daemon = daemons();
  EXPECT_EQ(status, expected.empty() ? 0 : 1) << err.str();
  if (expected.empty()) {
    EXPECT_THAT(said_by_daemon, IsEmpty());
  } else {
    EXPECT_THAT(err.str(), HasSubstr(std::string(expected)));
    EXPECT_THAT(said_by_daemon, HasSubstr(std::string(expected)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Counters, OneVerdict,
    testing::Values(
        Case{"as_shipped", {}, {}, {}, {}, {}},
        Case{"a_needed_section_is_missing",
             "  legal-representative:\n",
             "  no-such-plugin:\n",
             {},
             {},
             "plugins.legal-representative: missing: child"},
        Case{"a_section_of_a_plugin_that_this_counter_does_not_use",
             {},
             {},
             "    - {name: proxy-two-visit, isolate: none, allow_unsigned: true, deadline_ms: 10000}\n",
             "",
             "plugins.proxy-two-visit: no such plugin is configured, so nobody would apply these rules"},
        Case{"a_fault_in_a_section",
             "      sealed: true\n",
             "      sealed: yes\n",
             {},
             {},
             "plugins.proxy-two-visit.reply_form.sealed: "},
        Case{"a_plugin_that_is_not_there",
             {},
             {},
             "name: holiday-openings",
             "name: holiday-opening",
             "holiday-opening"},
        Case{"an_unsigned_plugin_that_may_not_be",
             {},
             {},
             "{name: proxy-two-visit, isolate: none, allow_unsigned: true",
             "{name: proxy-two-visit, isolate: none",
             "proxy-two-visit: "},
        Case{"not_critical_though_it_decides",
             {},
             {},
             "{name: proxy-two-visit, isolate: none,",
             "{name: proxy-two-visit, critical: false, isolate: none,",
             "`critical: false` is not for it"},
        Case{"a_pin_that_no_card_here_has",
             "max_length: 16",
             "max_length: 12",
             {},
             {},
             "pins.signature.max_length: expected 16, as it is on simulated-spare cards"}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace madoguchi::policy_tools
