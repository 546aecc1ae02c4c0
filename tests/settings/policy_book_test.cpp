// Versions of one policy side by side.
#include "settings/policy_book.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A city that ships, in force from and to those days.
PolicyText version(const std::string& file, const std::string& days) {
  static const auto begun = [] {
    auto text = shipped("policy/utsunomiya/policy.yaml");
    return changed(text, "# effective_from: 2026-01-01\n# effective_to: 2026-12-31\n", "DAYS\n");
  }();
  return {file, changed(begun, "DAYS\n", days)};
}

Loaded<PolicyBook> load(const std::vector<PolicyText>& all) {
  return load_policy_book(
      all, [](const std::string&) -> base::Result<std::string> { return shipped("holidays/japan.yaml"); });
}

TEST(PolicyBook, TheDayOfTheVisitChooses) {
  const auto book = load({version("b", "effective_from: 2026-04-01\neffective_to: 2027-03-31\n"),
                          version("a", "effective_to: 2026-03-31\n")});
  ASSERT_TRUE(book.value) << testing::PrintToString(texts(book.complaints));
  EXPECT_EQ((*book.value->on(*base::parse_date("2026-03-31")))->origin("version").file, "a");
  EXPECT_EQ((*book.value->on(*base::parse_date("2026-04-01")))->origin("version").file, "b");
  const auto ended = book.value->on(*base::parse_date("2027-04-01"));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, base::Code::policy_not_in_force);
}

TEST(PolicyBook, ComplainsAboutDaysBetweenVersions) {
  const auto gap =
      load({version("a", "effective_to: 2026-03-30\n"), version("b", "effective_from: 2026-04-01\n")});
  EXPECT_THAT(texts(gap.complaints),
              ElementsAre(testing::HasSubstr(
                  "effective_from: nothing is in force between 2026-03-30 and 2026-04-01")));
}

TEST(PolicyBook, AVersionForSomeDaysOnlyLeavesNoGap) {
  const auto book =
      load({version("a", ""), version("b", "effective_from: 2026-02-01\neffective_to: 2026-02-28\n"),
            version("c", "effective_from: 2026-04-01\n")});
  EXPECT_THAT(texts(book.complaints), IsEmpty());
}

}  // namespace
}  // namespace madoguchi::settings
