// Readings of what the documents leave open, as this room's README lists them.
#include "catalogue.hpp"
#include "fixture.hpp"
#include "policy/hours.hpp"

namespace madoguchi::policy {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

// Beside the main office, a post office that renews for the holder only.
Policy with_post_office() {
  auto policy = city();
  auto post = policy.offices.front();
  post.id = "post";
  post.name = {"見本郵便局", "Example Post Office"};
  post.key = "offices[1]";
  post.services = {Service::holder, Service::renewal};
  post.reception.lead_minutes = 0;
  policy.offices.push_back(post);
  return policy;
}

Facts at_the_post_office() {
  auto facts = base_case();
  facts.office = "post";
  facts.documents.push_back(document("drivers_licence"));
  return facts;
}

Contribution representative_required() {
  Finding finding;
  finding.code = "legal_representative.required";
  finding.severity = Severity::block;
  return {"legal-representative", {finding}, {}, {}, {}};
}

TEST(Readings, a_renewal_that_begins_with_a_reset_needs_an_office_that_resets) {
  const auto policy = with_post_office();
  auto facts = at_the_post_office();
  expect_complete(decide(policy, facts), Action::renew);
  facts.pins.authentication = PinState::forgotten;
  const auto decision = decide(policy, facts);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  const auto* finding = decision.finding("office.service_not_offered");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->params.at("service").as_string(), "pin_reset");
  EXPECT_THAT(finding->message.en, HasSubstr("Citizens' Division (until 18:45)"));
}

TEST(Readings, nobody_comes_back_to_an_office_for_what_it_never_does) {
  const auto policy = with_post_office();
  auto facts = at_the_post_office();
  facts.at = time("2026-02-12 20:00");
  EXPECT_EQ(decide(policy, facts).next_opening, time("2026-02-13 08:30"));
  facts.visitor.role = Role::proxy;
  const auto decision = decide(policy, facts);
  EXPECT_FALSE(decision.next_opening);
  EXPECT_EQ(decision.finding("office.closed")->message.en, "Example Post Office is closed now.");
  EXPECT_THAT(decision.finding("office.service_not_offered")->message.en,
              HasSubstr("Citizens' Division (from Friday 13 February 2026 08:30)"));
  EXPECT_THAT(decision.finding("office.service_not_offered")->message.ja,
              HasSubstr("市民課(2026年2月13日(金)08:30から)"));
}

TEST(Readings, whoever_finds_an_office_closed_is_sent_only_where_all_of_it_is_done) {
  auto policy = with_post_office();
  policy.offices.front().weekly = {};
  policy.offices.front().weekly.at(4) = {{510, 570}};
  auto facts = base_case();
  EXPECT_THAT(decide(policy, facts).finding("office.closed")->message.en,
              HasSubstr("Example Post Office (until 19:00)"))
      << "without a lead people are received until it closes";
  facts.at = time("2026-04-16 10:00");  // after the last day
  EXPECT_THAT(decide(policy, facts).finding("office.closed")->message.en, Not(HasSubstr("Post Office")));
}

TEST(Readings, who_is_refused_after_the_last_reception_is_told_when_to_come_back) {
  auto policy = city();
  auto& office = policy.offices.front();
  for (auto& day : office.weekly) day = {{510, 720}, {780, 1035}};
  auto facts = base_case();
  facts.at = time("2026-02-12 11:50");
  EXPECT_FALSE(decide(policy, facts).next_opening) << "a clerk may go on";
  office.reception.enforcement = Enforcement::refuse;
  EXPECT_EQ(decide(policy, facts).next_opening, time("2026-02-12 13:00"));
}

TEST(Readings, the_notice_was_due_for_a_certificate_that_has_ended_since) {
  auto facts = base_case();
  facts.documents.clear();
  facts.at = time("2026-04-13 10:00");
  for (const auto state : {CertificateState::unknown, CertificateState::revoked, CertificateState::absent}) {
    facts.signature = {state, std::nullopt};
    const auto decision = decide(city(), facts);
    ASSERT_NE(decision.finding("notice.expected"), nullptr);
    EXPECT_EQ(decision.finding("notice.expected")->params.at("from").as_string(), "2026-01-10");
  }
}

TEST(Readings, an_untold_signature_certificate_has_expired_with_the_other) {
  auto facts = base_case();
  facts.at = time("2026-04-13 10:00");
  facts.signature = {};
  facts.wanted = {true, false};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.signature.action, Action::issue_new);
  EXPECT_THAT(codes(decision), IsSupersetOf({"certificate.expired", "certificate.unknown"}));
  facts.wanted = {true, true};
  const auto both = decide(city(), facts);
  EXPECT_EQ(std::count_if(both.findings.begin(), both.findings.end(),
                          [](const Finding& f) { return f.code == "certificate.expired"; }),
            1);
}

