// Utsunomiya's policy as it ships: what the city's page says, value by value.
#include <gmock/gmock.h>

#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "support.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PolicyShipped, utsunomiyas_is_the_page) {
  const auto loaded = load_shipped("policy/utsunomiya/policy.yaml");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& policy = *loaded.value;
  std::vector<std::string> offices;
  for (const auto& office : policy.offices) offices.push_back(office.id);
  EXPECT_THAT(offices,
              ElementsAre("citizens-division", "district-centers", "branch-offices", "banba-branch"));
  EXPECT_EQ(policy.municipality.id, "utsunomiya");
  EXPECT_THAT(policy.channels, ElementsAre(policy::Channel::counter));
  EXPECT_EQ(policy.age_of_capacity, 15);
  EXPECT_EQ(window_opens_on(policy.window, *base::parse_date("2026-04-10")), *base::parse_date("2026-01-11"));
  EXPECT_EQ(policy.validity.renewal_birthdays, 6);
  EXPECT_EQ(policy.validity.new_issuance_birthdays, 5);
  EXPECT_EQ(policy.pins.of(policy::Pin::signature),
            (policy::PinRule{6, 16, policy::PinCharacters::upper_letters_and_digits, 5}));
  EXPECT_EQ(policy.pins.of(policy::Pin::resident_register),
            (policy::PinRule{4, 4, policy::PinCharacters::digits, 3}));
  EXPECT_EQ(policy.fees.renewal_yen, 0);
}

TEST(PolicyShipped, a_case_is_decided_by_the_shipped_policy_and_the_reason_names_the_line) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  policy::Facts facts;
  facts.at = *base::parse_time("2026-01-09T10:00:00+09:00");
  facts.office = "citizens-division";
  facts.holder.birth_date = *base::parse_date("1980-04-10");
  facts.card.expires_on = base::parse_date("2031-04-10");
  facts.authentication = {policy::CertificateState::valid, base::parse_date("2026-04-10")};
  facts.signature = facts.authentication;
  EXPECT_TRUE(check_facts(policy, facts).has_value());
  const auto decision = decide(policy, facts);
  EXPECT_EQ(decision.opens_on, base::parse_date("2026-01-11"));
  const auto rule = decision.finding("window.too_early")->rule;
  EXPECT_EQ(rule.key, "window.months");
  EXPECT_GT(rule.origin.line, 1);
  EXPECT_EQ(rule.origin.column, 3);
}

TEST(PolicyShipped, DC67_DC68_DC69_the_names_on_utsunomiyas_waiting_display) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  EXPECT_EQ(policy.office("citizens-division")->queue_label->ja, "電子証明書発行/更新");
  EXPECT_EQ(policy.office("district-centers")->queue_label->ja, "窓口手続き(マイナンバーカード以外)");
  EXPECT_EQ(policy.office("banba-branch")->queue_label, std::nullopt)
      << "no live information, not nobody waiting";
}

TEST(PolicyShipped, DC58_to_DC66_when_services_work_again_in_utsunomiya) {
  const auto policy = *load_shipped("policy/utsunomiya/policy.yaml").value;
  policy::Completion done;
  done.at = *base::parse_time("2026-10-16T10:30:00+09:00");
  done.applied_at = *base::parse_time("2026-10-16T11:30:00+09:00");
  const auto told = forecast(policy.availability, done);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0].from, base::parse_time("2026-10-16T13:30:00+09:00"));
  EXPECT_EQ(told[1].from, base::parse_time("2026-10-17T10:30:00+09:00"));
  EXPECT_EQ(told[2], (policy::Availability{"mynapoint", told[2].name, {}, {}, {}, false}));
  EXPECT_TRUE(told[3].immediate);
  EXPECT_EQ(told[4].from_day, base::parse_date("2026-10-17"));
  EXPECT_THAT(policy.availability.caveat.ja, testing::HasSubstr("目安"));
}

}  // namespace
}  // namespace madoguchi::settings
