// Decision cases of those who come for the holder, as far as core's rules reach, and the seam for other
// rules.
#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue.hpp"
#include "fixture.hpp"

namespace madoguchi::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(DecideOthers, DC22_the_last_day_is_told_to_the_holder_only) {
  auto facts = visited_by(Role::proxy);
  facts.purpose = Purpose::expiry_check;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_EQ(decision.finding("expiry_check.holder_only")->severity, Severity::block);
}

TEST(DecideOthers, DC24_DC25_official_photo_identification_of_the_visitor) {
  expect_complete(decide(city(), visited_by(Role::proxy)), Action::renew);
  auto facts = visited_by(Role::proxy);
  facts.documents = {document("my_number_card")};
  expect_complete(decide(city(), facts), Action::renew);
}

TEST(DecideOthers, DC30_DC31_other_papers_of_the_visitor_do_not_serve) {
  for (const auto* type : {"health_insurance_card", "company_badge", "eligibility_certificate"}) {
    auto facts = visited_by(Role::proxy);
    facts.documents = {document(type)};
    expect_missing(decide(city(), facts), {"photo_identity_document"});
  }
}

TEST(DecideOthers, the_holders_licence_does_not_identify_the_visitor) {
  auto facts = visited_by(Role::proxy);
  facts.documents.back().of = Person::holder;
  expect_missing(decide(city(), facts), {"photo_identity_document"});
}

TEST(DecideOthers, DC32_the_holders_card_must_be_brought) {
  auto facts = visited_by(Role::proxy);
  facts.card.presented = false;
  expect_missing(decide(city(), facts), {"my_number_card"});
}

TEST(DecideOthers, DC29_no_pin_is_initialised_for_a_proxy) {
  auto facts = visited_by(Role::proxy);
  set_pins(facts, PinState::mismatched);
  facts.pins.signature = PinState::forgotten;
  const auto decision = decide(city(), facts);
  EXPECT_THAT(decision.pin_resets, IsEmpty());
  EXPECT_THAT(codes(decision), Not(Contains("pin.retry_possible")));
}

TEST(DecideOthers, DC46_a_legal_representative_shows_photo_identification_which_serves_for_a_reset_too) {
  auto facts = visited_by(Role::legal_representative);
  facts.holder.birth_date = day("2015-06-01");
  facts.signature = {CertificateState::absent, std::nullopt};
  facts.pins.authentication = PinState::forgotten;
  const auto decision = decide(city(), facts);
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_THAT(decision.pin_resets, ElementsAre(Pin::authentication));
  facts.documents.clear();
  expect_missing(decide(city(), facts), {"photo_identity_document"});
}

TEST(DecideOthers, DC41_who_represents_somebody_of_age_is_a_proxy) {
  auto facts = visited_by(Role::legal_representative);
  facts.holder.birth_date = day("2010-05-01");
  facts.pins.authentication = PinState::forgotten;
  EXPECT_THAT(decide(city(), facts).pin_resets, IsEmpty());
}

TEST(DecideOthers, a_contribution_of_a_second_visit_takes_the_card_off_the_list) {
  auto facts = visited_by(Role::proxy);
  facts.card.presented = false;
  const std::vector more{second_visit()};
  const auto decision = decide_with(facts, more);
  EXPECT_EQ(decision.outcome, Outcome::two_visits);
  EXPECT_THAT(decision.missing, IsEmpty());
  EXPECT_THAT(codes(decision), ElementsAre("proxy.reply_form_missing"));
}

TEST(DecideOthers, R22_the_first_of_two_visits_needs_the_visitors_photo_identification) {
  auto facts = visited_by(Role::proxy);
  facts.documents = {document("expiry_notice")};
  const std::vector more{second_visit()};
  const auto decision = decide_with(facts, more);
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(decision.missing, ElementsAre("photo_identity_document"));
}

