// A plugin that would end whoever loads it costs the tools a complaint that names it, never their own end.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../../temporary_folder.hpp"
#include "base/calendar.hpp"
#include "policy_tools/tools.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

// A sanitizer tells of a stack that is used up and ends the process itself; to name the lines it starts a
// symbolizer where there is one, which no plugin's process may.
#ifdef MADOGUCHI_SANITIZED
constexpr const char* stack_used_up = "status 1|forbidden system call";
#else
constexpr const char* stack_used_up = "signal 11";
#endif

struct Bad {
  const char* plugin;
  const char* why;
};

class ABadPlugin : public testing::TestWithParam<Bad> {
 protected:
  ABadPlugin() {
    fs::copy(CONFIG_DIR "/holidays/japan.yaml", folder_ / "holidays.yaml");
    std::ostringstream text;
    EXPECT_EQ(init({text, err_}, "example", {}), 0);
    auto policy = text.str();
    policy.resize(policy.find("plugins:"));
    policy.replace(policy.find("../../holidays/japan.yaml"), 25, "holidays.yaml");
    std::ofstream(folder_ / "policy.yaml") << policy << "plugins:\n  " << GetParam().plugin << ": {}\n";
    fs::create_directory(folder_ / "tests");
    std::ofstream(folder_ / "tests/any.yaml") << "- name: a case\n  facts: {office: main}\n"
                                                 "  expect: {outcome: complete_today}\n";
  }

  tests::TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  Setting setting_{out_,       err_,        Language::en, *base::parse_time("2026-02-12T10:00:00+09:00"),
                   BAD_FOLDER, HOST_PROGRAM};
};

TEST_P(ABadPlugin, ends_no_tool_and_is_named) {
  const auto complaint = AllOf(HasSubstr("plugins." + std::string(GetParam().plugin) + ": cannot be asked: "),
                               ContainsRegex(GetParam().why));
  EXPECT_EQ(check(setting_, {folder_.path().string()}, Format::text), 1);
  EXPECT_THAT(err_.str(), complaint);
  err_.str({});
  EXPECT_EQ(test(setting_, {{folder_.path().string()}, {}, Format::junit, false}), 1);
  EXPECT_THAT(err_.str(), complaint);
  EXPECT_THAT(out_.str(), HasSubstr("tests=\"1\" failures=\"1\""));
  err_.str({});
  EXPECT_EQ(
      explain(setting_, folder_.path().string(), R"({"office": "main", "holder": {"birth_date": "1980-04-10"},
    "card": {"presented": false}})",
              Format::text),
      1);
  EXPECT_THAT(err_.str(), complaint);
}

INSTANTIATE_TEST_SUITE_P(Of, ABadPlugin,
                         testing::Values(Bad{"bad-constructor-aborts", "signal 6"},
                                         Bad{"bad-endless-schema", stack_used_up},
                                         Bad{"bad-no-symbol", "madoguchi_plugin_query"},
                                         Bad{"bad-query-throws", "threw"}),
                         [](const auto& instance) {
                           std::string name = instance.param.plugin;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace madoguchi::policy_tools