// As of what is left of a case whose authentication certificate is done.
TEST(Readings, the_notice_is_about_the_signature_certificate_where_it_alone_is_wanted) {
  auto facts = base_case();
  facts.documents.clear();
  facts.wanted = {true, false};
  facts.authentication.expires_on = day("2031-04-10");
  const auto decision = decide(city(), facts);
  ASSERT_NE(decision.finding("notice.expected"), nullptr);
  EXPECT_EQ(decision.finding("notice.expected")->params.at("from"), "2026-01-10");
}

TEST(Readings, the_notice_is_about_the_certificate_that_ends_first) {
  const auto from = [](const char* signature, const char* authentication) {
    auto facts = base_case();
    facts.documents.clear();
    facts.signature.expires_on = day(signature);
    facts.authentication.expires_on = day(authentication);
    const auto decision = decide(city(), facts);
    const auto* finding = decision.finding("notice.expected");
    return finding == nullptr ? "none" : std::string(finding->params.at("from").as_string());
  };
  EXPECT_EQ(from("2026-03-20", "2026-04-10"), "2025-12-20") << "both are renewed";
  EXPECT_EQ(from("2026-04-10", "2031-04-10"), "2026-01-10") << "only one is due";
  EXPECT_EQ(from("2026-02-01", "2031-04-10"), "2025-11-01") << "only one has ended";
  EXPECT_EQ(from("2024-02-01", "2026-04-10"), "2026-01-10")
      << "one that ended long ago is not what it is about";
  EXPECT_EQ(from("2030-05-01", "2031-04-10"), "2030-02-01") << "nothing is due";
}

// It may end on another day than the other: where nobody has said so, the block is a guess and says the way
// out.
TEST(Readings, an_untold_signature_certificate_is_no_reason_to_be_sent_home_without_a_word) {
  auto facts = base_case();
  facts.signature = {};
  facts.authentication.expires_on = day("2031-04-10");
  const auto guessed = decide(city(), facts);
  expect_too_early(guessed, "2031-01-11");
  const auto* way = guessed.finding("certificate.state_needed");
  ASSERT_NE(way, nullptr);
  EXPECT_EQ(way->severity, Severity::advise);
  EXPECT_EQ(way->params.at("unread"), "taken_as_other");
  EXPECT_THAT(way->message.ja, HasSubstr("ご希望を署名用電子証明書だけにして、もう一度判定してください"));
  EXPECT_THAT(way->message.en, HasSubstr("want only the signature certificate, then decide again"));
  facts.wanted = {false, true};
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("certificate.state_needed")));
  facts.wanted = {true, true};
  facts.signature = {CertificateState::valid, day("2031-04-10")};
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("certificate.state_needed"))) << "it is told";
  facts.signature = {};
  facts.holder.adult_ward = true;
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("certificate.state_needed"))) << "none is issued";
}

// As after the authentication certificate alone was renewed.
TEST(Readings, an_untold_signature_certificate_alone_is_not_judged_by_the_other_that_is_not_due) {
  auto facts = base_case();
  facts.signature = {};
  facts.authentication.expires_on = day("2031-04-10");
  facts.wanted = {true, false};
  const auto untold = decide(city(), facts);
  EXPECT_THAT(codes(untold), Not(Contains("window.too_early")));
  EXPECT_THAT(codes(untold), IsSupersetOf({"certificate.state_needed", "certificate.unknown"}));
  EXPECT_THAT(untold.finding("certificate.state_needed")->message.ja, HasSubstr("暗証番号を照合してから"));
  EXPECT_EQ(untold.outcome, Outcome::complete_today);
  EXPECT_THAT(untold.pins_required, ElementsAre(Pin::signature)) << "which opens it";
  facts.signature = {CertificateState::valid, day("2026-02-01")};
  const auto told = decide(city(), facts);
  EXPECT_EQ(told.signature.action, Action::issue_new);
  facts.signature = {};
  facts.wanted = {true, true};
  EXPECT_THAT(codes(decide(city(), facts)), Contains("window.too_early")) << "both end together as a rule";
}