TEST(DecideOthers, severities_alone_make_the_outcome) {
  struct Row {
    Severity severity;
    Outcome outcome;
  };
  for (const auto& row :
       {Row{Severity::block, Outcome::not_today}, Row{Severity::redirect, Outcome::other_procedure},
        Row{Severity::second_visit, Outcome::two_visits}, Row{Severity::override_, Outcome::complete_today},
        Row{Severity::advise, Outcome::complete_today}, Row{Severity::info, Outcome::complete_today}}) {
    Finding finding;
    finding.code = "vendor.rule";
    finding.severity = row.severity;
    const std::vector more{Contribution{"vendor", {finding}, {}, {}, {}}};
    EXPECT_EQ(decide_with(base_case(), more).outcome, row.outcome) << to_text(row.severity);
  }
}

TEST(DecideOthers, contributions_merge_without_regard_to_order) {
  Finding block;
  block.code = "a.block";
  block.severity = Severity::block;
  block.source = "a";
  Finding info = block;
  info.code = "b.info";
  info.severity = Severity::info;
  std::vector<Contribution> more{second_visit(),
                                 {"a", {block, info}, {"family_register"}, {Pin::signature}, {}},
                                 {"b",
                                  {info},
                                  {"family_register", "guardianship_registration"},
                                  {},
                                  {Pin::signature, Pin::resident_register}}};
  auto lost = visited_by(Role::proxy);
  lost.visit = 2;
  lost.pins.resident_register = PinState::locked;
  lost.pins.signature = PinState::forgotten;
  const auto first = decide_with(lost, more);
  EXPECT_EQ(first.outcome, Outcome::not_today);
  EXPECT_THAT(first.missing, ElementsAre("family_register", "guardianship_registration"));
  EXPECT_THAT(first.pin_resets, ElementsAre(Pin::resident_register, Pin::signature));
  std::reverse(more.begin(), more.end());
  EXPECT_EQ(decide_with(lost, more), first);
  std::swap(more[0], more[1]);
  EXPECT_EQ(decide_with(lost, more), first);
}

// Whoever could have any PIN initialised could take the card over.
TEST(DecideOthers, a_contribution_initialises_no_pin_but_a_lost_one_at_a_second_visit) {
  const std::vector more{Contribution{"vendor", {}, {}, {}, {Pin::signature, Pin::authentication}}};
  EXPECT_THAT(decide_with(base_case(), more).pin_resets, IsEmpty());
  auto facts = visited_by(Role::proxy);
  facts.pins.signature = PinState::forgotten;
  EXPECT_THAT(decide_with(facts, more).pin_resets, IsEmpty()) << "on the spot";
  facts.visit = 2;
  EXPECT_THAT(decide_with(facts, more).pin_resets, ElementsAre(Pin::signature));
}

TEST(DecideOthers, a_contribution_carries_its_plugins_name_whatever_it_says) {
  auto liar = second_visit();
  liar.findings.front().source = "core";
  EXPECT_EQ(decide_with(base_case(), {liar}).finding("proxy.reply_form_missing")->source, "proxy-two-visit");
}

TEST(DecideOthers, what_is_required_without_a_named_paper_is_missing_all_the_same) {
  Finding finding;
  finding.code = "vendor.something";
  finding.severity = Severity::require;
  EXPECT_EQ(decide_with(base_case(), {{"vendor", {finding}, {}, {}, {}}}).outcome, Outcome::not_today);
}

TEST(DecideOthers, nothing_contributed_changes_nothing) {
  auto facts = base_case();
  facts.card.presented = false;
  EXPECT_EQ(decide_with(facts, {}), decide(city(), facts));
  EXPECT_EQ(decide_with(facts, {{"quiet", {}, {}, {}, {}}}), decide(city(), facts));
}

TEST(DecideOthers, a_missing_paper_that_another_rule_named_is_missing) {
  const std::vector more{Contribution{"vendor", {}, {"family_register"}, {}, {}}};
  expect_missing(decide_with(base_case(), more), {"family_register"});
}

TEST(Catalogue, texts_are_in_two_languages_and_codes_unique) {
  std::set<std::string_view> seen;
  for (const auto& row : catalogue()) {
    EXPECT_TRUE(seen.insert(row.code).second) << row.code;
    EXPECT_FALSE(row.ja.empty());
    EXPECT_FALSE(row.en.empty());
    EXPECT_EQ(std::count(row.ja.begin(), row.ja.end(), '{') > 0,
              std::count(row.en.begin(), row.en.end(), '{') > 0)
        << row.code;
  }
}

}  // namespace
}  // namespace madoguchi::policy
