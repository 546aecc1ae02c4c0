// Decision cases about dates: the window, expiry, previews. Names carry the case's id.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Decision decide_at(std::string_view when, Facts facts = base_case()) {
  facts.at = time(when);
  return decide(city(), facts);
}

TEST(DecideDates, DC07_before_the_window_it_is_too_early) {
  const auto decision = decide_at("2026-01-09 10:00");
  expect_too_early(decision, "2026-01-11");
  const auto* finding = decision.finding("window.too_early");
  EXPECT_EQ(finding->severity, Severity::block);
  EXPECT_EQ(finding->rule, (Rule{"window.months", {"policy.yaml", 11, 3}}));
  EXPECT_EQ(finding->params.at("opens_on"), "2026-01-11");
  EXPECT_THAT(finding->message.en,
              HasSubstr("on or after 11 January 2026; this counter is first open on Monday 12 January 2026"));
  EXPECT_THAT(finding->message.ja, HasSubstr("2026年1月11日以降"));
}

TEST(DecideDates, DC08_renewed_on_the_first_counter_day_of_the_window) {
  expect_complete(decide_at("2026-01-13 08:30"), Action::renew);
}

TEST(DecideDates, DC09_the_window_opens_on_the_day_after_the_corresponding_day) {
  auto facts = base_case();
  facts.holder.birth_date = day("1980-07-07");
  facts.card.expires_on = day("2031-07-07");
  set_certificates(facts, "2026-07-07");
  expect_too_early(decide_at("2026-04-07 10:00", facts), "2026-04-08");
  expect_complete(decide_at("2026-04-08 10:00", facts), Action::renew);
}

TEST(DecideDates, DC11_the_last_day_is_still_valid) {
  expect_complete(decide_at("2026-04-10 18:30"), Action::renew);
}

TEST(DecideDates, DC12_after_expiry_it_is_a_new_issuance) {
  const auto decision = decide_at("2026-04-13 10:00");
  expect_complete(decision, Action::issue_new);
  EXPECT_THAT(codes(decision), Contains("certificate.expired"));
}

TEST(DecideDates, DC13_DC16_the_notice_is_never_needed) {
  auto facts = base_case();
  facts.documents.clear();
  const auto decision = decide(city(), facts);
  expect_complete(decision, Action::renew);
  EXPECT_EQ(decision.finding("notice.expected")->params.at("from"), "2026-01-10");
  EXPECT_EQ(decision.finding("notice.expected")->params.at("to"), "2026-02-10");
  EXPECT_EQ(decide(city(), base_case()).finding("notice.expected"), nullptr);
}

TEST(DecideDates, the_notice_is_not_announced_once_it_was_due) {
  const auto told = [](std::string_view at) {
    auto facts = base_case();
    facts.documents.clear();
    return decide_at(at, facts).finding("notice.expected")->message;
  };
  EXPECT_THAT(told("2026-02-10 18:00").ja, HasSubstr("2026年2月10日ごろに国から郵送されます。"));
  EXPECT_THAT(told("2026-02-10 18:00").en, HasSubstr("The expiry notice is posted by the state"));
  EXPECT_THAT(told("2026-02-11 09:00").ja, HasSubstr("2026年2月10日ごろに国から郵送されているはずです。"));
  EXPECT_THAT(told("2026-02-11 09:00").en, HasSubstr("The expiry notice should have been posted by"));
}

TEST(DecideDates, L1_a_renewal_in_the_window_runs_to_the_sixth_birthday) {
  const auto decision = decide_at("2026-02-12 10:00");
  EXPECT_EQ(decision.signature.new_expires_on, day("2031-04-10"));
  EXPECT_EQ(decision.authentication.new_expires_on, day("2031-04-10"));
}

TEST(DecideDates, L2_a_new_issuance_runs_to_the_fifth_birthday) {
  const auto decision = decide_at("2026-04-13 10:00");
  EXPECT_EQ(decision.authentication.new_expires_on, day("2031-04-10"));
}

TEST(DecideDates, L3_a_birthday_on_the_day_of_issue_does_not_count) {
  auto facts = base_case();
  facts.card.expires_on = day("2036-04-10");
  EXPECT_EQ(decide_at("2026-04-10 10:00", facts).authentication.new_expires_on, day("2032-04-10"));
}

TEST(DecideDates, L4_the_signature_certificate_may_not_outlive_the_existing_authentication_certificate) {
  auto facts = base_case();
  facts.signature = {CertificateState::revoked, std::nullopt};
  const auto decision = decide_at("2025-06-02 10:00", facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.signature, (CertificateDecision{Action::issue_new, day("2026-04-10")}));
  EXPECT_EQ(decision.authentication, (CertificateDecision{Action::none, {}}));
  EXPECT_THAT(decision.pins_required, ElementsAre(Pin::resident_register, Pin::signature));
  EXPECT_THAT(codes(decision), Not(Contains("window.too_early")));
}