TEST(Readings, A1_a_required_representative_takes_nothing_off_the_list) {
  auto facts = visited_by(Role::proxy);
  facts.holder.birth_date = day("2015-04-10");
  facts.signature = {CertificateState::absent, std::nullopt};
  facts.documents.clear();
  auto more = second_visit();
  const auto decision = decide_with(facts, {more, representative_required()});
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(decision.missing, ElementsAre("photo_identity_document")) << "the proxy's own";
  EXPECT_THAT(codes(decision), Contains("proxy.reply_form_missing")) << "all rules always speak";
  facts = base_case();
  facts.holder.birth_date = day("2015-04-10");
  facts.pins.authentication = PinState::forgotten;
  const auto alone = decide_with(facts, {representative_required()});
  EXPECT_THAT(alone.missing, ElementsAre("identity_document")) << "the holder's own";
  EXPECT_THAT(alone.pin_resets, ElementsAre(Pin::authentication));
}

TEST(Readings, A2_who_is_not_told_the_last_day_need_not_show_who_they_are) {
  auto facts = visited_by(Role::proxy);
  facts.purpose = Purpose::expiry_check;
  facts.documents.clear();
  EXPECT_THAT(codes(decide(city(), facts)),
              UnorderedElementsAre("expiry_check.holder_only", "expiry_check.other_ways"));
  auto lenient = city();
  lenient.expiry_check_holder_only = false;
  EXPECT_THAT(decide(lenient, facts).missing, ElementsAre("photo_identity_document"));
}

TEST(Readings, A3_a_look_at_the_last_day_takes_the_pin) {
  auto facts = base_case();
  facts.purpose = Purpose::expiry_check;
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("expiry_check.pin_needed")));
  facts.pins.authentication = PinState::locked;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_THAT(decision.pin_resets, IsEmpty());
  ASSERT_NE(decision.finding("expiry_check.pin_needed"), nullptr);
  EXPECT_EQ(decision.finding("expiry_check.pin_needed")->severity, Severity::advise);
  facts.wanted = {true, false};
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("expiry_check.pin_needed")));
}

TEST(Readings, A3_who_is_not_told_the_last_day_here_hears_where_else_it_stands) {
  auto facts = base_case();
  facts.purpose = Purpose::expiry_check;
  facts.documents.clear();
  const auto told = decide(city(), facts);
  EXPECT_THAT(codes(told), Not(Contains("expiry_check.other_ways")));
  ASSERT_NE(told.finding("notice.expected"), nullptr) << "the holder may know when the notice comes";

  auto by_proxy = visited_by(Role::proxy);
  by_proxy.purpose = Purpose::expiry_check;
  auto locked = facts;
  locked.pins.signature = PinState::locked;
  auto without_card = facts;
  without_card.card.presented = false;
  for (const auto& each : {by_proxy, locked, without_card}) {
    const auto decision = decide(city(), each);
    const auto* advice = decision.finding("expiry_check.other_ways");
    ASSERT_NE(advice, nullptr);
    EXPECT_EQ(advice->severity, Severity::advise);
    EXPECT_THAT(
        advice->message.ja,
        AllOf(HasSubstr("マイナンバーカードの表面(カードの有効期限の下)"), HasSubstr("電子証明書の写し"),
              HasSubstr("利用者クライアントソフト"), HasSubstr("おおよそ2~3か月前に国から郵送")));
    EXPECT_THAT(advice->message.en, AllOf(HasSubstr("JPKI client software"), HasSubstr("2 to 3 months")));
    EXPECT_THAT(advice->message.ja, Not(HasSubstr("2026"))) << "a day of the notice gives the last day away";
    EXPECT_EQ(decision.finding("notice.expected"), nullptr);
  }
  by_proxy.card.face_authentication = true;
  EXPECT_THAT(decide(city(), by_proxy).finding("expiry_check.other_ways")->message.ja,
              Not(HasSubstr("クライアントソフト")))
      << "it reads a card with the PIN";
}

TEST(Readings, A6_a_signature_certificate_alone_lasts_no_longer_than_the_other) {
  auto facts = base_case();
  facts.wanted = {true, false};
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.signature.new_expires_on, day("2026-04-10"));
  ASSERT_NE(decision.finding("certificate.capped"), nullptr);
  EXPECT_EQ(decision.finding("certificate.capped")->severity, Severity::advise);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_THAT(codes(decide(city(), base_case())), Not(Contains("certificate.capped")));
  facts.signature = {CertificateState::revoked, std::nullopt};
  facts.authentication.expires_on = day("2028-04-10");
  EXPECT_THAT(codes(decide(city(), facts)), Not(Contains("certificate.capped")))
      << "the other one cannot be renewed yet";
}

}  // namespace
}  // namespace madoguchi::policy
