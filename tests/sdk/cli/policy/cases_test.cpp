// `policy test`: what a case compares, how broken ones fail, formats, coverage.
#include "fixture.hpp"

namespace madoguchi::policy_tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(Tools, TestComparesAndNamesTheDifferenceAndTheRule) {
  write("tests/good.yaml",
        one_case("renewed", "{outcome: complete_today, findings: [notice.expected], missing: []}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0);
  EXPECT_EQ(said(), "1 cases, 0 failed\n");
  write("tests/bad.yaml",
        one_case("wrong",
                 "{outcome: not_today, opens_on: 2026-01-11, no_findings: [notice.expected],\n"
                 "    certificates: {signature: {action: issue_new}}, pins_required: [signature]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(
      said(),
      AllOf(HasSubstr("bad.yaml:1: FAILED: wrong\n  outcome: expected not_today, found complete_today\n"
                      "  opens_on: expected 2026-01-11, found nothing\n"
                      "  no_findings: expected no notice.expected, found [notice.expected]\n"
                      "  certificates.signature.action: expected issue_new, found renew\n"
                      "  pins_required: expected [signature], found [authentication, resident_register, "
                      "signature]\n"),
            Not(HasSubstr("decided by")),  // nothing stood against it
            HasSubstr("2 cases, 1 failed\n")));
}

TEST_F(Tools, TestKnowsNoMisspeltCode) {
  write("tests/a.yaml", one_case("typo", "{findings: [notice.expected], no_findings: [window.to_early]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("no_findings: no rule says window.to_early; did you mean window.too_early?"));
}

TEST_F(Tools, TestTakesNoOtherPluginsCodeForAMisspeltOne) {
  write(
      "tests/a.yaml",
      one_case(
          "none of those",
          "{no_findings: [legal_representative.required, legal_representative.not_applicable,\n"
          "    legal_representative.proof_missing, legal_representative.proof_too_old,\n"
          "    legal_representative.proof_not_original, proxy.reply_form_missing, proxy.reply_form_expired,\n"
          "    proxy.reply_form_not_sealed, proxy.pin_mismatch, proxy.pin_reset_needs_inquiry, a.b]}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str();
}

TEST_F(Tools, TestFormatsForMachines) {
  write("tests/a.yaml",
        one_case("good", "{outcome: complete_today}") + one_case("b<a>d & \"so\"", "{outcome: two_visits}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 1);
  const auto document = said_json();
  EXPECT_EQ(document.at("cases"), 2);
  EXPECT_EQ(document.at("failed"), 1);
  EXPECT_EQ(document.at("results").at(1).at("differences").at(0),
            "outcome: expected two_visits, found complete_today");
  EXPECT_THAT(json::serialize(document.at("never_said")), HasSubstr("window.too_early"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 1);
  EXPECT_THAT(
      said(),
      AllOf(HasSubstr("<testsuite name=\"policy\" tests=\"2\" failures=\"1\">"),
            HasSubstr("name=\"b&lt;a&gt;d &amp; &quot;so&quot;\"><failure message=\"outcome: expected")));
}

TEST_F(Tools, TestCoverageNamesTheFindingsThatNoCaseBroughtAbout) {
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, true}), 0);
  EXPECT_THAT(said(),
              AllOf(HasSubstr("never said: office.closed\n"), Not(HasSubstr("never said: notice.expected"))));
}

TEST_F(Tools, TestCoverageNamesTheRulesThatNoCaseAsked) {
  auto text = read("policy.yaml");
  replace(text, "offices:\n",
          "offices:\n  - id: branch\n    name: {ja: 支所, en: Branch}\n    hours: {mon: [\"09:00-12:00\"]}\n"
          "    seasons:\n      - {when: {from: 03-01, to: 03-31}, hours: {sat: [\"09:00-12:00\"]}}\n"
          "    reservations:\n      - {need: required, days: [mon], how: {ja: 要予約, en: Book.}}\n");
  write("policy.yaml", text);
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, true}), 0) << out_.str() << err_.str();
  EXPECT_THAT(said(), AllOf(HasSubstr("never asked: offices[0] ("), HasSubstr("policy.yaml:"),
                            HasSubstr("never asked: offices[0].seasons[0] ("),
                            HasSubstr("never asked: offices[0].reservations[0] ("),
                            HasSubstr("never asked: documents.photo_identity[0] ("),
                            Not(HasSubstr("never asked: offices[1] "))));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 0);
  auto rules = said_json().at("never_asked").as_array();
  const auto branch = std::find_if(rules.begin(), rules.end(),
                                   [](const json::value& rule) { return rule.at("rule") == "offices[0]"; });
  ASSERT_NE(branch, rules.end());
  EXPECT_GT(branch->at("line").as_int64(), 0);
  const auto before = rules.size();
  auto facts = std::string(facts_);
  facts.replace(facts.find("\"main\""), 6, "\"branch\"");
  facts.replace(facts.find("02-12"), 5, "03-02");
  write("tests/b.yaml", "- name: branch\n  facts: " + facts + "\n  expect: {outcome: complete_today}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, true}), 0) << out_.str();
  EXPECT_EQ(said_json().at("never_asked").as_array().size(), before - 3) << "office, season, reservation";
}

TEST_F(Tools, ACaseMayChangeThePolicyForItself) {
  write(
      "tests/a.yaml",
      one_case("fee", "{fee_yen: 200}", "  policy: {fees: {renewal_yen: 200}}\n") +
          one_case("none", "{fee_yen: 0}") +
          one_case(
              "an office by its id", "{outcome: not_today, next_opening: \"2026-02-13T00:00:00Z\"}",
              "  policy: {offices: [{id: main, hours: {thu: [], fri: [\"09:00-10:00\"], mon-wed: []}}]}\n"));
  auto text = read("policy.yaml");
  replace(text, "hours: {mon-fri: [\"08:30-17:15\"]}", "hours: {}");
  write("policy.yaml", text);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  write("tests/a.yaml", one_case("fee", "{fee_yen: 200}", "  policy: {fees: {renewal_yen: much}}\n"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(),
              HasSubstr("policy: fees.renewal_yen: expected an integer from 0 to 100000, found \"much\""));
}

TEST_F(Tools, TestFilesAreReadStrictly) {
  write("tests/a.yaml",
        "- name: a\n  facts: {office: main}\n  expect: {outcom: not_today}\n  colour: red\n- name: a\n  "
        "facts: {}\n"
        "  expect: {}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), AllOf(HasSubstr("a.yaml:1: FAILED: a\n"),
                            HasSubstr("a.yaml:3:12: [0].expect.outcom: unknown key"),
                            HasSubstr("a.yaml:4:3: [0].colour: unknown key"), HasSubstr("expects nothing"),
                            HasSubstr("2 cases, 2 failed\n")));
  write("tests/a.yaml", one_case("facts", "{outcome: not_today}").replace(12, 0, ""));
  auto text = read("tests/a.yaml");
  replace(text, "\"main\"", "\"nowhere\"");
  write("tests/a.yaml", text);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("facts: /office: expected one of main"));
  EXPECT_EQ(test(setting_, {{path("begun.yaml")}, {}, Format::text, false}), 1);
  EXPECT_THAT(said(), HasSubstr("expected a list of cases"));
}

TEST_F(Tools, ABrokenCaseOrFileFailsBesideTheSoundOnes) {
  write("tests/a.yaml",
        one_case("good", "{outcome: complete_today}") +
            "- name: typo\n  facts: {office: main}\n  expect: {outcom: not_today}\n- no case\n" +
            one_case("good too", "{outcome: complete_today}"));
  write("tests/b.yaml", one_case("good", "{outcome: complete_today}") + "- name: [\n");
  write("tests/c.yaml", "");
  fs::create_directory(folder_ / "tests/d.yaml");
  EXPECT_EQ(test(setting_, {{policy(), path("e.yaml")}, {}, Format::text, false}), 1);
  EXPECT_THAT(complained(), IsEmpty());
  EXPECT_THAT(said(), AllOf(HasSubstr("a.yaml:7: FAILED: typo\n"), HasSubstr("a.yaml:10: FAILED: case 3\n"),
                            HasSubstr("[2]: expected a mapping"), HasSubstr("b.yaml:"), HasSubstr("not YAML"),
                            HasSubstr("c.yaml:1: FAILED: the cases of this file\n"),
                            HasSubstr("d.yaml:1:1: cannot be opened"),
                            HasSubstr("e.yaml:1:1: cannot be opened"), HasSubstr("8 cases, 6 failed\n")));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::json, false}), 1);
  const auto document = said_json();
  EXPECT_EQ(document.at("failed"), 5);
  EXPECT_EQ(document.at("results").at(1).at("line"), 7);
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 1);
  EXPECT_THAT(said(), AllOf(HasSubstr("tests=\"7\" failures=\"5\""), HasSubstr("unknown key")));
}