TEST(DecideDates, the_new_authentication_certificate_caps_the_signature_certificate) {
  auto facts = base_case();
  facts.card.expires_on = day("2036-04-10");
  facts.authentication = {CertificateState::revoked, std::nullopt};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.authentication, (CertificateDecision{Action::issue_new, day("2030-04-10")}));
  EXPECT_EQ(decision.signature, (CertificateDecision{Action::renew, day("2030-04-10")}));
}

TEST(DecideDates, without_an_authentication_certificate_only_card_and_birthday_cap) {
  auto facts = base_case();
  facts.wanted = {true, false};
  facts.authentication = {CertificateState::valid, day("2026-02-11")};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.signature, (CertificateDecision{Action::renew, day("2031-04-10")}));
  EXPECT_EQ(decision.authentication.action, Action::none);
}

TEST(DecideDates, L7_expiry_on_a_sunday_is_not_put_off) {
  auto facts = base_case();
  set_certificates(facts, "2026-04-12");
  expect_complete(decide_at("2026-04-13 10:00", facts), Action::issue_new);
}

TEST(DecideDates, R20_a_certificate_that_ends_with_the_card_needs_a_new_card_first) {
  auto facts = base_case();
  facts.card.expires_on = day("2026-04-10");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::other_procedure);
  EXPECT_EQ(decision.finding("card.renewal_required")->severity, Severity::redirect);
  EXPECT_EQ(decision.authentication, (CertificateDecision{Action::renew, day("2026-04-10")}));

  auto policy = city();
  policy.validity.card_renewal_when_equal = false;
  expect_complete(decide(policy, facts), Action::renew);
}

TEST(DecideDates, R20_an_expired_card_is_renewed_first_and_nothing_is_previewed) {
  auto facts = base_case();
  facts.card.expires_on = day("2026-04-10");
  const auto decision = decide_at("2026-04-13 10:00", facts);
  EXPECT_EQ(decision.outcome, Outcome::other_procedure);
  EXPECT_EQ(decision.authentication, (CertificateDecision{Action::issue_new, {}}));
  EXPECT_EQ(decision.signature, (CertificateDecision{Action::issue_new, {}}));
}

TEST(DecideDates, before_the_window_a_certificate_that_ends_with_the_card_is_too_early) {
  auto facts = base_case();
  facts.card.expires_on = day("2026-04-10");
  expect_too_early(decide_at("2025-06-02 10:00", facts), "2026-01-11");
  EXPECT_EQ(decide_at("2025-06-02 10:00", facts).finding("card.renewal_required"), nullptr);
}

TEST(DecideDates, the_day_is_japans) {
  auto facts = base_case();
  facts.at = base::parse_time("2026-04-10T14:59:59Z").value();  // 23:59:59 in Japan
  EXPECT_EQ(decide(city(), facts).authentication.action, Action::renew);
  facts.at += std::chrono::seconds(1);
  EXPECT_EQ(decide(city(), facts).authentication.action, Action::issue_new);
}

TEST(DecideDates, the_window_is_the_policys) {
  auto policy = city();
  policy.window.months = 1;
  EXPECT_EQ(decide(policy, base_case()).opens_on, day("2026-03-11"));
}

TEST(DecideDates, different_certificates_the_earlier_window_is_told) {
  auto facts = base_case();
  facts.signature.expires_on = day("2026-09-10");
  facts.authentication.expires_on = day("2026-10-10");
  EXPECT_EQ(decide(city(), facts).opens_on, day("2026-06-11"));
}

TEST(DecideDates, one_in_its_window_is_renewed_though_the_other_is_not) {
  auto facts = base_case();
  facts.authentication.expires_on = day("2026-10-10");
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.signature.action, Action::renew);
  EXPECT_EQ(decision.authentication.action, Action::none);
  EXPECT_EQ(decision.opens_on, std::nullopt);
}

TEST(DecideDates, an_unread_signature_certificate_is_taken_to_be_as_the_other) {
  auto facts = base_case();
  facts.signature = {};
  const auto decision = decide(city(), facts);
  expect_complete(decision, Action::renew);
  EXPECT_EQ(decision.signature.new_expires_on, day("2031-04-10"));
  EXPECT_EQ(decision.finding("certificate.unknown")->params.at("certificate"), "signature");
}

TEST(DecideDates, nothing_is_done_about_an_authentication_certificate_that_nobody_has_read) {
  auto facts = base_case();
  facts.card = {false, std::nullopt, false};
  facts.signature = {};
  facts.authentication = {};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.authentication.action, Action::none);
  EXPECT_EQ(decision.signature.action, Action::none);
  EXPECT_THAT(decision.pins_required, IsEmpty());
  expect_missing(decision, {"my_number_card"});
}

}  // namespace
}  // namespace madoguchi::policy
