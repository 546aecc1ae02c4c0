// What plugins say in a city's own words, and documents by the names that a city gives them.
#include "city.hpp"

namespace madoguchi::plugins {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string with_texts(const std::string& texts) {
  return policy_text({{"plugins:\n", "texts:\n" + texts + "plugins:\n"}});
}

TEST(CityWords, a_plugins_finding_is_said_in_them_with_its_parameters) {
  City city(
      with_texts("  proxy.pin_mismatch: {ja: \"{pins}が違います。\", en: \"Wrong: {pins}.\"}\n"
                 "  legal_representative.proof_too_old: {ja: \"{document}は{months}か月以内\", "
                 "en: \"{document} of {months} months\"}\n"));
  const auto mismatch = city.decide(proxy().with("/pins/authentication", "mismatched").json());
  ASSERT_NE(mismatch.finding("proxy.pin_mismatch"), nullptr);
  EXPECT_EQ(mismatch.finding("proxy.pin_mismatch")->message,
            (policy::Text{"利用者証明用電子証明書の暗証番号が違います。",
                          "Wrong: PIN of the user authentication certificate."}));
  const auto old =
      city.decide(representative("1980-04-10")
                      .with("/holder/adult_ward", true)
                      .with_document({{"type", "guardianship_registration"}, {"issued_on", "2025-11-01"}})
                      .json());
  ASSERT_NE(old.finding("legal_representative.proof_too_old"), nullptr);
  EXPECT_EQ(old.finding("legal_representative.proof_too_old")->message.ja, "登記事項証明書は3か月以内");
}

TEST(CityWords, that_no_plugin_says_or_with_a_parameter_that_it_does_not_have_are_complained_about) {
  EXPECT_THAT(
      City::complaints(with_texts("  proxy.reply_form_lost: {ja: a, en: b}\n"
                                  "  proxy.pin_mismatch: {ja: \"{pin}\", en: \"{pins}\"}\n"
                                  "  legal_representative.required: {ja: a, en: \"{whom}\"}\n")),
      testing::UnorderedElementsAre(
          HasSubstr("texts.proxy.reply_form_lost: no plugin that is configured says this"),
          HasSubstr("texts.proxy.pin_mismatch.ja: {pin} is unknown here; known: {pins}"),
          HasSubstr(
              "texts.legal_representative.required.en: {whom} is unknown here; known: {who}, {proof}")));
}

TEST(CityWords, a_document_of_the_citys_own_has_a_name) {
  City city(policy_text(
      {{"document: family_register", "document: court_decision"},
       {"holder_identity_when:",
        "own_types: [{type: court_decision, name: {ja: 審判書の謄本, en: the court's decision}}]\n"
        "  holder_identity_when:"}}));
  const auto decision = city.decide(representative("2015-06-01").json());
  EXPECT_THAT(decision.missing, ElementsAre("court_decision"));
  EXPECT_THAT(decision.finding("legal_representative.proof_missing")->message.ja,
              HasSubstr("審判書の謄本が必要"));
  EXPECT_THAT(decision.finding("documents.missing")->message.en, HasSubstr("the court's decision"));
}

}  // namespace
}  // namespace madoguchi::plugins
