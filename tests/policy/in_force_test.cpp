// Which of several versions holds on a day; a day that none covers is refused with its dates.
#include "policy/in_force.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

std::shared_ptr<const Policy> version(std::string_view from, std::string_view to) {
  auto made = std::make_shared<Policy>();
  made->effective_from = base::parse_date(from);
  made->effective_to = base::parse_date(to);
  return made;
}

TEST(InForce, TheOneThatBeganLastAndHasNotEnded) {
  const Versions versions{version("", ""), version("2026-02-01", "2026-02-28"), version("2026-04-01", "")};
  EXPECT_EQ(*in_force(versions, day("2026-01-31")), 0U);
  EXPECT_EQ(*in_force(versions, day("2026-02-01")), 1U);
  EXPECT_EQ(*in_force(versions, day("2026-02-28")), 1U);
  EXPECT_EQ(*in_force(versions, day("2026-03-01")), 0U) << "the one around it goes on";
  EXPECT_EQ(*in_force(versions, day("2099-01-01")), 2U);
  EXPECT_EQ(covered_until(versions, day("2026-02-01")), std::nullopt);
}

TEST(InForce, ADayThatNoneCoversIsRefusedWithItsDates) {
  const Versions versions{version("2026-01-01", "2026-03-31"), version("2026-05-01", "2026-06-30")};
  const auto before = in_force(versions, day("2025-12-31"));
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().code, base::Code::policy_not_in_force);
  EXPECT_EQ(before.error().details,
            (boost::json::object{{"day", "2025-12-31"}, {"begins_on", "2026-01-01"}}));
  const auto between = in_force(versions, day("2026-04-10"));
  ASSERT_FALSE(between);
  EXPECT_EQ(
      between.error().inner,
      "no version of the policy is in force on 2026-04-10; the last one ended on 2026-03-31; the next one "
      "begins on 2026-05-01");
  const auto after = in_force(versions, day("2026-07-01"));
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().details, (boost::json::object{{"day", "2026-07-01"}, {"ended_on", "2026-06-30"}}));
  EXPECT_EQ(nearest(versions, day("2025-12-31")), 0U);
  EXPECT_EQ(nearest(versions, day("2026-04-10")), 0U);
  EXPECT_EQ(nearest(versions, day("2026-07-01")), 1U);
}

TEST(InForce, TheEndIsWhereTheVersionsLeaveOff) {
  const Versions versions{version("", "2026-03-31"), version("2026-04-01", "2026-06-30")};
  EXPECT_EQ(covered_until(versions, day("2026-01-01")), day("2026-06-30"));
  EXPECT_EQ(covered_until(versions, day("2026-06-30")), day("2026-06-30"));
  EXPECT_EQ(covered_until(versions, day("2026-08-01")), day("2026-07-31")) << "not covered itself";
  EXPECT_EQ(covered_until({version("", "")}, day("2026-01-01")), std::nullopt);
}

}  // namespace
}  // namespace madoguchi::policy
