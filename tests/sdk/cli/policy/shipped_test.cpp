// Every policy that ships is valid, and passes its own tests.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/calendar.hpp"
#include "policy_tools/tools.hpp"

namespace madoguchi::policy_tools {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> policies() {
  std::vector<std::string> all{CONFIG_DIR "/policy/utsunomiya"};
  for (const auto& entry : fs::directory_iterator(CONFIG_DIR "/policy/examples"))
    all.push_back(entry.path().string());
  std::sort(all.begin(), all.end());
  return all;
}

class Shipped : public testing::TestWithParam<std::string> {
 protected:
  std::ostringstream out_;
  std::ostringstream err_;
  Setting setting_{out_,       err_,        Language::en, *base::parse_time("2026-02-12T10:00:00+09:00"),
                   PLUGIN_DIR, HOST_PROGRAM};
};

TEST_P(Shipped, is_valid) {
  EXPECT_EQ(check(setting_, {GetParam()}, Format::text), 0) << err_.str();
}

TEST_P(Shipped, lacks_no_plugin_for_the_words_that_it_has_for_others) {
  check(setting_, {GetParam()}, Format::text);
  EXPECT_THAT(err_.str(), testing::Not(testing::HasSubstr("no section")));
}

TEST_P(Shipped, passes_its_own_tests) {
  EXPECT_EQ(test(setting_, {{GetParam()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
}

INSTANTIATE_TEST_SUITE_P(Policies, Shipped, testing::ValuesIn(policies()), [](const auto& instance) {
  auto name = fs::path(instance.param).filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace madoguchi::policy_tools
