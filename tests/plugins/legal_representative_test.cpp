// Decision cases DC-34 to DC-46: who represents a child or an adult ward, and how they prove it.
#include "city.hpp"

namespace madoguchi::plugins {
namespace {

using policy::Outcome;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view child = "2015-06-01";

Facts ward(std::string_view issued_on, bool original = true) {
  return representative("1950-04-10")
      .with("/holder/adult_ward", true)
      .with("/visitor/relationship", "guardian")
      .with_document({{"type", "guardianship_registration"},
                      {"of", "holder"},
                      {"issued_on", boost::json::string(issued_on)},
                      {"original", original}});
}

TEST(LegalRepresentative, DC34_a_parent_of_the_same_household_needs_no_register) {
  City city;
  const auto decision = city.decide(representative(child)
                                        .with("/visitor/relationship", "parent")
                                        .with("/visitor/same_household", true)
                                        .json());
  EXPECT_EQ(decision.outcome, Outcome::complete_today);
  EXPECT_THAT(decision.missing, IsEmpty());
}

TEST(LegalRepresentative, DC35_nor_does_one_of_a_child_whose_domicile_is_in_the_city) {
  City city;
  const auto facts =
      representative(child).with("/visitor/relationship", "parent").with("/holder/domicile_in_city", true);
  EXPECT_EQ(city.decide(facts.json()).outcome, Outcome::complete_today);
}

TEST(LegalRepresentative, DC36_DC37_others_bring_the_family_register) {
  City city;
  const auto father = representative(child).with("/visitor/relationship", "parent");
  const auto without = city.decide(father.json());
  EXPECT_EQ(without.outcome, Outcome::not_today);
  EXPECT_THAT(missing(without), ElementsAre("family_register"));
  EXPECT_THAT(codes(without), Contains("legal_representative.proof_missing"));
  EXPECT_THAT(codes(without), Contains("documents.missing"));
  EXPECT_EQ(city.decide(father.with_document({{"type", "family_register"}}).json()).outcome,
            Outcome::complete_today);
}

TEST(LegalRepresentative, DC38_the_same_household_alone_is_not_enough) {
  City city;
  const auto uncle =
      representative(child).with("/visitor/relationship", "guardian").with("/visitor/same_household", true);
  EXPECT_THAT(missing(city.decide(uncle.json())), ElementsAre("family_register"));
}

TEST(LegalRepresentative, DC39_DC40_a_child_alone_until_the_day_before_the_fifteenth_birthday) {
  City city;
  const auto fourteen = city.decide(Facts().with("/holder/birth_date", "2011-02-13").json());
  EXPECT_EQ(fourteen.outcome, Outcome::not_today);
  const auto* required = fourteen.finding("legal_representative.required");
  ASSERT_NE(required, nullptr);
  EXPECT_EQ(required->severity, policy::Severity::block);
  EXPECT_EQ(required->source, "legal-representative");
  EXPECT_EQ(required->rule.key, "plugins.legal-representative");
  EXPECT_GT(required->rule.origin.line, 1);
  EXPECT_THAT(fourteen.missing, IsEmpty()) << "whoever comes will be told what to bring";
  EXPECT_EQ(city.decide(Facts().with("/holder/birth_date", "2011-02-12").json()).outcome,
            Outcome::complete_today);
}

TEST(LegalRepresentative, S19_whoever_comes_instead_is_told_of_the_proof_by_the_citys_own_rules) {
  const auto told = [](City& city, const Facts& facts) {
    const auto decision = city.decide(facts.json());
    const auto* required = decision.finding("legal_representative.required");
    return required != nullptr ? required->message : policy::Text{};
  };
  const auto alone = Facts().with("/holder/birth_date", boost::json::string_view(child));
  City city;
  EXPECT_EQ(
      told(city, alone),
      (policy::Text{
          "15歳未満の方の手続きは、法定代理人が行います。法定代理人が、本人のマイナンバーカードと法定代理人の"
          "顔写真付き本人確認書類、法定代理人であることを確認できる戸籍謄本(同一世帯の親子の場合、"
          "または本籍が市内にある場合は不要)を持ってお越しください。",
          "A child under 15 is represented by law: the legal representative has to come, with the holder's "
          "card and their own official photo identity document, and the family register (koseki) to prove "
          "it (not needed if parent and child live in one household or if the child's registered domicile "
          "is in the city)."}));
  EXPECT_THAT(told(city, alone.with("/holder/domicile_in_city", true)).ja, Not(HasSubstr("戸籍謄本")));
  const auto ward = told(city, Facts().with("/holder/adult_ward", true));
  EXPECT_THAT(ward.ja, HasSubstr("成年被後見人の方の手続きは"));
  EXPECT_THAT(ward.ja, HasSubstr("登記事項証明書(発行後3か月以内の原本)を持って"));
  EXPECT_THAT(ward.en, HasSubstr("registration (the original, issued within 3 months) to prove it."));

  City other(
      policy_text({{"age_of_capacity: 15", "age_of_capacity: 18"},
                   {"waived_for: [same_household_parent, domicile_in_city]",
                    "original: true\n      purposes: [renewal]\n      instead: [resident_record]"},
                   {"holder_identity_when:",
                    "own_types: [{type: resident_record, name: {ja: 住民票, en: the resident record}}]\n"
                    "  holder_identity_when:"}}));
  const auto sixteen = Facts().with("/holder/birth_date", "2010-02-01");
  EXPECT_THAT(told(other, sixteen).ja, HasSubstr("18歳未満の方"));
  EXPECT_THAT(told(other, sixteen).ja, HasSubstr("確認できる戸籍謄本(原本)または住民票(原本)を持って"));
  EXPECT_THAT(told(other, sixteen.with("/purpose", "pin_reset")).ja, Not(HasSubstr("戸籍謄本")))
      << "for that it is not asked for";
}

TEST(LegalRepresentative, DC41_a_mother_of_a_fifteen_year_old_is_a_proxy) {
  City city;
  const auto decision =
      city.decide(representative("2010-05-01").with("/visitor/relationship", "parent").json());
  EXPECT_EQ(decision.outcome, Outcome::two_visits);
  EXPECT_THAT(codes(decision), Contains("legal_representative.not_applicable"));
  EXPECT_THAT(codes(decision), Contains("proxy.reply_form_missing"));
}

TEST(LegalRepresentative, DC42_DC43_DC44_a_ward_is_proven_by_an_original_of_three_months) {
  City city;
  EXPECT_EQ(city.decide(ward("2025-12-01").json()).outcome, Outcome::complete_today);
  const auto old = city.decide(ward("2025-11-01").json());
  EXPECT_EQ(old.outcome, Outcome::not_today);
  EXPECT_THAT(codes(old), Contains("legal_representative.proof_too_old"));
  EXPECT_THAT(missing(old), ElementsAre("guardianship_registration"));
  const auto copy = city.decide(ward("2026-02-01", false).json());
  EXPECT_THAT(codes(copy), Contains("legal_representative.proof_not_original"));
  EXPECT_THAT(codes(copy), Not(Contains("legal_representative.proof_too_old")));
  EXPECT_THAT(missing(copy), ElementsAre("guardianship_registration"));
}

TEST(LegalRepresentative, R14_three_months_last_through_the_corresponding_day_or_the_end_of_the_month) {
  City city;
  const auto fresh = [&](std::string_view issued, std::string_view at) {
    return missing(city.decide(ward(issued).at(at).json())).empty();
  };
  EXPECT_TRUE(fresh("2025-11-12", "2026-02-12 10:00"));
  EXPECT_FALSE(fresh("2025-11-11", "2026-02-12 10:00"));
  EXPECT_TRUE(fresh("2025-11-30", "2026-02-28 10:00"));
  EXPECT_FALSE(fresh("2025-11-30", "2026-03-02 10:00"));
  EXPECT_FALSE(fresh("2026-02-13", "2026-02-12 10:00")) << "issued tomorrow";
}

TEST(LegalRepresentative, the_better_of_two_papers_counts) {
  City city;
  const auto both =
      ward("2025-06-01", false)
          .with_document(
              {{"type", "guardianship_registration"}, {"of", "holder"}, {"issued_on", "2026-02-01"}});
  EXPECT_EQ(city.decide(both.json()).outcome, Outcome::complete_today);
}

TEST(LegalRepresentative, DC45_a_ward_alone) {
  City city;
  const auto decision = city.decide(Facts().with("/holder/adult_ward", true).json());
  EXPECT_EQ(decision.outcome, Outcome::not_today);
  EXPECT_THAT(codes(decision), Contains("legal_representative.required"));
}

TEST(LegalRepresentative, DC46_without_photo_identification_all_gaps_are_told_at_once) {
  City city;
  const auto facts = representative(child).with("/documents", boost::json::array());
  EXPECT_THAT(missing(city.decide(facts.json())), ElementsAre("family_register", "photo_identity_document"));
}

TEST(LegalRepresentative, other_cities_ask_for_more) {
  City city(policy_text({{"document: family_register", "document: family_register\n      max_age_months: 3"},
                         {"waived_for: [same_household_parent, domicile_in_city]", "original: true"}}));
  const auto mother =
      representative(child).with("/visitor/relationship", "parent").with("/visitor/same_household", true);
  EXPECT_THAT(missing(city.decide(mother.json())), ElementsAre("family_register"));
  const auto old =
      mother.with_document({{"type", "family_register"}, {"issued_on", "2025-10-01"}, {"original", false}});
  const auto found = codes(city.decide(old.json()));
  EXPECT_THAT(found, Contains("legal_representative.proof_too_old"));
  EXPECT_THAT(found, Contains("legal_representative.proof_not_original"));
}

TEST(LegalRepresentative, complains_about_its_section_with_the_place) {
  const auto text =
      policy_text({{"document: family_register", "document: family_registre"},
                   {"waived_for: [same_household_parent, domicile_in_city]", "waived_for: [neighbour]"},
                   {"max_age_months: 3", "max_age_months: 0"},
                   {"      original: true", "      originall: true"}});
  const auto line = [&](std::string_view words) {
    return std::to_string(
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(words)), '\n'));
  };
  const std::string key = ": plugins.legal-representative.";
  EXPECT_THAT(City::complaints(text),
              testing::UnorderedElementsAre(
                  line("family_registre") + key +
                      "child.document: no document type \"family_registre\" in this policy",
                  line("neighbour") + key +
                      "child.waived_for[0]: expected one of same_household_parent, same_household, parent, "
                      "domicile_in_city, found "
                      "\"neighbour\"",
                  line("max_age_months: 0") + key +
                      "adult_ward.max_age_months: expected a whole number from 1 to 120, found 0",
                  line("originall") + key + "adult_ward.originall: unknown key; did you mean \"original\"?"));
}