TEST_F(Tools, WithoutAValidPolicyNoReportLooksAsIfNothingHadFailed) {
  write("policy.yaml", "no\n");
  write("tests/a.yaml", one_case("good", "{outcome: complete_today}"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::junit, false}), 2);
  EXPECT_THAT(said(), HasSubstr("tests=\"1\" failures=\"1\""));
}

TEST_F(Tools, TheVersionInForceOnTheDayDecides) {
  auto text = read("policy.yaml");
  replace(text, "# effective_from: 2026-04-01\n", "effective_from: 2026-03-01\n");
  replace(text, "version: \"1\"", "version: \"2\"");
  replace(text, "renewal_yen: 0", "renewal_yen: 500");
  write("policy-2.yaml", text);
  write("tests/a.yaml", one_case("before", "{fee_yen: 0, policy: {version: \"1\"}}") +
                            std::string("- name: after\n  facts: ") +
                            std::string(facts_).replace(std::string(facts_).find("02-12"), 5, "03-02") +
                            "\n  expect: {fee_yen: 500, policy: {version: \"2\"}}\n");
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  write("policy-3.yaml", text);
  EXPECT_EQ(check(setting_, {policy()}, Format::text), 1);
  EXPECT_THAT(complained(), HasSubstr("begins on the same day as"));
}

