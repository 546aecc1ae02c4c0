// When services work again: the cases of the page, with completion on Friday 2026-10-16 at 10:30 unless said.
#include "policy/applying.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

AvailabilityRules rules() {
  AvailabilityRules rules;
  const AvailabilityDelay three_hours{180, {}, {}, 0};
  const AvailabilityDelay one_day{24 * 60, {}, {}, 0};
  const AvailabilityDelay next_day{{}, 1, {}, 0};
  const AvailabilityDelay applied{{}, {}, 1, 60};
  rules.services = {{"convenience_store", {}, three_hours, one_day, false},
                    {"mynaportal", {}, one_day, {}, false},
                    {"mynapoint", {}, {}, {}, false},
                    {"health_insurance", {}, applied, {}, true},
                    {"e_tax", {}, next_day, {}, false}};
  return rules;
}

Availability of(const std::string& service, Completion completion = {}) {
  if (completion.at == base::Instant{}) completion.at = time("2026-10-16 10:30");
  for (auto& told : forecast(rules(), completion)) {
    if (told.service == service) return told;
  }
  return {};
}

Completion applied(std::string_view when) {
  Completion completion;
  completion.at = time("2026-10-16 10:30");
  completion.applied_at = time(when);
  return completion;
}

TEST(Availability, DC58_DC59_hours_after_completion_on_weekends_too) {
  EXPECT_EQ(of("convenience_store").from, time("2026-10-16 13:30"));
  EXPECT_EQ(of("mynaportal").from, time("2026-10-17 10:30"));
}

TEST(Availability, DC60_DC61_DC62_it_depends_on_when_one_applies) {
  EXPECT_EQ(of("health_insurance", applied("2026-10-16 10:35")).by, day("2026-10-17"));
  EXPECT_EQ(of("health_insurance", applied("2026-10-16 11:29")).by, day("2026-10-17"));
  const auto later = of("health_insurance", applied("2026-10-16 11:30"));
  EXPECT_TRUE(later.immediate);
  EXPECT_EQ(later.by, std::nullopt);
  EXPECT_EQ(of("health_insurance").by, day("2026-10-17")) << "not known when: the later answer";
  EXPECT_EQ(of("health_insurance", applied("2026-10-10 09:00")).by, day("2026-10-17"))
      << "applied for before there was anything to use";
}

TEST(Availability, DC60_DC61_DC62_both_ways_are_told_while_nobody_knows_when_one_applies) {
  Completion done;
  done.at = time("2026-10-16 10:30");
  const auto from = [&](std::size_t service) {
    return immediate_if_applied_from(rules().services.at(service), done);
  };
  EXPECT_EQ(from(3), time("2026-10-16 11:30"));
  EXPECT_EQ(from(0), std::nullopt) << "nothing is applied for";
  EXPECT_EQ(from(2), std::nullopt) << "nothing is known";
  done.applied_at = time("2026-10-16 10:35");
  EXPECT_EQ(from(3), std::nullopt);
}

TEST(Availability, DC63_a_day_without_a_time) {
  EXPECT_EQ(of("e_tax").from_day, day("2026-10-17"));
  EXPECT_EQ(of("e_tax").from, std::nullopt);
}

TEST(Availability, DC64_late_in_the_day) {
  Completion late;
  late.at = time("2026-10-16 18:55");
  EXPECT_EQ(of("convenience_store", late).from, time("2026-10-16 21:55"));
  EXPECT_EQ(of("mynaportal", late).from, time("2026-10-17 18:55"));
  EXPECT_EQ(of("e_tax", late).from_day, day("2026-10-17"));
}

TEST(Availability, R17_no_information_is_not_inherited) {
  const auto told = of("mynapoint");
  EXPECT_EQ(told, (Availability{"mynapoint", {}, {}, {}, {}, false}));
}

TEST(Availability, a_new_issuance_may_take_longer) {
  Completion anew;
  anew.at = time("2026-10-16 10:30");
  anew.new_issuance = true;
  EXPECT_EQ(of("convenience_store", anew).from, time("2026-10-17 10:30"));
  EXPECT_EQ(of("e_tax", anew).from_day, day("2026-10-17")) << "the same where nothing else is said";
}

TEST(Availability, L8_a_card_without_pins_serves_for_insurance_only) {
  Completion face;
  face.at = time("2026-10-16 10:30");
  face.face_authentication = true;
  const auto told = forecast(rules(), face);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().service, "health_insurance");
}

}  // namespace
}  // namespace madoguchi::policy