TEST(LegalRepresentative, of_a_minor_who_may_come_alone_proves_it_as_for_a_child) {
  const auto parent = representative("2010-05-01")
                          .with("/certificates/signature",
                                boost::json::object{{"state", "valid"}, {"expires_on", "2026-04-10"}});
  City plain;
  EXPECT_EQ(plain.decide(parent.json()).outcome, policy::Outcome::two_visits) << "a proxy without a form";
  City city(
      policy_text({{"age_of_capacity: 15", "age_of_capacity: 15\nrepresentation: {minors_below: 18}"}}));
  const auto decision = city.decide(parent.json());
  EXPECT_THAT(missing(decision), testing::ElementsAre("family_register"));
  EXPECT_EQ(decision.finding("legal_representative.not_applicable"), nullptr);
  EXPECT_EQ(city.decide(parent.with_document({{"type", "family_register"}}).json()).outcome,
            policy::Outcome::complete_today);
  EXPECT_EQ(city.decide(Facts().with("/holder/birth_date", "2010-05-01").json()).outcome,
            policy::Outcome::complete_today)
      << "alone";
}

TEST(LegalRepresentative, a_curator_with_the_listed_powers_proves_it_as_for_a_ward) {
  City city(policy_text({{"age_of_capacity: 15",
                          "age_of_capacity: 15\nrepresentation: {limited_guardian_with: delegated_acts}"},
                         {"holder_identity_when:", "own_types: [delegated_acts]\n  holder_identity_when:"}}));
  const auto curator = Facts()
                           .with("/visitor/role", "legal_representative")
                           .with("/visitor/relationship", "guardian")
                           .with_document({{"type", "drivers_licence"}});
  EXPECT_EQ(city.decide(curator.json()).outcome, policy::Outcome::two_visits) << "without the list a proxy";
  const auto listed = curator.with_document({{"type", "delegated_acts"}});
  EXPECT_THAT(missing(city.decide(listed.json())), testing::ElementsAre("guardianship_registration"));
  EXPECT_EQ(
      city.decide(listed.with_document({{"type", "guardianship_registration"}, {"issued_on", "2026-01-10"}})
                      .json())
          .outcome,
      policy::Outcome::complete_today);
}

