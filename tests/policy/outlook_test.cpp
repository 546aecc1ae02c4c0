// Days to come, over a change from one version of the policy to the next.
#include "policy/outlook.hpp"

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {
namespace {

using testing::HasSubstr;
using testing::Not;

// Version 1 ends on Tuesday, March 31; version 2 opens at 9, not on Wednesdays and Thursdays.
struct TwoVersions {
  Policy first = city();
  Policy second = city();
  bool second_is_known = true;

  TwoVersions() {
    first.effective_to = day("2026-03-31");
    second.effective_from = day("2026-04-01");
    auto& hours = second.offices.front().weekly;
    for (auto& weekday : hours) {
      if (!weekday.empty()) weekday = {{540, 1020}};
    }
    hours.at(3) = hours.at(4) = {};
  }
  Outlook outlook() {
    return {[this](base::Date day) -> DayRules {
              if (day < *second.effective_from) return {&first, nullptr};
              if (!second_is_known) return {};
              return {&second, std::make_shared<const Schedule>()};
            },
            {}};
  }
  OfficeStatus at(std::string_view when) {
    return office_status(first, {}, first.offices.front(), time(when), outlook());
  }
};

TEST(Outlook, the_next_opening_is_by_the_version_in_force_then) {
  TwoVersions versions;
  EXPECT_EQ(versions.at("2026-03-31 19:30").next_opening, time("2026-04-03 09:00"))
      << "not on Wednesday and Thursday";
  EXPECT_EQ(versions.at("2026-03-31 07:00").next_opening, time("2026-03-31 08:30"));
  EXPECT_EQ(versions.at("2026-03-31 18:50").after, time("2026-04-03 09:00"));
  versions.second.offices.front().id = "elsewhere";
  EXPECT_EQ(versions.at("2026-03-31 19:30").next_opening, std::nullopt) << "it is closed down";
  versions.second_is_known = false;
  EXPECT_EQ(versions.at("2026-03-31 19:30").next_opening, std::nullopt);
  EXPECT_EQ(versions.at("2026-03-30 19:30").next_opening, time("2026-03-31 08:30"));
}

TEST(Outlook, nothing_is_told_of_days_after_the_last_version_has_ended) {
  auto policy = city();
  policy.effective_to = day("2026-03-31");
  EXPECT_EQ(office_status(policy, {}, policy.offices.front(), time("2026-03-31 19:30")).next_opening,
            std::nullopt);
  EXPECT_EQ(first_open_day(policy, {}, policy.offices.front(), day("2026-03-31")), day("2026-03-31"));
  EXPECT_EQ(first_open_day(policy, {}, policy.offices.front(), day("2026-04-01")), std::nullopt);
}

TEST(Outlook, a_decision_tells_the_days_to_come_by_the_version_in_force_then) {
  TwoVersions versions;
  auto facts = base_case();
  set_certificates(facts, "2026-06-30");
  const auto early = decide(versions.first, facts, {}, nullptr, versions.outlook());
  EXPECT_EQ(early.opens_on, day("2026-03-31"));
  EXPECT_EQ(early.finding("window.too_early")->params.at("first_counter_day"), "2026-03-31");
  set_certificates(facts, "2026-07-01");
  const auto later = decide(versions.first, facts, {}, nullptr, versions.outlook());
  EXPECT_EQ(later.opens_on, day("2026-04-02"));
  EXPECT_EQ(later.finding("window.too_early")->params.at("first_counter_day"), "2026-04-03");
  set_certificates(facts, "2026-06-30");
  facts.at = time("2026-03-31 20:00");
  EXPECT_EQ(decide(versions.first, facts, {}, nullptr, versions.outlook()).next_opening,
            time("2026-04-03 09:00"));
  // What it no longer does there is nothing to come back for.
  versions.second.offices.front().services = {Service::expiry_check, Service::holder};
  EXPECT_EQ(decide(versions.first, facts, {}, nullptr, versions.outlook()).next_opening, std::nullopt);
  versions.second_is_known = false;
  facts.at = time("2026-02-12 10:00");
  set_certificates(facts, "2026-07-10");
  const auto unknown = decide(versions.first, facts, {}, nullptr, versions.outlook());
  EXPECT_THAT(unknown.finding("window.too_early")->message.en, Not(HasSubstr("first open")));
}

}  // namespace
}  // namespace madoguchi::policy
