#include "fixture.hpp"

namespace madoguchi::policy {

using testing::Contains;
using testing::ElementsAreArray;

base::Date day(std::string_view text) {
  return base::parse_date(text).value();
}

base::Instant time(std::string_view text) {
  std::string full(text);
  full[10] = 'T';
  return base::parse_time(full + ":00+09:00").value();
}

Policy city() {
  Policy policy;
  policy.municipality = {"example", "", {"見本市", "Example City"}, {}};
  policy.version = "1";
  policy.digest = std::string(64, '0');
  Office office;
  office.id = "citizens-division";
  office.name = {"市民課", "Citizens' Division"};
  office.key = "offices[0]";
  for (unsigned weekday = 1; weekday <= 5; ++weekday) office.weekly.at(weekday) = {{510, 1140}};
  office.reception.lead_minutes = 15;
  for (std::size_t i = 0; i < names<Service>().size(); ++i)
    office.services.push_back(static_cast<Service>(i));
  policy.offices = {office};
  policy.documents.identity = {
      {"drivers_licence", {}}, {"health_insurance_card", day("2025-12-01")}, {"eligibility_certificate", {}}};
  policy.documents.photo_identity = {{"my_number_card", {}}, {"drivers_licence", {}}, {"passport", {}}};
  policy.origins["window"] = {"policy.yaml", 10, 1};
  policy.origins["window.months"] = {"policy.yaml", 11, 3};
  policy.origins["documents"] = {"policy.yaml", 20, 1};
  return policy;
}

Policy with_calendar() {
  auto policy = city();
  policy.calendar.holidays = {{day("2026-02-11"), "建国記念の日"},
                              {day("2026-09-21"), "敬老の日"},
                              {day("2026-09-22"), "国民の休日"}};
  policy.calendar.year_end = YearlyRange{std::chrono::December / 29, std::chrono::January / 3};
  return policy;
}

Facts base_case() {
  Facts facts;
  facts.at = time("2026-02-12 10:00");
  facts.office = "citizens-division";
  facts.holder.birth_date = day("1980-04-10");
  facts.card.expires_on = day("2031-04-10");
  set_certificates(facts, "2026-04-10");
  set_pins(facts, PinState::matched);
  facts.documents = {document("expiry_notice")};
  return facts;
}

void set_certificates(Facts& facts, std::string_view expires_on) {
  facts.signature = {CertificateState::valid, day(expires_on)};
  facts.authentication = facts.signature;
}

void set_pins(Facts& facts, PinState state) {
  facts.pins = {state, state, state};
}

Document document(std::string type) {
  Document result;
  result.type = std::move(type);
  return result;
}

Facts visited_by(Role role) {
  auto facts = base_case();
  facts.visitor.role = role;
  facts.holder.present = false;
  facts.documents.push_back(document("drivers_licence"));
  return facts;
}

std::set<std::string> codes(const Decision& decision) {
  std::set<std::string> all;
  for (const auto& finding : decision.findings) all.insert(finding.code);
  return all;
}

void expect_complete(const Decision& decision, Action action) {
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_EQ(decision.signature.action, action);
  EXPECT_EQ(decision.authentication.action, action);
  EXPECT_EQ(decision.fee_yen, 0);
  EXPECT_TRUE(decision.missing.empty());
}

void expect_too_early(const Decision& decision, std::string_view opens_on) {
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(codes(decision), Contains("window.too_early"));
  EXPECT_EQ(decision.opens_on, day(opens_on));
  EXPECT_EQ(decision.signature.action, Action::none);
  EXPECT_EQ(decision.authentication.action, Action::none);
}

void expect_missing(const Decision& decision, const std::vector<std::string>& missing) {
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(decision.missing, ElementsAreArray(missing));
  EXPECT_THAT(codes(decision), Contains("documents.missing"));
}

Decision decide_with(const Facts& facts, const std::vector<Contribution>& more) {
  const auto policy = city();
  return merge(policy, facts, decide(policy, facts), more);
}

Contribution second_visit() {
  Finding finding;
  finding.code = "proxy.reply_form_missing";
  finding.severity = Severity::second_visit;
  finding.rule.key = "plugins.proxy-two-visit.reply_form";
  finding.message = {"照会書兼回答書がありません。", "No reply form."};
  Contribution contribution;
  contribution.source = "proxy-two-visit";
  contribution.findings = {finding};
  return contribution;
}

}  // namespace madoguchi::policy