TEST(LegalRepresentative, another_document_may_serve_instead) {
  City city(policy_text(
      {{"document: family_register", "document: family_register\n      instead: [resident_record]"},
       {"holder_identity_when:", "own_types: [resident_record]\n  holder_identity_when:"}}));
  const auto parent = representative("2015-06-01");
  EXPECT_THAT(missing(city.decide(parent.json())), testing::ElementsAre("family_register"));
  EXPECT_EQ(city.decide(parent.with_document({{"type", "resident_record"}}).json()).outcome,
            policy::Outcome::complete_today);
}

TEST(LegalRepresentative, what_serves_instead_may_have_conditions_of_its_own) {
  const std::string section =
      "document: guardianship_registration\n      instead:\n"
      "        - {document: court_decision, max_age_months: 6}\n";
  const Change own{"holder_identity_when:", "own_types: [court_decision]\n  holder_identity_when:"};
  City city(policy_text({{"document: guardianship_registration\n", section}, own}));
  const auto ward = representative("1980-04-10").with("/holder/adult_ward", true);
  const auto with_decision = [&](const char* issued, bool original) {
    return city.decide(
        ward.with_document({{"type", "court_decision"}, {"issued_on", issued}, {"original", original}})
            .json());
  };
  EXPECT_EQ(with_decision("2025-09-01", false).outcome, policy::Outcome::complete_today)
      << "six months, and a copy serves";
  const auto old = with_decision("2025-08-01", true);
  EXPECT_EQ(old.finding("legal_representative.proof_too_old")->params.at("months"), 6);
  EXPECT_EQ(old.finding("legal_representative.proof_too_old")->rule.key,
            "plugins.legal-representative.adult_ward.instead[0].max_age_months");
  EXPECT_THAT(missing(city.decide(ward.json())), testing::ElementsAre("guardianship_registration"));
  const auto complaints = City::complaints(
      policy_text({{"document: guardianship_registration\n",
                    "document: guardianship_registration\n      instead: [court_decision, {document: "
                    "court_decision}, {max_age_months: 0}]\n"},
                   own}));
  EXPECT_THAT(complaints, testing::ElementsAre(
                              testing::HasSubstr("instead[1]: \"court_decision\" stands here a second time"),
                              testing::HasSubstr("instead[2]: missing: document"),
                              testing::HasSubstr("instead[2].max_age_months: expected a whole number")));
}