TEST_F(Tools, TheNextOpeningIsByTheVersionInForceThen) {
  auto text = read("policy.yaml");
  replace(text, "# effective_from: 2026-04-01\n", "effective_from: 2026-02-13\n");
  replace(text, "version: \"1\"", "version: \"2\"");
  replace(text, "[\"08:30-17:15\"]", "[\"09:00-17:15\"]");
  write("policy-2.yaml", text);
  auto facts = std::string(facts_);
  facts.replace(facts.find("T10:00"), 6, "T18:00");
  const auto one = [&](const std::string& opening, const std::string& more) {
    return "- name: the evening before\n  facts: " + facts + "\n" + more +
           "  expect: {next_opening: \"2026-02-13T" + opening + ":00+09:00\"}\n";
  };
  write("tests/a.yaml",
        one("09:00", "") +
            one("09:00", "  policy: {offices: [{id: main, hours: {mon-fri: [\"08:00-17:00\"]}}]}\n"));
  EXPECT_EQ(test(setting_, {{policy()}, {}, Format::text, false}), 0) << out_.str() << err_.str();
  said();
  EXPECT_EQ(explain(setting_, policy(), facts, Format::json), 0) << err_.str();
  const auto decision = json::serialize(said_json().at("decision"));
  EXPECT_THAT(decision, HasSubstr("\"next_opening\":\"2026-02-13T09:00:00+09:00\""));
  std::erase(facts, '\n');
  write("cases.jsonl", "{\"facts\": " + facts + ", \"decision\": " + decision + "}\n");
  EXPECT_EQ(replay(setting_, policy(), path("cases.jsonl"), Format::text), 0) << out_.str();
}

}  // namespace
}  // namespace madoguchi::policy_tools