TEST(LegalRepresentative, one_household_or_being_a_parent_may_be_enough) {
  const auto outcome = [](const char* waiver, bool household, const char* relationship) {
    City city(policy_text({{"waived_for: [same_household_parent, domicile_in_city]",
                            std::string("waived_for: [") + waiver + "]"}}));
    return city
        .decide(representative("2015-06-01")
                    .with("/visitor/same_household", household)
                    .with("/visitor/relationship", relationship)
                    .json())
        .outcome;
  };
  using policy::Outcome;
  EXPECT_EQ(outcome("same_household", true, "guardian"), Outcome::complete_today);
  EXPECT_EQ(outcome("same_household", false, "parent"), Outcome::not_today);
  EXPECT_EQ(outcome("parent", false, "parent"), Outcome::complete_today);
  EXPECT_EQ(outcome("parent", true, "guardian"), Outcome::not_today);
}

TEST(LegalRepresentative, a_city_may_ask_for_the_paper_for_some_purposes_only) {
  City city(policy_text({{"      document: family_register\n",
                          "      document: family_register\n      purposes: [renewal]\n"}}));
  const auto facts = representative("2015-06-01").with("/visitor/relationship", "other");
  EXPECT_THAT(missing(city.decide(facts.json())), testing::Contains("family_register"));
  const auto reset = city.decide(facts.with("/purpose", "pin_reset").json());
  EXPECT_THAT(missing(reset), testing::Not(testing::Contains("family_register")));
  EXPECT_FALSE(codes(reset).contains("legal_representative.required"));
}

TEST(LegalRepresentative, empty_lists_that_would_silence_it_are_refused) {
  const auto complaints = City::complaints(
      policy_text({{"      document: family_register", "      instead: []\n      document: family_register"},
                   {"  legal-representative:\n", "  legal-representative:\n    purposes: []\n"}}));
  for (const auto* place : {"legal-representative.purposes: ", "legal-representative.child.instead: "}) {
    EXPECT_THAT(complaints, testing::Contains(testing::HasSubstr(place)));
  }
}

}  // namespace
}  // namespace madoguchi::plugins
